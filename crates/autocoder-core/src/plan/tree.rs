//! A plan as a JSON value that reads back as the same plan.

use serde_json::{Value, json};

use super::document::{PlanDocument, PlanFeature, PlanPhase, PlanTask};
use super::limits::VERSION;

/// The plan as the JSON of a plan file; what is absent or empty is left out.
#[must_use]
pub fn to_json(document: &PlanDocument) -> Value {
    let project = &document.project;
    json!({
        "version": VERSION,
        "project": fields([
            ("name", json!(project.name)),
            ("title", json!(project.title)),
            ("description", json!(project.description)),
            ("spec", json!(project.spec)),
        ]),
        "phases": document.phases.iter().map(phase).collect::<Vec<_>>(),
    })
}

fn phase(phase: &PlanPhase) -> Value {
    fields([
        ("key", json!(phase.key)),
        ("name", json!(phase.name)),
        ("description", json!(phase.description)),
        ("features", json!(phase.features.iter().map(feature).collect::<Vec<_>>())),
    ])
}

fn feature(feature: &PlanFeature) -> Value {
    fields([
        ("key", json!(feature.key)),
        ("name", json!(feature.name)),
        ("priority", json!(feature.priority)),
        ("description", json!(feature.description)),
        ("spec", json!(feature.spec)),
        ("tasks", json!(feature.tasks.iter().map(task).collect::<Vec<_>>())),
    ])
}

fn task(task: &PlanTask) -> Value {
    let depends_on: Vec<_> = task.depends_on.iter().map(|(key, _)| key).collect();
    fields([
        ("key", json!(task.key)),
        ("name", json!(task.name)),
        ("category", json!(task.category)),
        ("description", json!(task.description)),
        ("steps", json!(task.steps)),
        ("complexity", json!(task.complexity)),
        ("priority", json!(task.priority)),
        ("depends_on", json!(depends_on)),
    ])
}

/// An object without what is absent or empty.
fn fields<const N: usize>(all: [(&str, Value); N]) -> Value {
    let says_something = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    };
    all.into_iter().filter(|(_, value)| says_something(value)).map(|(name, value)| (name.to_owned(), value)).collect()
}
