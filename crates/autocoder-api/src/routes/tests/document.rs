//! The document fits together, and says what requests may hold.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Everything that `$ref` names below a value.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str);
            found.extend(name.map(|name| name.replace("#/components/schemas/", "")));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_its_own_name() {
    let document = serde_json::to_value(crate::openapi::document()).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    let known: BTreeSet<String> = document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(found.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
    let paths = document["paths"].as_object().unwrap().values();
    let ids: Vec<&str> = paths
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|one| one["operationId"].as_str())
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
}

#[test]
fn requests_say_what_text_they_take() {
    let document = serde_json::to_value(crate::openapi::document()).unwrap();
    let task = &document["components"]["schemas"]["CreateTask"]["properties"];
    for (field, part) in [("name", "[^\\s"), ("description", "\\u000B"), ("category", "[^\\s")] {
        assert!(task[field]["pattern"].as_str().unwrap().contains(part), "{field}: {}", task[field]);
    }
    assert_eq!(task["steps"]["items"]["maxLength"], json!(2_000));
    let id = &document["paths"]["/api/projects/{name}/tasks/{id}"]["get"]["parameters"][1];
    assert_eq!((&id["name"], &id["schema"]["minimum"]), (&json!("id"), &json!(1)));
}
