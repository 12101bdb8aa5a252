//! What a person does with tasks: add, edit, skip, answer, reopen, delete.

use std::collections::BTreeSet;

use super::dependency::check_prerequisites;
use super::finish::{check_text, skipped};
use super::settle::settle;
use super::{Context, must_be_open};
use crate::changes::Changes;
use crate::dependency::find_cycle;
use crate::error::Refused;
use crate::event::EventKind;
use crate::feature::{Feature, NewFeature};
use crate::ids::{Attempt, FeatureId, ProjectId, TaskId};
use crate::limits::Checks;
use crate::phase::Phase;
use crate::ports::UnitOfWork;
use crate::rollup::Moved;
use crate::task::{Branch, Edge, NewTask, Prerequisite, Task, TaskAction, TaskPatch, TaskStatus};

/// Where tasks go that name no feature.
const QUICK_TASKS: &str = "Quick tasks";

/// Adds a task; without a feature it goes to "Quick tasks" of the active phase.
///
/// # Errors
/// The fields that break a rule; a missing feature or prerequisite; a phase that is closed or at its gate.
pub async fn add_task(
    cx: &Context<'_>,
    project: ProjectId,
    feature: Option<FeatureId>,
    new: NewTask,
) -> Result<Task, Refused> {
    let mut checks = Checks::default();
    new.check(&mut checks);
    checks.finish()?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let (phase, feature) = match feature {
        Some(id) => super::feature::with_phase(&mut *unit, id).await?,
        None => {
            let phase = super::phase::active_or_new(&mut *unit, &mut changes, project).await?;
            let feature = super::feature::named_or_new(&mut *unit, &mut changes, &phase, quick_tasks()).await?;
            (phase, feature)
        }
    };
    must_be_open(&phase)?;
    let made = insert_tasks(&mut *unit, &mut changes, &phase, feature, vec![new]).await?;
    super::project::reopen_if_completed(&mut *unit, &mut changes).await?;
    unit.commit(changes).await?;
    Ok(made.into_iter().next().expect("one task in, one task out"))
}

fn quick_tasks() -> NewFeature {
    NewFeature { name: QUICK_TASKS.to_owned(), ..NewFeature::default() }
}

/// Inserts checked tasks into a feature of an open phase; the feature follows.
pub(super) async fn insert_tasks(
    unit: &mut dyn UnitOfWork,
    changes: &mut Changes,
    phase: &Phase,
    feature: Feature,
    new: Vec<NewTask>,
) -> Result<Vec<Task>, Refused> {
    let first = unit.new_ids(u32::try_from(new.len()).unwrap_or(u32::MAX)).await?;
    let siblings = checked_siblings(&new, first)?;
    let mut made = Vec::with_capacity(new.len());
    for (index, new) in new.into_iter().enumerate() {
        let id = TaskId(first + index as i64);
        let mut known: Vec<TaskId> = new.depends_on.iter().filter_map(Prerequisite::known).collect();
        known.sort_unstable();
        known.dedup();
        let passing = check_prerequisites(unit, phase, &known).await?;
        let beside: Vec<Edge> = siblings.iter().filter(|edge| edge.task == id).copied().collect();
        let open = (known.len() + beside.len()) as i32 - passing;
        changes.edges([], known.into_iter().map(|on| Edge { task: id, depends_on: on }).chain(beside));
        let task = fresh_task(id, &feature, new, open, changes);
        changes.new_task(task.clone());
        made.push(task);
    }
    settle(unit, changes, phase, vec![feature], Moved::default()).await?;
    Ok(made)
}

/// The dependencies among tasks of one request that are numbered from `first`: each once, and not in a circle.
pub(super) fn checked_siblings(new: &[NewTask], first: i64) -> Result<Vec<Edge>, Refused> {
    let siblings = sibling_edges(new, |index| TaskId(first + index as i64))?;
    match find_cycle(&siblings) {
        None => Ok(siblings),
        Some(circle) => {
            let places: Vec<_> = circle.iter().map(|id| format!("tasks[{}]", id.0 - first)).collect();
            Err(Refused::field("depends_on", format!("runs in a circle: {}", places.join(" → "))))
        }
    }
}

/// The dependencies among tasks of one request, each once.
fn sibling_edges(new: &[NewTask], id_at: impl Fn(usize) -> TaskId) -> Result<Vec<Edge>, Refused> {
    let mut edges = BTreeSet::new();
    for (index, task) in new.iter().enumerate() {
        for place in task.depends_on.iter().filter_map(Prerequisite::sibling) {
            if place >= new.len() {
                let rule = format!("names index `{place}`, the list has {} tasks counted from 0", new.len());
                return Err(Refused::field(format!("tasks[{index}].depends_on"), rule));
            }
            edges.insert(Edge { task: id_at(index), depends_on: id_at(place) });
        }
    }
    Ok(edges.into_iter().collect())
}

