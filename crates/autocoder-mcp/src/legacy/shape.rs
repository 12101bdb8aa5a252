//! A task in the shape in which the legacy tool kept it: the columns of its list.

use autocoder_core::ids::TaskId;
use autocoder_core::task::{Question, TaskStatus};
use autocoder_core::view::{TaskCard, TaskView};
use serde_json::{Value, json};

use super::numbers::Numbers;

/// A task with everything.
pub(super) fn whole(numbers: &Numbers, task: TaskView) -> Value {
    json!({
        "id": numbers.of_task(task.id),
        "priority": task.priority,
        "category": task.category,
        "name": task.name,
        "description": task.description,
        "steps": task.steps,
        "passes": task.passes,
        "in_progress": task.in_progress,
        "dependencies": dependencies(numbers, task.depends_on.iter().map(|link| link.id)),
        "needs_human_input": task.status == TaskStatus::NeedsInput,
        "human_input_request": task.question.map(request),
        "human_input_response": task.answer.map(|answer| json!({ "answer": answer })),
        "last_failure": task.blocked_reason,
    })
}

/// A task in short.
pub(super) fn summary(numbers: &Numbers, task: &TaskView) -> Value {
    json!({
        "id": numbers.of_task(task.id),
        "name": task.name,
        "passes": task.passes,
        "in_progress": task.in_progress,
        "dependencies": dependencies(numbers, task.depends_on.iter().map(|link| link.id)),
    })
}

pub(super) fn dependencies(numbers: &Numbers, on: impl Iterator<Item = TaskId>) -> Vec<i64> {
    let mut on: Vec<i64> = on.map(|id| numbers.of_task(id)).collect();
    on.sort_unstable();
    on
}

/// Where a task stands, in one word.
pub(super) fn status(card: &TaskCard) -> &'static str {
    match card.status {
        TaskStatus::Passing => "done",
        TaskStatus::InProgress => "in_progress",
        TaskStatus::NeedsInput => "needs_human_input",
        TaskStatus::Pending if !card.is_blocked => "pending",
        TaskStatus::Pending | TaskStatus::Blocked => "blocked",
    }
}

fn request(question: Question) -> Value {
    let choices: Vec<Value> =
        question.choices.iter().map(|choice| json!({ "value": choice, "label": choice })).collect();
    let kind = if choices.is_empty() { "textarea" } else { "select" };
    let field = json!({ "id": "answer", "label": "Answer", "type": kind, "required": true, "options": choices });
    json!({ "prompt": question.text, "fields": [field] })
}
