//! The tools under the names of the legacy tool, so that its prompts go on working: there a "feature" is what here is a
//! task. Each is one of the use cases that the tools of today stand on, and promises the same.

mod ask;
mod numbers;
mod plan;
mod read;
mod shape;
mod work;

pub(crate) use numbers::Numbers;

use autocoder_core::agent::Role;

use crate::reply::ToolError;
use crate::tools::{Entry, entry};

/// Every tool; the legacy tool knew no roles.
pub(crate) const TOOLS: &[Entry] = &[
    entry::<read::GetStats>(Role::ALL),
    entry::<read::GetReady>(Role::ALL),
    entry::<read::GetNext>(Role::ALL),
    entry::<read::GetById>(Role::ALL),
    entry::<read::GetSummary>(Role::ALL),
    entry::<read::GetBlocked>(Role::ALL),
    entry::<read::GetGraph>(Role::ALL),
    entry::<read::GetForRegression>(Role::ALL),
    entry::<work::ClaimAndGet>(Role::ALL),
    entry::<work::MarkInProgress>(Role::ALL),
    entry::<work::MarkPassing>(Role::ALL),
    entry::<work::MarkFailing>(Role::ALL),
    entry::<work::Skip>(Role::ALL),
    entry::<work::ClearInProgress>(Role::ALL),
    entry::<ask::RequestHumanInput>(Role::ALL),
    entry::<ask::AskUser>(Role::ALL),
    entry::<plan::Create>(Role::ALL),
    entry::<plan::CreateBulk>(Role::ALL),
    entry::<plan::AddDependency>(Role::ALL),
    entry::<plan::RemoveDependency>(Role::ALL),
    entry::<plan::SetDependencies>(Role::ALL),
];

/// What hints call by today's names.
const RENAMED: [(&str, &str); 3] = [
    ("`task_mark_passing`", "`feature_mark_passing`"),
    ("`task_get_next` gives you your task", "claim one with `feature_claim_and_get`"),
    ("`task_get_next`", "`feature_get_ready`"),
];

/// A refusal, with what its hint names under the legacy names.
pub(crate) fn worded(error: ToolError) -> ToolError {
    error.with_hint(|hint| RENAMED.iter().fold(hint, |hint, (today, legacy)| hint.replace(today, legacy)))
}

/// The names of the tools that a session under legacy names sees.
#[must_use]
pub fn legacy_tool_names() -> Vec<&'static str> {
    TOOLS.iter().map(Entry::name).collect()
}