fn fresh_task(id: TaskId, feature: &Feature, new: NewTask, open_prerequisites: i32, changes: &Changes) -> Task {
    Task {
        id,
        project: feature.project,
        feature: feature.id,
        key: String::new(),
        priority: new.priority,
        category: new.category,
        name: new.name,
        description: new.description,
        steps: new.steps,
        status: TaskStatus::Pending,
        complexity: new.complexity,
        attempt: Attempt(0),
        failures: 0,
        not_before: None,
        eligible_since: changes.now(),
        lease: None,
        skip_count: 0,
        blocked_reason: None,
        question: None,
        answer: None,
        created_at: changes.now(),
        completed_at: None,
        verified_at: None,
        open_prerequisites,
        version: 1,
    }
}

/// Edits a task; its status is never edited.
///
/// # Errors
/// The fields that break a rule, or a missing task.
pub async fn edit_task(cx: &Context<'_>, project: ProjectId, id: TaskId, patch: TaskPatch) -> Result<Task, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let Branch { task, .. } = branch(&mut *unit, id).await?;
    let after = patch.apply(task.clone())?;
    let after = changes.task(&task, after, EventKind::TaskUpdated);
    unit.commit(changes).await?;
    Ok(after)
}

/// A person puts a task behind every other one of its feature; a task that an agent holds is taken from it.
///
/// # Errors
/// A missing task, or one that is neither pending nor in progress.
pub async fn skip_task_as_person(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    reason: &str,
) -> Result<Task, Refused> {
    check_text("reason", reason)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let branch = branch(&mut *unit, id).await?;
    let after = skipped(&mut changes, branch, reason)?;
    unit.commit(changes).await?;
    Ok(after)
}

/// A person answers a task's question; it can be claimed again.
///
/// # Errors
/// A blank answer, a missing task, or one that asks nothing.
pub async fn answer_task(cx: &Context<'_>, project: ProjectId, id: TaskId, text: &str) -> Result<Task, Refused> {
    cx.person("answer a question")?;
    let mut checks = Checks::default();
    checks.required_text("text", text, crate::limits::TEXT_BYTES);
    checks.finish()?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let Branch { task, .. } = branch(&mut *unit, id).await?;
    let after = Task { status: task.status.apply(TaskAction::Answer)?, answer: Some(text.to_owned()), ..task.clone() };
    let after = changes.task(&task, after, EventKind::TaskAnswered);
    unit.commit(changes).await?;
    Ok(after)
}

/// A passing or blocked task has to be done (again): failures start over, what depends on it waits again.
///
/// # Errors
/// A missing task, one that is neither passing nor blocked, or a phase that is closed or at its gate.
pub async fn reopen_task(cx: &Context<'_>, project: ProjectId, id: TaskId, reason: &str) -> Result<Task, Refused> {
    check_text("reason", reason)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let Branch { phase, feature, task } = branch(&mut *unit, id).await?;
    must_be_open(&phase)?;
    let after = reopened(&mut *unit, &mut changes, &task, reason).await?;
    settle(&mut *unit, &mut changes, &phase, vec![feature], Moved::default()).await?;
    unit.commit(changes).await?;
    Ok(after)
}

/// Reopens a task whose phase allows it; what depends on it waits again.
pub(super) async fn reopened(
    unit: &mut dyn UnitOfWork,
    changes: &mut Changes,
    task: &Task,
    reason: &str,
) -> Result<Task, Refused> {
    let after = Task {
        status: task.status.apply(TaskAction::Reopen)?,
        failures: 0,
        not_before: None,
        completed_at: None,
        eligible_since: changes.now(),
        blocked_reason: Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
        ..task.clone()
    };
    let after = changes.task(task, after, EventKind::TaskReopened);
    if task.status == TaskStatus::Passing {
        for (dependent, count) in unit.dependents(&[task.id]).await? {
            changes.prerequisites(&dependent, count);
        }
    }
    Ok(after)
}

/// Deletes a task; what depended on it does not any more, and its feature and phase follow.
///
/// # Errors
/// A missing task, a phase that is closed or at its gate, or a live claim unless `force`.
pub async fn delete_task(cx: &Context<'_>, project: ProjectId, id: TaskId, force: bool) -> Result<(), Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let Branch { phase, feature, task } = branch(&mut *unit, id).await?;
    must_be_open(&phase)?;
    if task.is_held(unit.now()) && !force {
        return Err(Refused::Held { noun: "task", name: task.name, held: 1 });
    }
    if task.status != TaskStatus::Passing {
        for (dependent, count) in unit.dependents(&[id]).await? {
            changes.prerequisites(&dependent, -count);
        }
    }
    changes.delete_task(&task);
    settle(&mut *unit, &mut changes, &phase, vec![feature], Moved::default()).await?;
    Ok(unit.commit(changes).await?)
}

pub(super) async fn branch(unit: &mut dyn UnitOfWork, id: TaskId) -> Result<Branch, Refused> {
    unit.branch(id).await?.ok_or_else(|| Refused::missing("task", id))
}
