//! What the holder of a claim can do with it: pass, fail, release, skip, ask. A late writer changes nothing.

use super::Context;
use super::settle::settle;
use crate::changes::Changes;
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::{AgentId, Attempt, ProjectId, TaskId};
use crate::limits::{Checks, TEXT_BYTES};
use crate::ports::UnitOfWork;
use crate::rollup::Moved;
use crate::task::{Branch, Evidence, Question, Task, TaskAction, TaskStatus};
use crate::time::Timestamp;

/// Whose claim it is: the agent and the attempt that it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The agent.
    pub agent: AgentId,
    /// The number of its claim.
    pub attempt: Attempt,
}

/// The longest back-off after a failure, in seconds.
const BACKOFF_MOST_S: i64 = 3_600;

/// When a task that failed `failures` times may be tried again: `min(2^failures · 60 s, 1 h)` later.
fn retry_at(now: Timestamp, failures: u32) -> Timestamp {
    now.plus_seconds((60_i64 << failures.min(10)).min(BACKOFF_MOST_S))
}

/// The task, when the claim on it is live.
pub(super) async fn holding(unit: &mut dyn UnitOfWork, id: TaskId, fence: &Fence) -> Result<Branch, Refused> {
    let branch = unit.branch(id).await?.ok_or_else(|| Refused::missing("task", id))?;
    match lost(&branch.task, fence, unit.now()) {
        Some(why) => Err(Refused::LeaseLost { task: id, why }),
        None => Ok(branch),
    }
}

fn lost(task: &Task, fence: &Fence, now: Timestamp) -> Option<&'static str> {
    match &task.lease {
        _ if task.status != TaskStatus::InProgress => Some("nobody holds it"),
        None => Some("nobody holds it"),
        Some(lease) if lease.agent != fence.agent => Some("another agent holds it"),
        Some(_) if task.attempt != fence.attempt => Some("it was claimed again since"),
        Some(lease) if lease.expires <= now => Some("the lease has lapsed"),
        Some(_) => None,
    }
}

/// The held task, for verification before it passes.
///
/// # Errors
/// `LeaseLost` when the claim is not live any more.
pub async fn check_claim(cx: &Context<'_>, project: ProjectId, task: TaskId, fence: &Fence) -> Result<Branch, Refused> {
    let (mut unit, _) = cx.begin(project).await?;
    holding(&mut *unit, task, fence).await
}

/// The task passes: what waited for it is one step closer, its feature and phase follow. A repeated call with the
/// same claim changes nothing and succeeds.
///
/// # Errors
/// `LeaseLost` when the claim is not live any more.
pub async fn pass_task(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    fence: &Fence,
    evidence: Vec<Evidence>,
) -> Result<Task, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let branch = unit.branch(id).await?.ok_or_else(|| Refused::missing("task", id))?;
    if branch.task.status == TaskStatus::Passing && branch.task.attempt == fence.attempt {
        return Ok(branch.task);
    }
    if let Some(why) = lost(&branch.task, fence, unit.now()) {
        return Err(Refused::LeaseLost { task: id, why });
    }
    let Branch { phase, feature, task } = branch;
    let now = Some(unit.now());
    let after = Task {
        status: task.status.apply(TaskAction::Pass)?,
        lease: None,
        blocked_reason: None,
        completed_at: now,
        verified_at: now,
        ..task.clone()
    };
    changes.evidence(evidence);
    let after = changes.task(&task, after, EventKind::TaskPassed);
    for (dependent, count) in unit.dependents(&[id]).await? {
        changes.prerequisites(&dependent, -count);
    }
    settle(&mut *unit, &mut changes, &phase, vec![feature], Moved::default()).await?;
    unit.commit(changes).await?;
    Ok(after)
}

