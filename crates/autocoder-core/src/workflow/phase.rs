//! What is done with phases: add, edit, start, submit, approve, reject, reopen, delete.

mod findings;

use std::collections::BTreeMap;

use super::feature::{free_dependents, must_be_idle, named_or_new};
use super::task::{branch, insert_tasks, reopened};
use super::{Context, must_be_open};
use crate::changes::{Changes, Node, Row};
use crate::error::Refused;
use crate::event::{Actor, EventKind};
use crate::feature::{Feature, NewFeature};
use crate::ids::{FeatureId, PhaseId, ProjectId, TaskId};
use crate::limits::{Checks, TEXT_BYTES};
use crate::phase::{Decision, NewPhase, Phase, PhaseAction, PhasePatch, PhaseStatus};
use crate::ports::{Counting, UnitOfWork};
use crate::rollup;
use crate::scheduler::PhaseTally;

/// The name of a project's first phase when nobody gave it one.
const FIRST_PHASE: &str = "Phase 1";
/// Where the work goes that a rejection asks for without naming tasks.
const REVIEW_FINDINGS: &str = "Review findings";

/// What a person sends a phase back with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejection {
    /// Why.
    pub reason: String,
    /// The tasks to do again; none: a task "Address review: …" is added, or one for each item of a list in the reason.
    pub reopen: Vec<TaskId>,
}

/// Adds a phase; without an order it goes behind the last one. A completed project becomes active again.
///
/// # Errors
/// The fields that break a rule; an order in front of a phase that has started.
pub async fn add_phase(cx: &Context<'_>, project: ProjectId, new: NewPhase) -> Result<Phase, Refused> {
    new.check()?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phases = unit.phases().await?;
    let order = new.order.unwrap_or_else(|| phases.last().map_or(1, |last| last.order.saturating_add(1)));
    must_be_ahead(&phases, order, None)?;
    let phase = fresh_phase(&mut *unit, &changes, project, NewPhase { order: Some(order), ..new }).await?;
    changes.phase(Row::New(phase.clone()), EventKind::PhaseCreated);
    super::project::reopen_if_completed(&mut *unit, &mut changes).await?;
    unit.commit(changes).await?;
    Ok(phase)
}

/// Where a phase without an id will stand among those of its order.
const NEWEST: PhaseId = PhaseId(i64::MAX);

/// A pending phase cannot come in front of one that has started.
fn must_be_ahead(phases: &[Phase], order: i32, moving: Option<PhaseId>) -> Result<(), Refused> {
    let started = phases.iter().filter(|phase| phase.status != PhaseStatus::Pending && Some(phase.id) != moving);
    match started.max_by_key(|phase| phase.place()) {
        Some(last) if (order, moving.unwrap_or(NEWEST)) < last.place() => {
            // Among phases of one order the older goes first.
            let least = last.order.saturating_add(i32::from(moving.is_some_and(|id| id < last.id)));
            let rule = format!("is `{order}`, must be at least {least}: phase `{}` has started", last.name);
            Err(Refused::field("order", rule))
        }
        _ => Ok(()),
    }
}

async fn fresh_phase(
    unit: &mut dyn UnitOfWork,
    changes: &Changes,
    project: ProjectId,
    new: NewPhase,
) -> Result<Phase, Refused> {
    Ok(Phase {
        id: PhaseId(unit.new_ids(1).await?),
        project,
        key: String::new(),
        name: new.name,
        description: new.description,
        order: new.order.unwrap_or(1),
        status: PhaseStatus::Pending,
        created_at: changes.now(),
        started_at: None,
        completed_at: None,
        decision: None,
        version: 1,
    })
}

/// The first phase that is not completed, or a new one.
pub(super) async fn active_or_new(
    unit: &mut dyn UnitOfWork,
    changes: &mut Changes,
    project: ProjectId,
) -> Result<Phase, Refused> {
    let phases = unit.phases().await?;
    if let Some(phase) = phases.iter().find(|phase| phase.status != PhaseStatus::Completed) {
        return Ok(phase.clone());
    }
    let (name, order) = match phases.last() {
        Some(last) => (format!("Phase {}", phases.len() + 1), last.order.saturating_add(1)),
        None => (FIRST_PHASE.to_owned(), 1),
    };
    let new = NewPhase { name, order: Some(order), ..NewPhase::default() };
    let phase = fresh_phase(unit, changes, project, new).await?;
    changes.phase(Row::New(phase.clone()), EventKind::PhaseCreated);
    Ok(phase)
}

