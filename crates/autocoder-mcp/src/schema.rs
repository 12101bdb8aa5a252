//! The schema of a tool's arguments, without what no agent needs: every byte is paid for in each agent's context.

use rmcp::model::JsonObject;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The schema of `T`, in one piece.
pub(crate) fn schema_of<T: JsonSchema>() -> JsonObject {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.meta_schema = None;
        settings.inline_subschemas = true;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    strip(&mut schema);
    let mut object = match schema {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    };
    object.remove("description");
    object
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for noise in ["title", "format", "default"] {
                if object.get(noise).is_some_and(|found| !found.is_object()) {
                    object.remove(noise);
                }
            }
            if let Some(one) = object.get_mut("type").and_then(without_null) {
                object.insert("type".to_owned(), one);
            }
            object.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The only other type beside `null`: leaving an argument out says the same.
fn without_null(types: &mut Value) -> Option<Value> {
    let types = types.as_array_mut()?;
    types.retain(|kind| kind != "null");
    if types.len() == 1 { types.pop() } else { None }
}