/// A run of the task, or its verification, failed: it is tried again after a back-off, or blocked after too many.
///
/// # Errors
/// `LeaseLost` when the claim is not live any more.
pub async fn fail_task(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    fence: &Fence,
    reason: &str,
    evidence: Vec<Evidence>,
) -> Result<Task, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let task = holding(&mut *unit, id, fence).await?.task;
    let most = unit.standing(None).await?.project.settings.max_failures;
    let failures = task.failures + 1;
    let exhausted = failures >= most;
    let (action, kind) = if exhausted {
        (TaskAction::Exhaust, EventKind::TaskBlocked)
    } else {
        (TaskAction::Fail, EventKind::TaskFailed)
    };
    let after = Task {
        status: task.status.apply(action)?,
        lease: None,
        failures,
        not_before: (!exhausted).then(|| retry_at(unit.now(), failures)),
        blocked_reason: Some(shorten(reason)),
        ..task.clone()
    };
    changes.evidence(evidence);
    let after = changes.task(&task, after, kind);
    unit.commit(changes).await?;
    Ok(after)
}

/// The agent hands its task back, without a penalty.
///
/// # Errors
/// `LeaseLost` when the claim is not live any more.
pub async fn release_task(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    fence: &Fence,
    reason: &str,
) -> Result<Task, Refused> {
    check_text("reason", reason)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let task = holding(&mut *unit, id, fence).await?.task;
    let reason = Some(shorten(reason)).filter(|reason| !reason.is_empty());
    let after = Task {
        status: task.status.apply(TaskAction::Release)?,
        lease: None,
        blocked_reason: reason.or(task.blocked_reason.clone()),
        ..task.clone()
    };
    let after = changes.task(&task, after, EventKind::TaskReleased);
    unit.commit(changes).await?;
    Ok(after)
}

/// The agent puts its task behind every other one of the feature.
///
/// # Errors
/// `LeaseLost` when the claim is not live any more.
pub async fn skip_task(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    fence: &Fence,
    reason: &str,
) -> Result<Task, Refused> {
    check_text("reason", reason)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let branch = holding(&mut *unit, id, fence).await?;
    let after = skipped(&mut changes, branch, reason)?;
    unit.commit(changes).await?;
    Ok(after)
}

/// Puts the task behind every other one of its feature.
pub(super) fn skipped(changes: &mut Changes, branch: Branch, reason: &str) -> Result<Task, Refused> {
    let Branch { feature, task, .. } = branch;
    let after = Task {
        status: task.status.apply(TaskAction::Skip)?,
        lease: None,
        priority: feature.last_priority.saturating_add(1),
        eligible_since: changes.now(),
        skip_count: task.skip_count + 1,
        blocked_reason: Some(shorten(reason)).filter(|reason| !reason.is_empty()).or(task.blocked_reason.clone()),
        ..task.clone()
    };
    let after = changes.task(&task, after, EventKind::TaskSkipped);
    Ok(after)
}

/// The agent needs a person's answer; the task waits for it.
///
/// # Errors
/// `LeaseLost` when the claim is not live any more, or the fields of the question that break a rule.
pub async fn ask_task(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    fence: &Fence,
    question: Question,
) -> Result<Task, Refused> {
    question.check()?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let task = holding(&mut *unit, id, fence).await?.task;
    let after = Task {
        status: task.status.apply(TaskAction::Ask)?,
        lease: None,
        question: Some(question),
        answer: None,
        ..task.clone()
    };
    let after = changes.task(&task, after, EventKind::TaskNeedsInput);
    unit.commit(changes).await?;
    Ok(after)
}

pub(super) fn check_text(field: &str, text: &str) -> Result<(), Refused> {
    let mut checks = Checks::default();
    checks.text(field, text, TEXT_BYTES);
    Ok(checks.finish()?)
}

/// At most 4,000 characters of `text`, without control characters: reasons come from the output of agents.
fn shorten(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .take(4_000)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_doubles_up_to_an_hour() {
        for (failures, seconds) in [(1, 120), (2, 240), (3, 480), (5, 1_920), (6, 3_600), (60, 3_600)] {
            assert_eq!(retry_at(Timestamp(0), failures).seconds(), seconds, "{failures}");
        }
    }
}
