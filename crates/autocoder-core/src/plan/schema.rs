//! The JSON Schema of plan files, for editors that check while a person types.

use serde_json::{Value, json};

use super::document::{DEFAULT_CATEGORY, DEFAULT_COMPLEXITY, DEFAULT_PRIORITY};
use super::limits::{
    CATEGORY_CHARS, COMPLEXITY, DEPENDENCIES, KEY_PATTERN, NAME_CHARS, PRIORITY, PROJECT_NAME_PATTERN, SPEC_BYTES,
    STEP_CHARS, STEPS, TEXT_BYTES, VERSION,
};

/// The format of plan files as JSON Schema 2020-12.
///
/// JSON Schema counts characters, the reader bytes: near the limits of descriptions and specs the reader is stricter.
/// Unique keys, known dependencies and cycles are checked by [`super::parse`] only.
pub fn json_schema() -> Value {
    let mut plan = object(
        "A plan: a project, its phases, their features and tasks.",
        &["version", "project", "phases"],
        json!({
            "version": { "const": VERSION, "description": "The version of the format." },
            "project": { "anyOf": [{ "$ref": "#/$defs/project" }, { "type": "null" }] },
            "phases": {
                "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/phase" },
                "description": "Milestones in the order in which they run; each ends at an approval gate.",
            },
        }),
    );
    plan["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    plan["title"] = json!("Autocoder plan");
    plan["$defs"] = json!({ "project": project(), "phase": phase(), "feature": feature(), "task": task() });
    plan
}

fn project() -> Value {
    object(
        "The project of the plan.",
        &[],
        json!({
            "name": {
                "type": ["string", "null"], "pattern": PROJECT_NAME_PATTERN,
                "description": "The unique name; without it the name is chosen at import.",
            },
            "title": optional(text("The name for people.", 1, NAME_CHARS)),
            "description": optional(text("What is built, in a paragraph.", 0, TEXT_BYTES)),
            "spec": optional(text("The spec of the whole project, in Markdown.", 0, SPEC_BYTES)),
        }),
    )
}

fn phase() -> Value {
    object(
        "A milestone.",
        &["name"],
        json!({
            "key": key("Names the phase inside the plan; without it its name does."),
            "name": text("The name for people.", 1, NAME_CHARS),
            "description": optional(text("What is reached at its end.", 0, TEXT_BYTES)),
            "features": list("Larger work items.", json!({ "$ref": "#/$defs/feature" })),
        }),
    )
}

fn feature() -> Value {
    object(
        "A larger work item; without tasks its spec and tasks are written later.",
        &["name"],
        json!({
            "key": key("Names the feature inside its phase; without it its name does."),
            "name": text("The name for people.", 1, NAME_CHARS),
            "priority": priority(),
            "description": optional(text("What it is for.", 0, TEXT_BYTES)),
            "spec": optional(text("The spec, in Markdown.", 0, SPEC_BYTES)),
            "tasks": list("The tasks of the feature.", json!({ "$ref": "#/$defs/task" })),
        }),
    )
}

fn task() -> Value {
    let mut category = optional(text("For example functional, style or security.", 1, CATEGORY_CHARS));
    category["default"] = json!(DEFAULT_CATEGORY);
    let mut steps = list("How to see that the task is done.", text("One step.", 1, STEP_CHARS));
    steps["maxItems"] = json!(STEPS);
    let reference = text("The key of a task, or the name of one without a key.", 1, NAME_CHARS);
    let mut depends_on = list("The tasks that must pass before this one starts, in no later phase.", reference);
    depends_on["maxItems"] = json!(DEPENDENCIES);
    depends_on["uniqueItems"] = json!(true);
    object(
        "The smallest item that an agent completes.",
        &["name"],
        json!({
            "key": key("Names the task; unique in the whole file. Without it the task's name does inside its feature."),
            "name": text("The name for people.", 1, NAME_CHARS),
            "category": category,
            "description": optional(text("What is wanted.", 0, TEXT_BYTES)),
            "steps": steps,
            "complexity": whole_number("From 1 (trivial) to 5 (hard).", &COMPLEXITY, i64::from(DEFAULT_COMPLEXITY)),
            "priority": priority(),
            "depends_on": depends_on,
        }),
    )
}

fn object(description: &str, required: &[&str], properties: Value) -> Value {
    json!({
        "type": "object", "description": description, "required": required,
        "additionalProperties": false, "properties": properties,
    })
}

fn list(description: &str, items: Value) -> Value {
    json!({ "type": ["array", "null"], "description": description, "items": items })
}

fn text(description: &str, least: usize, most: usize) -> Value {
    json!({ "type": "string", "description": description, "minLength": least, "maxLength": most })
}

fn optional(mut value: Value) -> Value {
    value["type"] = json!([value["type"], "null"]);
    value
}

fn key(description: &str) -> Value {
    json!({ "type": ["string", "null"], "pattern": KEY_PATTERN, "description": description })
}

fn priority() -> Value {
    whole_number("Lower numbers run first.", &PRIORITY, i64::from(DEFAULT_PRIORITY))
}

fn whole_number(description: &str, range: &std::ops::RangeInclusive<i64>, default: i64) -> Value {
    json!({
        "type": ["integer", "null"], "description": description,
        "minimum": range.start(), "maximum": range.end(), "default": default,
    })
}
