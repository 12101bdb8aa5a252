//! Every field of a documented body, each with a smallest body that has it.

use serde_json::{Value, json};

/// A place in a body.
pub(crate) struct Field {
    /// Its JSON pointer.
    pub(crate) pointer: String,
    /// What the document says about it.
    pub(crate) schema: Value,
    /// A body with all that is required, and with this field.
    pub(crate) body: Value,
}

/// Looks things up in the document and makes values of its schemas.
pub(crate) struct Walker<'a> {
    pub(crate) document: &'a Value,
    /// What stands in a valid body for a field of this name.
    pub(crate) known: &'a [(&'static str, Value)],
}

impl Walker<'_> {
    /// The fields of a body, nested ones too.
    pub(crate) fn fields(&self, schema: &Value, example: Option<&Value>) -> Vec<Field> {
        let mut found = Vec::new();
        match example {
            Some(example) => self.walk_example(example, example, "", &mut found),
            None => self.walk(schema, &self.smallest(schema), "", &mut found),
        }
        found
    }

    /// A schema without `$ref`, and of several the first that is not null.
    pub(crate) fn resolved(&self, schema: &Value) -> Value {
        match (schema["$ref"].as_str(), schema["oneOf"].as_array()) {
            (Some(reference), _) => {
                self.resolved(self.document.pointer(&reference[1..]).expect("the document is complete"))
            }
            (_, Some(several)) if several.iter().any(|one| one["type"] == "null") => {
                self.resolved(several.iter().find(|one| one["type"] != "null").expect("something is not null"))
            }
            _ => schema.clone(),
        }
    }

    /// The smallest value that the document allows.
    pub(crate) fn smallest(&self, schema: &Value) -> Value {
        let schema = self.resolved(schema);
        for given in ["/example", "/default", "/enum/0"] {
            if let Some(given) = schema.pointer(given).filter(|given| !given.is_null()) {
                return given.clone();
            }
        }
        match kind(&schema) {
            _ if schema["oneOf"].is_array() => self.smallest(&schema["oneOf"][0]),
            "object" => {
                let required = schema["required"].as_array().cloned().unwrap_or_default();
                let names = required.iter().filter_map(Value::as_str);
                names.map(|name| (name.to_owned(), self.value(name, &schema["properties"][name]))).collect()
            }
            "array" if schema["minItems"].as_u64() > Some(0) => json!([self.smallest(&schema["items"])]),
            "array" => json!([]),
            "boolean" => json!(true),
            "integer" | "number" => json!(schema["minimum"].as_i64().unwrap_or(1).max(1)),
            _ if schema["format"] == "date-time" => json!("2099-01-01T00:00:00Z"),
            _ => json!("x"),
        }
    }

    fn value(&self, name: &str, schema: &Value) -> Value {
        let known = self.known.iter().find(|(known, _)| *known == name);
        known.map_or_else(|| self.smallest(schema), |(_, value)| value.clone())
    }

    fn walk(&self, schema: &Value, body: &Value, pointer: &str, found: &mut Vec<Field>) {
        let schema = self.resolved(schema);
        for variant in schema["oneOf"].as_array().into_iter().flatten() {
            self.walk(variant, &with(body, pointer, self.smallest(variant)), pointer, found);
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let pointer = format!("{pointer}/{name}");
            let body = with(body, &pointer, self.value(name, field));
            found.push(Field { pointer: pointer.clone(), schema: self.resolved(field), body: body.clone() });
            self.walk(field, &body, &pointer, found);
        }
        if schema["items"].is_object() {
            let body = with(body, pointer, json!([self.smallest(&schema["items"])]));
            let pointer = format!("{pointer}/0");
            let item = self.resolved(&schema["items"]);
            found.push(Field { pointer: pointer.clone(), schema: item, body: body.clone() });
            self.walk(&schema["items"], &body, &pointer, found);
        }
    }

    /// The same for a body whose fields the document leaves open.
    fn walk_example(&self, part: &Value, body: &Value, pointer: &str, found: &mut Vec<Field>) {
        let parts: Vec<_> = match part {
            Value::Object(fields) => fields.iter().map(|(name, part)| (name.clone(), part)).collect(),
            Value::Array(items) => items.iter().take(1).map(|part| ("0".to_owned(), part)).collect(),
            _ => Vec::new(),
        };
        for (name, part) in parts {
            let pointer = format!("{pointer}/{name}");
            found.push(Field { pointer: pointer.clone(), schema: json!({}), body: body.clone() });
            self.walk_example(part, body, &pointer, found);
        }
    }
}

/// The type of a schema that is not null.
pub(crate) fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(several) => several.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or(""),
        one => one.as_str().unwrap_or(""),
    }
}

/// The body with another value there.
pub(crate) fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let Some((parent, name)) = pointer.rsplit_once('/') else { return value };
    match body.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.insert(name.to_owned(), value)),
        Some(Value::Array(items)) => items[name.parse::<usize>().expect("a list has numbers")] = value,
        _ => panic!("nothing at {parent} in {body}"),
    }
    body
}

/// The body without what is there.
pub(crate) fn without(body: &Value, pointer: &str) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a field has a parent");
    match body.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(name)),
        Some(Value::Array(items)) => items.clear(),
        _ => panic!("nothing at {parent} in {body}"),
    }
    body
}

/// As a problem names a field: `tasks[0].name`.
pub(crate) fn spoken(pointer: &str) -> String {
    let parts = pointer.split('/').skip(1).map(|part| match part.parse::<usize>() {
        Ok(number) => format!("[{number}]"),
        Err(_) => format!(".{part}"),
    });
    parts.collect::<String>().trim_start_matches('.').to_owned()
}
