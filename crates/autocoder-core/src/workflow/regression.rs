//! Finished tasks are checked again: which ones, and what becomes of one that fails.

use super::feature::named_or_new;
use super::settle::settle;
use super::task::{branch, insert_tasks, reopened};
use super::{Context, must_be_open};
use crate::error::Refused;
use crate::feature::NewFeature;
use crate::ids::{ProjectId, TaskId};
use crate::limits::{Checks, NAME_CHARS, TEXT_BYTES};
use crate::phase::PhaseStatus;
use crate::rollup::Moved;
use crate::task::{Branch, NewTask, Task, TaskAction};
use crate::view::TaskView;

/// Where regressions of approved phases go.
const REGRESSIONS: &str = "Regressions";

/// Passing tasks to check again: the least recently verified first, ties by id. Handing a task out counts as verified
/// from now on, so that the next pick is another one.
///
/// # Errors
/// A limit outside 1 to 100.
pub async fn pick_for_regression(cx: &Context<'_>, project: ProjectId, limit: u64) -> Result<Vec<TaskView>, Refused> {
    let mut checks = Checks::default();
    checks.range("limit", i64::try_from(limit).unwrap_or(i64::MAX), 1..=100);
    checks.finish()?;
    let picked = cx.store.queries().least_verified(project, limit).await?;
    if !picked.is_empty() {
        let (unit, mut changes) = cx.begin(project).await?;
        changes.verified(picked.clone());
        unit.commit(changes).await?;
    }
    let mut tasks = Vec::new();
    for id in picked {
        tasks.extend(cx.store.queries().task(project, id).await?);
    }
    Ok(tasks)
}

/// A passing task does not work any more: it is reopened, or, when its phase is approved, a new task in the active
/// phase asks for the repair. Answers the task that carries the work.
///
/// # Errors
/// Blank evidence, a task that does not pass, or a phase at its gate: then only a person's rejection opens it.
pub async fn report_regression(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    evidence: &str,
) -> Result<Task, Refused> {
    let mut checks = Checks::default();
    checks.required_text("evidence", evidence, TEXT_BYTES);
    checks.finish()?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let Branch { phase, feature, task } = branch(&mut *unit, id).await?;
    task.status.apply(TaskAction::Reopen)?;
    let made = if phase.status == PhaseStatus::Completed {
        let active = unit.standing(None).await?.active.ok_or(Refused::PhaseClosed { name: phase.name })?;
        must_be_open(&active)?;
        let new = NewFeature { name: REGRESSIONS.to_owned(), priority: 0, ..NewFeature::default() };
        let feature = named_or_new(&mut *unit, &mut changes, &active, new).await?;
        let name: String = format!("Repair: {}", task.name).chars().take(NAME_CHARS).collect();
        let description = format!("Task {id} passed before and does not work any more.\n\n{}", evidence.trim());
        let repair = NewTask { name, category: "regression".to_owned(), steps: task.steps, ..NewTask::default() };
        let description: String = description.chars().take(TEXT_BYTES / 4).collect();
        let made = insert_tasks(&mut *unit, &mut changes, &active, feature, vec![NewTask { description, ..repair }]);
        made.await?.into_iter().next().expect("one task in, one task out")
    } else {
        must_be_open(&phase)?;
        let after = reopened(&mut *unit, &mut changes, &task, evidence).await?;
        settle(&mut *unit, &mut changes, &phase, vec![feature], Moved::default()).await?;
        after
    };
    unit.commit(changes).await?;
    Ok(made)
}
