//! `big`: one feature with 10,000 tasks, and a run whose log has 100,000 lines.

use std::fmt::Write;

use autocoder_core::agent::Role;
use autocoder_core::workflow;
use serde_json::json;

use super::author::{Author, Ending};
use crate::exit::Failure;

const TASKS: usize = 10_000;
const LINES: usize = 100_000;

pub(super) async fn write(author: &mut Author) -> Result<(), Failure> {
    author.before_end(86_400);
    let project = author.project("big", "Big", plan().to_string().as_bytes()).await?;
    author.agent(&project, "coder-1", Role::Coder).await?;
    workflow::start_project(&author.cx(), project.id).await?;
    author.finish(&project, "coder-1", 40).await?;
    author.before_end(60);
    author.work(&project, "coder-1", Ending::GoesOn).await?;
    let open = author.installation.store.ledger().open_runs(project.id).await?;
    let mut log = String::new();
    for line in 1..=LINES {
        let _ = writeln!(log, "\u{1b}[2m{line:>6}\u{1b}[0m compiled src/module-{}.ts in {} ms", line % 977, line % 83);
    }
    open.first().map_or(Ok(()), |run| author.log(run, &log))
}

fn plan() -> serde_json::Value {
    let task = |number: usize| {
        json!({
            "name": format!("Rule {number} of the rule book is followed"),
            "category": if number.is_multiple_of(3) { "style" } else { "functional" },
            "complexity": number % 5 + 1,
            "steps": ["Read the rule", "Follow it"],
        })
    };
    let feature =
        json!({ "name": "Rule book", "spec": "# Rule book", "tasks": (1..=TASKS).map(task).collect::<Vec<_>>() });
    json!({ "version": 1, "project": {}, "phases": [{ "name": "All of it", "features": [feature] }] })
}
