//! What text the fields of a request take, said as patterns: the same rules that the core checks.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Components, Object, Schema, SchemaType, Type};

/// No control characters.
const LINE: &str = r"[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*";
/// No control characters but tab, line feed and carriage return.
const TEXT: &str = r"[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*";
/// The same, not blank.
const SAID: &str = concat!(
    r"[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*",
    r"[^\s\u0000-\u001F\u007F-\u009F]",
    r"[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*",
);
/// The longest step of a task, in characters.
const STEP_CHARS: usize = autocoder_core::limits::STEP_CHARS;

/// Gives every text of a request its pattern. Requests are the schemas that refuse unknown fields.
pub(super) fn state(components: &mut Components) {
    for schema in components.schemas.values_mut() {
        let RefOr::T(Schema::Object(request)) = schema else { continue };
        if !matches!(request.additional_properties.as_deref(), Some(AdditionalProperties::FreeForm(false))) {
            continue;
        }
        for (name, property) in &mut request.properties {
            match (name.as_str(), property) {
                (_, RefOr::T(Schema::Object(text))) => field(text),
                ("command", RefOr::T(Schema::Array(list))) => {
                    if let ArrayItems::RefOrSchema(item) = &mut list.items
                        && let RefOr::T(Schema::Object(text)) = &mut **item
                    {
                        // An argument may be empty and have several lines.
                        text.pattern = Some("^[^\\u0000]*$".to_owned());
                    }
                }
                ("steps" | "verify", RefOr::T(Schema::Array(list))) => {
                    if let ArrayItems::RefOrSchema(item) = &mut list.items
                        && let RefOr::T(Schema::Object(text)) = &mut **item
                    {
                        text.min_length = Some(1);
                        text.max_length = Some(STEP_CHARS).filter(|_| name == "steps");
                        field(text);
                    }
                }
                _ => {}
            }
        }
    }
}

/// A text of a query has no control characters.
pub(super) fn parameter(text: &mut Object) {
    let free = text.pattern.is_none() && text.format.is_none() && text.enum_values.is_none();
    if free && text.schema_type == SchemaType::Type(Type::String) {
        text.pattern = Some(r"^[^\u0000-\u001F\u007F-\u009F]*$".to_owned());
    }
}

fn field(text: &mut Object) {
    let free = text.pattern.is_none() && text.format.is_none() && text.enum_values.is_none();
    if !free || text.schema_type != SchemaType::Type(Type::String) {
        return;
    }
    let must_speak = text.min_length.is_some_and(|least| least > 0);
    text.pattern = Some(match (text.max_length.is_some(), must_speak) {
        (true, true) => format!("^{LINE}$"),
        (true, false) => format!("^(?:{LINE})?$"),
        (false, true) => format!("^{SAID}$"),
        (false, false) => format!("^{TEXT}$"),
    });
}