/// Edits a phase; its status is never edited.
///
/// # Errors
/// The fields that break a rule; a missing phase; a pending phase in front of one that has started, or a started one
/// that would move.
pub async fn edit_phase(
    cx: &Context<'_>,
    project: ProjectId,
    id: PhaseId,
    patch: PhasePatch,
) -> Result<Phase, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phases = unit.phases().await?;
    let before = find_in(&phases, id)?;
    let after = patch.apply(before.clone())?;
    if after.order != before.order {
        if before.status != PhaseStatus::Pending {
            return Err(Refused::field("order", format!("cannot change: the phase is `{}`", before.status)));
        }
        must_be_ahead(&phases, after.order, Some(id))?;
    }
    let after = changes.phase(Row::Changed(after), EventKind::PhaseUpdated);
    unit.commit(changes).await?;
    Ok(after)
}

/// Starts a phase by hand.
///
/// # Errors
/// A missing phase, one that is not pending, or an earlier phase that is not completed.
pub async fn start_phase(cx: &Context<'_>, project: ProjectId, id: PhaseId) -> Result<Phase, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phases = unit.phases().await?;
    let phase = find_in(&phases, id)?;
    let earlier = phases.iter().find(|other| other.place() < phase.place() && other.status != PhaseStatus::Completed);
    if let (PhaseStatus::Pending, Some(earlier)) = (phase.status, earlier) {
        return Err(Refused::PhaseTooEarly { name: phase.name, earlier: earlier.name.clone() });
    }
    let after = started(&mut changes, phase)?;
    unit.commit(changes).await?;
    Ok(after)
}

pub(super) fn started(changes: &mut Changes, phase: Phase) -> Result<Phase, Refused> {
    let status = phase.status.apply(PhaseAction::Start)?;
    let after = Phase { status, started_at: Some(changes.now()), ..phase };
    let after = changes.phase(Row::Changed(after), EventKind::PhaseStarted);
    Ok(after)
}

/// Hands a finished phase to a person; a phase at its gate already stays there.
///
/// # Errors
/// What is unfinished; a phase without tasks; one that is not in progress.
pub async fn submit_phase(cx: &Context<'_>, project: ProjectId, id: PhaseId) -> Result<Phase, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phase = find(&mut *unit, id).await?;
    if phase.status == PhaseStatus::AwaitingApproval {
        return Ok(phase);
    }
    phase.status.apply(PhaseAction::Submit)?;
    must_be_finished(&phase, &unit.tally(id, Counting::Features).await?)?;
    let after = rollup::submit(&mut changes, phase)?;
    unit.commit(changes).await?;
    Ok(after)
}

fn must_be_finished(phase: &Phase, tally: &PhaseTally) -> Result<(), Refused> {
    let name = phase.name.clone();
    if tally.open_features > 0 {
        return Err(Refused::PhaseUnfinished { name, unfinished: tally.unfinished.clone() });
    }
    if tally.tasks == 0 { Err(Refused::PhaseEmpty { name }) } else { Ok(()) }
}

/// A person accepts a phase; the next one starts, and after the last one the project is completed.
///
/// # Errors
/// An agent that asks; a missing phase, or one that does not wait for approval.
pub async fn approve_phase(cx: &Context<'_>, project: ProjectId, id: PhaseId, note: &str) -> Result<Phase, Refused> {
    let (unit, changes, after) = approval(cx, project, id, note).await?;
    unit.commit(changes).await?;
    Ok(after)
}

/// Refuses what [`approve_phase`] would refuse now, and changes nothing: for what has to be done before an approval.
///
/// # Errors
/// Those of [`approve_phase`].
pub async fn check_approval(cx: &Context<'_>, project: ProjectId, id: PhaseId, note: &str) -> Result<(), Refused> {
    let (_, changes, _) = approval(cx, project, id, note).await?;
    changes.into_set()?;
    Ok(())
}

/// An approval that only waits to be committed.
async fn approval(
    cx: &Context<'_>,
    project: ProjectId,
    id: PhaseId,
    note: &str,
) -> Result<(Box<dyn UnitOfWork>, Changes, Phase), Refused> {
    cx.person("approve a phase")?;
    super::finish::check_text("note", note)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phases = unit.phases().await?;
    let phase = find_in(&phases, id)?;
    let status = phase.status.apply(PhaseAction::Approve)?;
    let decision = Some(decision(cx.actor, &changes, note));
    let after = Phase { status, decision, completed_at: Some(changes.now()), ..phase };
    let after = changes.phase(Row::Changed(after), EventKind::PhaseCompleted);
    match phases.into_iter().find(|other| other.status == PhaseStatus::Pending) {
        Some(next) => {
            started(&mut changes, next)?;
        }
        None => super::project::complete(&mut *unit, &mut changes).await?,
    }
    Ok((unit, changes, after))
}

fn decision(actor: &Actor, changes: &Changes, note: &str) -> Decision {
    let by = match actor {
        Actor::Person(name) => name.clone(),
        Actor::Agent(_) | Actor::System => actor.to_string(),
    };
    Decision { by, at: changes.now(), note: note.trim().to_owned() }
}

