//! Reads a tool's arguments: unknown ones are refused by name, wrong ones with their place and the rule.

use std::borrow::Cow;

use rmcp::model::JsonObject;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::reply::ToolError;

/// How much of a wrong value is shown.
const SHOWN_CHARS: usize = 80;

/// The arguments of one call.
pub(crate) fn read<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, ToolError> {
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|error| {
        let path = error.path().to_string();
        let rule = error.into_inner().to_string().replace("there are no fields", "the tool takes no arguments");
        // Unknown and missing fields are named by the rule itself.
        let named = path == "." || rule.contains(&format!("`{path}`"));
        ToolError::new("invalid_field", if named { rule } else { format!("{path} {rule}") })
    })
}

/// A whole number inside a range.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole<const LEAST: i64, const MOST: i64>(pub(crate) i64);

/// The id of a phase, feature or task.
pub(crate) type Id = Whole<1, { i64::MAX }>;

impl<'de, const LEAST: i64, const MOST: i64> Deserialize<'de> for Whole<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match value.as_i64() {
            Some(number) if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(D::Error::custom(format!("is `{}`, must be {}", shown(&value), rule(LEAST, MOST)))),
        }
    }
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(SHOWN_CHARS).collect()
}

fn rule(least: i64, most: i64) -> String {
    if most == i64::MAX {
        format!("a whole number from {least}")
    } else {
        format!("a whole number from {least} to {most}")
    }
}

impl<const LEAST: i64, const MOST: i64> JsonSchema for Whole<LEAST, MOST> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Owned(format!("Whole{LEAST}To{MOST}"))
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        if MOST == i64::MAX {
            json_schema!({ "type": "integer" })
        } else {
            json_schema!({ "type": "integer", "minimum": LEAST, "maximum": MOST })
        }
    }
}
