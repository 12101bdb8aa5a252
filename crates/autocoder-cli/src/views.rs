//! Shapes that `--json` prints beside those of the core.

use autocoder_core::view::Page;
use serde::Serialize;
use serde_json::{Value, json};

/// A list that is complete.
pub(crate) const fn whole<T>(items: Vec<T>) -> Page<T> {
    Page { items, next_cursor: None }
}

/// The answer to a deletion.
pub(crate) fn deleted(noun: &str, id: impl Serialize, tasks: usize) -> Value {
    json!({ "deleted": noun, "id": id, "tasks": tasks })
}
