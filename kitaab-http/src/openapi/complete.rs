//! Writes out what every operation has: who may call it, and in which ways it can fail. It follows from the operation's
//! own description, so no handler repeats it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const SCHEMAS: &str = "#/components/schemas/";
const PROBLEM: &str = "#/components/schemas/Problem";

/// Puts servers, security, common answers and headers into a document.
pub(super) fn complete(document: &mut Value) {
    document["servers"] = json!([{"url": "/api/v1"}]);
    document["security"] = json!([{"bearer": []}, {"cookie": []}]);
    let versioned = versioned(&document["components"]["schemas"]);
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        let Some(item) = item.as_object_mut() else { continue };
        for (method, operation) in item {
            operate(path, method, operation, &versioned);
        }
    }
}

fn operate(path: &str, method: &str, operation: &mut Value, versioned: &BTreeSet<String>) {
    let failures = failures(path, method, operation);
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, description) in failures {
        describe(responses, status, description);
    }
    for (status, response) in responses {
        finish(status, response, versioned);
    }
}

/// Who may call an operation: everybody, those who are signed in, or both to different ends.
fn security(operation: &Value) -> (bool, bool) {
    let Some(ways) = operation.get("security").and_then(Value::as_array) else { return (false, true) };
    let is_empty = |way: &&Value| way.as_object().is_some_and(Map::is_empty);
    (ways.iter().any(|way| is_empty(&way)), ways.iter().any(|way| !is_empty(&way)))
}

fn failures(path: &str, method: &str, operation: &Value) -> Vec<(u16, &'static str)> {
    let (open, signed) = security(operation);
    let parameters = operation.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let has = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
    let named = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
    let (changes, body) = (method != "get", operation.get("requestBody").is_some());
    let table = [
        (signed, 401, if open { "What was sent to sign in is not good" } else { "Nobody is signed in" }),
        (changes && (signed || body), 403, "`cross_site`, or something the caller may see but not do"),
        (has("path"), 404, "It does not exist, or the caller may not know that it does"),
        (named("If-Match"), 412, "`stale`: somebody changed it in the meantime"),
        (body, 400, "`malformed_json`, `body_cut_off`"),
        (body, 408, "`too_slow`"),
        (body, 413, "`too_large`"),
        (body, 415, "`unsupported_media_type`"),
        (body || has("query"), 422, "`invalid`, with every bad field"),
        (true, 429, "`too_many_requests`"),
        (true, 500, "`internal`"),
        (true, 503, "`unavailable`, `busy`"),
        ((changes && !path.is_empty()) || named("format"), 507, "`unavailable`: the disk is full"),
    ];
    table.into_iter().filter(|(applies, ..)| *applies).map(|(_, status, description)| (status, description)).collect()
}

/// Adds an answer, unless the operation says more about it itself.
fn describe(responses: &mut Map<String, Value>, status: u16, description: &str) {
    let response = responses.entry(status.to_string()).or_insert_with(|| json!({"description": ""}));
    if is_unsaid(response) {
        response["description"] = description.into();
    }
}

fn is_unsaid(response: &Value) -> bool {
    response.get("description").and_then(Value::as_str).unwrap_or_default().is_empty()
}

/// What follows from a status alone.
fn finish(status: &str, response: &mut Value, versioned: &BTreeSet<String>) {
    let failed = status.starts_with(['4', '5']);
    if failed {
        response["content"] = json!({"application/problem+json": {"schema": {"$ref": PROBLEM}}});
    } else if is_unsaid(response) {
        response["description"] = match status {
            "201" => "Made",
            "202" => "Taken; it answers alike whatever comes of it",
            "204" => "Done",
            _ => "Found",
        }
        .into();
    }
    response["headers"]["X-Request-Id"] = header("What the logs know the request by", &json!({"type": "string"}));
    if ["429", "503", "507"].contains(&status) {
        response["headers"]["Retry-After"] = header("Seconds after which it may work", &json!({"type": "integer", "minimum": 1}));
    }
    if status == "401" {
        response["headers"]["WWW-Authenticate"] = header("How to sign in", &json!({"type": "string"}));
    }
    let schema = response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
    if schema.is_some_and(|schema| versioned.contains(schema)) {
        response["headers"]["ETag"] = header("The version, quoted; for `If-Match`", &json!({"type": "string", "pattern": "^\"[0-9]+\"$"}));
    }
}

fn header(description: &str, schema: &Value) -> Value {
    json!({"description": description, "schema": schema, "required": true})
}

/// The answers about a single thing that people edit together: it has a version.
fn versioned(schemas: &Value) -> BTreeSet<String> {
    let single = schemas.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with("Single_"));
    single.filter(|(_, schema)| has_version(schema, schemas)).map(|(name, _)| format!("{SCHEMAS}{name}")).collect()
}

fn has_version(schema: &Value, schemas: &Value) -> bool {
    let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|of| schema[of].as_array()).flatten();
    let named = schema["$ref"].as_str().and_then(|name| schemas.get(name.strip_prefix(SCHEMAS)?));
    schema["properties"].get("version").is_some() || parts.chain(named).any(|part| has_version(part, schemas))
}
