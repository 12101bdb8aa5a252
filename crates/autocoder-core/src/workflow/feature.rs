//! What is done with features: add, edit, write the spec, fill with tasks, delete.

use super::task::insert_tasks;
use super::{Context, must_be_open};
use crate::changes::{Changes, Node, Row};
use crate::error::Refused;
use crate::event::EventKind;
use crate::feature::{Feature, FeaturePatch, FeatureStatus, NewFeature, Tally};
use crate::ids::{FeatureId, ProjectId, TaskId};
use crate::limits::{Checks, TASKS_AT_ONCE};
use crate::phase::Phase;
use crate::ports::UnitOfWork;
use crate::rollup::Moved;
use crate::task::{NewTask, Task, TaskStatus};

/// Adds a feature without tasks and asks for its spec; without a phase it goes to the active one, made when missing.
///
/// # Errors
/// The fields that break a rule; a missing phase, or one that is closed or at its gate.
pub async fn add_feature(cx: &Context<'_>, project: ProjectId, new: NewFeature) -> Result<Feature, Refused> {
    new.check()?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phase = match new.phase {
        Some(id) => super::phase::find(&mut *unit, id).await?,
        None => super::phase::active_or_new(&mut *unit, &mut changes, project).await?,
    };
    must_be_open(&phase)?;
    let mut feature = fresh_feature(&mut *unit, &changes, &phase, new).await?;
    feature.spec_requested_at = Some(changes.now());
    changes.feature(Row::New(feature.clone()), EventKind::FeatureCreated);
    super::project::reopen_if_completed(&mut *unit, &mut changes).await?;
    unit.commit(changes).await?;
    Ok(feature)
}

/// The feature of that name in the phase, or a new one.
pub(super) async fn named_or_new(
    unit: &mut dyn UnitOfWork,
    changes: &mut Changes,
    phase: &Phase,
    new: NewFeature,
) -> Result<Feature, Refused> {
    if let Some(feature) = unit.feature_named(phase.id, &new.name).await? {
        return Ok(feature);
    }
    let mut feature = fresh_feature(unit, changes, phase, new).await?;
    feature.status = FeatureStatus::Ready;
    changes.feature(Row::New(feature.clone()), EventKind::FeatureCreated);
    Ok(feature)
}

async fn fresh_feature(
    unit: &mut dyn UnitOfWork,
    changes: &Changes,
    phase: &Phase,
    new: NewFeature,
) -> Result<Feature, Refused> {
    Ok(Feature {
        id: FeatureId(unit.new_ids(1).await?),
        project: phase.project,
        phase: phase.id,
        key: String::new(),
        name: new.name,
        description: new.description,
        spec: new.spec.filter(|spec| !spec.is_empty()),
        spec_requested_at: None,
        status: FeatureStatus::Pending,
        priority: new.priority,
        eligible_since: changes.now(),
        agent: None,
        created_at: changes.now(),
        completed_at: None,
        tally: Tally::default(),
        last_priority: 0,
        version: 1,
    })
}

/// Edits a feature; its status is never edited.
///
/// # Errors
/// The fields that break a rule, or a missing feature.
pub async fn edit_feature(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    patch: FeaturePatch,
) -> Result<Feature, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let after = patch.apply(find(&mut *unit, id).await?)?;
    let after = changes.feature(Row::Changed(after), EventKind::FeatureUpdated);
    unit.commit(changes).await?;
    Ok(after)
}

/// Writes the spec of a feature.
///
/// # Errors
/// A spec that is too long, or a missing feature.
pub async fn set_spec(cx: &Context<'_>, project: ProjectId, id: FeatureId, spec: String) -> Result<Feature, Refused> {
    edit_feature(cx, project, id, FeaturePatch { spec: Some(spec), ..FeaturePatch::default() }).await
}

/// Adds tasks to a feature in one piece; it becomes ready.
///
/// # Errors
/// The fields that break a rule, all of them; a circle; a missing feature or prerequisite; a phase that is closed or at
/// its gate.
pub async fn create_tasks(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    new: Vec<NewTask>,
) -> Result<Vec<Task>, Refused> {
    check_tasks(&new)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let (phase, feature) = with_phase(&mut *unit, id).await?;
    must_be_open(&phase)?;
    changes.check_version(Node::Feature(id), feature.version);
    let made = insert_tasks(&mut *unit, &mut changes, &phase, feature, new).await?;
    super::project::reopen_if_completed(&mut *unit, &mut changes).await?;
    unit.commit(changes).await?;
    Ok(made)
}

pub(super) fn check_tasks(new: &[NewTask]) -> Result<(), Refused> {
    let mut checks = Checks::default();
    checks.range("tasks", new.len() as i64, 1..=TASKS_AT_ONCE as i64);
    for (index, task) in new.iter().enumerate() {
        task.check(checks.within(format!("tasks[{index}].")));
    }
    Ok(checks.finish()?)
}

/// Deletes a feature with its tasks and answers how many went; what depended on them does not any more.
///
/// # Errors
/// A missing feature, a phase that is closed or at its gate, or a live claim in it unless `force`.
pub async fn delete_feature(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    force: bool,
) -> Result<usize, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let (phase, feature) = with_phase(&mut *unit, id).await?;
    must_be_open(&phase)?;
    let tasks = unit.tasks_in(Node::Feature(id)).await?;
    must_be_idle("feature", &feature.name, &tasks, force, &changes)?;
    free_dependents(&mut *unit, &mut changes, &tasks).await?;
    changes.delete(Node::Feature(id), feature.version, EventKind::FeatureDeleted, (&feature.name, tasks.len()));
    let was_open = feature.status != FeatureStatus::Completed;
    let gone = Moved { open_features: -i64::from(was_open), tasks: -(tasks.len() as i64) };
    super::settle::settle(&mut *unit, &mut changes, &phase, Vec::new(), gone).await?;
    unit.commit(changes).await?;
    Ok(tasks.len())
}

/// Refuses when an agent holds one of these tasks, unless `force`.
pub(super) fn must_be_idle(
    noun: &'static str,
    name: &str,
    tasks: &[Task],
    force: bool,
    changes: &Changes,
) -> Result<(), Refused> {
    let held = tasks.iter().filter(|task| task.is_held(changes.now())).count();
    if held > 0 && !force { Err(Refused::Held { noun, name: name.to_owned(), held }) } else { Ok(()) }
}

/// What depended on these tasks, and is not among them, does not any more.
pub(super) async fn free_dependents(
    unit: &mut dyn UnitOfWork,
    changes: &mut Changes,
    tasks: &[Task],
) -> Result<(), Refused> {
    let open: Vec<TaskId> =
        tasks.iter().filter(|task| task.status != TaskStatus::Passing).map(|task| task.id).collect();
    for (dependent, count) in unit.dependents(&open).await? {
        if !tasks.iter().any(|task| task.id == dependent.id) {
            changes.prerequisites(&dependent, -count);
        }
    }
    Ok(())
}

pub(super) async fn find(unit: &mut dyn UnitOfWork, id: FeatureId) -> Result<Feature, Refused> {
    unit.feature(id).await?.ok_or_else(|| Refused::missing("feature", id))
}

pub(super) async fn with_phase(unit: &mut dyn UnitOfWork, id: FeatureId) -> Result<(Phase, Feature), Refused> {
    let feature = find(unit, id).await?;
    let phase = super::phase::find(unit, feature.phase).await?;
    Ok((phase, feature))
}
