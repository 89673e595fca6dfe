//! The description of the API is looked at before it changes: `KITAAB_UPDATE_GOLDEN=1` writes it anew.

use std::path::Path;

#[test]
fn the_description_is_the_golden_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = kitaab_http::openapi::document();
    if std::env::var_os("KITAAB_UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = golden.lines().zip(made.lines()).position(|(a, b)| a != b);
    assert!(golden == made, "openapi.json differs from line {differs:?} on; KITAAB_UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn every_operation_says_what_it_can_answer() {
    let document: serde_json::Value = serde_json::from_str(&kitaab_http::openapi::document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            let done = |status: &String| status.starts_with('2') || (path == "/ws" && status == "101");
            assert!(responses.keys().any(done), "{method} {path}");
            assert!(responses.contains_key("429") && responses.contains_key("503"), "{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path}");
            assert_eq!(path.contains('{'), responses.contains_key("404") && path.contains('{'), "{method} {path}");
        }
    }
}

#[test]
fn every_schema_that_is_named_is_there() {
    let made = kitaab_http::openapi::document();
    let document: serde_json::Value = serde_json::from_str(&made).unwrap();
    for named in made.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document["components"]["schemas"][named].is_object(), "{named}");
    }
}

#[test]
fn inputs_take_no_unknown_fields_and_answers_always_have_theirs() {
    let document: serde_json::Value = serde_json::from_str(&kitaab_http::openapi::document()).unwrap();
    let schemas = &document["components"]["schemas"];
    for input in [
        "SignUp",
        "NewClient",
        "UpdateClient",
        "NewInvitation",
        "UpdateProject",
        "Accept",
        "Share",
        "NewChannel",
        "NewMessage",
        "EditMessage",
        "MarkRead",
    ] {
        assert_eq!(schemas[input]["additionalProperties"], false, "{input}");
    }
    assert_eq!(schemas["NewClient"]["required"], serde_json::json!(["name", "email"]));
    for field in ["company", "notes", "user_id", "version"] {
        assert!(schemas["ClientForStaff"]["required"].as_array().unwrap().contains(&field.into()), "{field}");
    }
}