/// A person sends a phase back: the named tasks are reopened, or a task "Address review: …" is added under
/// "Review findings" (one for each item when the reason is a list), so that there is work to do.
///
/// # Errors
/// An agent that asks; a blank reason; a missing phase, one that does not wait for approval, a task of another phase.
pub async fn reject_phase(
    cx: &Context<'_>,
    project: ProjectId,
    id: PhaseId,
    rejection: &Rejection,
) -> Result<Phase, Refused> {
    cx.person("reject a phase")?;
    let mut checks = Checks::default();
    checks.required_text("reason", &rejection.reason, TEXT_BYTES);
    checks.finish()?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phase = find(&mut *unit, id).await?;
    let status = phase.status.apply(PhaseAction::Reject)?;
    let decision = Some(decision(cx.actor, &changes, &rejection.reason));
    let after = Phase { status, decision, ..phase };
    let stored = changes.phase(Row::Changed(after.clone()), EventKind::PhaseRejected);
    if rejection.reopen.is_empty() {
        add_findings(&mut *unit, &mut changes, &after, &rejection.reason).await?;
    } else {
        reopen_tasks(&mut *unit, &mut changes, &after, rejection).await?;
    }
    unit.commit(changes).await?;
    Ok(stored)
}

async fn add_findings(
    unit: &mut dyn UnitOfWork,
    changes: &mut Changes,
    phase: &Phase,
    reason: &str,
) -> Result<(), Refused> {
    let new = NewFeature { name: REVIEW_FINDINGS.to_owned(), ..NewFeature::default() };
    let feature = named_or_new(unit, changes, phase, new).await?;
    insert_tasks(unit, changes, phase, feature, findings::tasks_of(reason)).await?;
    Ok(())
}

async fn reopen_tasks(
    unit: &mut dyn UnitOfWork,
    changes: &mut Changes,
    phase: &Phase,
    rejection: &Rejection,
) -> Result<(), Refused> {
    let mut features: BTreeMap<FeatureId, Feature> = BTreeMap::new();
    let mut ids = rejection.reopen.clone();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let found = branch(unit, id).await?;
        if found.phase.id != phase.id {
            let rule =
                format!("names task `{id}` of phase `{}`; name tasks of phase `{}`", found.phase.name, phase.name);
            return Err(Refused::field("reopen_tasks", rule));
        }
        reopened(unit, changes, &found.task, &rejection.reason).await?;
        features.insert(found.feature.id, found.feature);
    }
    rollup::follow_tasks(changes, features.into_values().collect())?;
    Ok(())
}

/// A person takes an approval back, as long as no later phase has started.
///
/// # Errors
/// An agent that asks; a missing phase, one that is not completed, or a later one that has started.
pub async fn reopen_phase(cx: &Context<'_>, project: ProjectId, id: PhaseId, reason: &str) -> Result<Phase, Refused> {
    cx.person("reopen a phase")?;
    super::finish::check_text("reason", reason)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phases = unit.phases().await?;
    let phase = find_in(&phases, id)?;
    let status = phase.status.apply(PhaseAction::Reopen)?;
    let later = phases.iter().find(|other| other.place() > phase.place() && other.status != PhaseStatus::Pending);
    if let Some(later) = later {
        return Err(Refused::LaterPhaseStarted { name: phase.name, later: later.name.clone() });
    }
    let decision = Some(decision(cx.actor, &changes, reason));
    let after = Phase { status, decision, completed_at: None, ..phase };
    let after = changes.phase(Row::Changed(after), EventKind::PhaseReopened);
    super::project::reopen_if_completed(&mut *unit, &mut changes).await?;
    unit.commit(changes).await?;
    Ok(after)
}

/// Deletes a phase with its features and tasks and answers how many tasks went.
///
/// # Errors
/// A missing phase, one that is closed or at its gate, or a live claim in it unless `force`.
pub async fn delete_phase(cx: &Context<'_>, project: ProjectId, id: PhaseId, force: bool) -> Result<usize, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phase = find(&mut *unit, id).await?;
    must_be_open(&phase)?;
    let tasks = unit.tasks_in(Node::Phase(id)).await?;
    must_be_idle("phase", &phase.name, &tasks, force, &changes)?;
    free_dependents(&mut *unit, &mut changes, &tasks).await?;
    changes.delete(Node::Phase(id), phase.version, EventKind::PhaseDeleted, (&phase.name, tasks.len()));
    unit.commit(changes).await?;
    Ok(tasks.len())
}

pub(super) async fn find(unit: &mut dyn UnitOfWork, id: PhaseId) -> Result<Phase, Refused> {
    find_in(&unit.phases().await?, id)
}

fn find_in(phases: &[Phase], id: PhaseId) -> Result<Phase, Refused> {
    phases.iter().find(|phase| phase.id == id).cloned().ok_or_else(|| Refused::missing("phase", id))
}
