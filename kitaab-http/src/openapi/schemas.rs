//! Makes the schemas say exactly what is sent and what is taken.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Fields of answers that may be missing.
const SOMETIMES: [(&str, &str); 8] = [
    ("Problem", "fields"),
    ("Problem", "existing_id"),
    ("Problem", "current_version"),
    ("Problem", "cursor"),
    ("Joined", "session"),
    ("Single", "warnings"),
    ("MessageView", "client_message_id"),
    ("MessageView", "deleted_by"),
];

/// What texts are that a caller gives under these names: no form of JSON Schema says it, so programs learn it by name.
const FORMATS: [(&str, &str); 21] = [
    ("email", "email"),
    ("password", "password"),
    ("new_password", "password"),
    ("current_password", "password"),
    ("time_zone", "time-zone"),
    ("currency", "currency"),
    ("name", "name"),
    ("display_name", "name"),
    ("workspace_name", "name"),
    ("title", "name"),
    ("company", "line"),
    ("phone", "line"),
    ("text", "text"),
    ("note", "text"),
    ("category", "line"),
    ("description", "text"),
    ("notes", "text"),
    ("internal_notes", "text"),
    ("message", "text"),
    ("q", "line"),
    ("tag", "line"),
];

/// Tightens the schemas of a document.
pub(super) fn tighten(document: &mut Value) {
    let (taken, sent) = (reachable(document, "requestBody"), reachable(document, "responses"));
    name_parameter_formats(document);
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for (name, schema) in schemas {
        if taken.contains(name) {
            name_formats(schema);
        } else if sent.contains(name) {
            always_there(name, schema);
        }
        views_overlap(schema);
        parts_may_be_missing(schema);
    }
}

/// A part whose fields stand among the others, or are all missing: beside them it is no `null`.
fn parts_may_be_missing(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for part in fields.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
                let Some([of, none]) = part["oneOf"].as_array().map(Vec::as_slice) else { continue };
                if *none == json!({"type": "null"}) {
                    *part = json!({"anyOf": [of, {"type": "object"}]});
                }
            }
            fields.values_mut().for_each(parts_may_be_missing);
        }
        Value::Array(items) => items.iter_mut().for_each(parts_may_be_missing),
        _ => {}
    }
}

/// Says of the texts of a query what they are.
fn name_parameter_formats(document: &mut Value) {
    let operations = document["paths"].as_object_mut().into_iter().flatten().filter_map(|(_, item)| item.as_object_mut());
    let parameters = operations.flatten().filter_map(|(_, operation)| operation.get_mut("parameters")?.as_array_mut()).flatten();
    for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
        if let Some((_, format)) = FORMATS.iter().find(|(name, _)| parameter["name"] == *name) {
            parameter["schema"]["format"] = json!(format);
        }
    }
}

/// The schemas that some part of an operation leads to.
fn reachable(document: &Value, part: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let operations = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    for operation in operations.filter_map(Value::as_object).flat_map(|item| item.values()) {
        collect(&operation[part], document, &mut found);
    }
    found
}

fn collect(value: &Value, document: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| found.insert((*name).to_owned())) {
                collect(&document["components"]["schemas"][name], document, found);
            }
            fields.values().for_each(|field| collect(field, document, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, document, found)),
        _ => {}
    }
}

/// Says of the texts of an input what they are.
fn name_formats(schema: &mut Value) {
    for (name, property) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let known = FORMATS.iter().find(|(field, _)| field == name);
        // What is one of a list is no free text, whatever it is called.
        let is_text = property.get("oneOf").is_none() && property.get("$ref").is_none();
        if let (Some((_, format)), Some(property)) = (known, property.as_object_mut().filter(|_| is_text)) {
            property.entry("format").or_insert_with(|| json!(format));
            // Only some of the codes that look like one are a currency.
            if *format == "currency" {
                property.remove("pattern");
            }
            if ["email", "password", "name", "currency", "time-zone"].contains(format) {
                property.entry("minLength").or_insert_with(|| json!(1));
            }
        }
    }
}

/// Every field of an answer is there, with null where there is nothing.
fn always_there(name: &str, schema: &mut Value) {
    let sometimes = |field: &str| SOMETIMES.iter().any(|(of, missing)| name.split('_').any(|part| part == *of) && field == *missing);
    let required = schema.get("properties").and_then(Value::as_object).map(|properties| {
        let always = properties.keys().filter(|field| !sometimes(field));
        json!(always.collect::<Vec<_>>())
    });
    if let Some(required) = required {
        schema["required"] = required;
    }
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        always_there(name, part);
    }
}

/// What the owner sees of a thing has all that a client sees of it, so it fits both descriptions: `oneOf` would be wrong.
fn views_overlap(schema: &mut Value) {
    let one_of = schema.get("oneOf").and_then(Value::as_array);
    if one_of.is_some_and(|of| of.iter().all(|one| one.get("$ref").is_some()))
        && let Some(object) = schema.as_object_mut()
        && let Some(of) = object.remove("oneOf")
    {
        object.insert("anyOf".into(), of);
    }
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        views_overlap(part);
    }
}
