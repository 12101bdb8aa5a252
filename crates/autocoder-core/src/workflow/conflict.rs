//! Work that does not go together with what others finished: the agent mends it, and after two tries a person is asked.

use serde_json::{Value, json};

use super::{Context, Fence, ask_task};
use crate::error::Refused;
use crate::ids::{ProjectId, TaskId};
use crate::task::{Question, Task};

/// How often finished work may meet a conflict before a person is asked.
const MOST_CONFLICTS: u64 = 2;
/// How many files a question names.
const FILES: usize = 40;

/// What becomes of a task that met a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflicted {
    /// It is still the agent's, who mends the files.
    Again,
    /// It waits for a person's answer.
    Asked(Box<Task>),
}

/// Counts a conflict of the held task `id` in `files`. The count is kept, whoever holds the task then.
///
/// # Errors
/// `LeaseLost` when the claim is not live any more.
pub async fn meet_conflict(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    fence: &Fence,
    files: &[String],
) -> Result<Conflicted, Refused> {
    let ledger = cx.store.ledger();
    let met = ledger.setting(&key(id)).await?.as_ref().and_then(Value::as_u64).unwrap_or_default() + 1;
    if met < MOST_CONFLICTS {
        ledger.set_setting(&key(id), json!(met)).await?;
        return Ok(Conflicted::Again);
    }
    let task = ask_task(cx, project, id, fence, question(files)).await?;
    ledger.set_setting(&key(id), Value::Null).await?;
    Ok(Conflicted::Asked(Box::new(task)))
}

/// The task met none at last: the next one is the first again.
///
/// # Errors
/// The store does not answer.
pub async fn forget_conflicts(cx: &Context<'_>, id: TaskId) -> Result<(), Refused> {
    let ledger = cx.store.ledger();
    if ledger.setting(&key(id)).await?.is_some_and(|met| !met.is_null()) {
        ledger.set_setting(&key(id), Value::Null).await?;
    }
    Ok(())
}

fn key(id: TaskId) -> String {
    format!("conflicts:{id}")
}

fn question(files: &[String]) -> Question {
    let mut named: Vec<String> = files.iter().take(FILES).map(|file| format!("- {file}")).collect();
    if files.len() > FILES {
        named.push(format!("- and {} more", files.len() - FILES));
    }
    Question {
        text: format!(
            "The work on this task does not go together with what others finished, and two tries did not mend it. What \
             should hold in these files?\n{}",
            named.join("\n")
        ),
        choices: Vec::new(),
        recommendation: Some("Keep what both sides want; where that cannot be, what others finished.".to_owned()),
    }
}
