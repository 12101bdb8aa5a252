//! What events tell of a task.

use serde_json::{Value, json};

use crate::task::Task;

pub(super) fn task_facts(task: &Task) -> Value {
    let mut facts = json!({ "name": task.name, "feature_id": task.feature, "attempt": task.attempt });
    if let Some(lease) = &task.lease {
        facts["agent_id"] = json!(lease.agent);
    }
    if let Some(reason) = &task.blocked_reason {
        facts["reason"] = json!(reason);
    }
    if let Some(question) = &task.question {
        facts["question"] = json!(question.text);
    }
    facts
}
