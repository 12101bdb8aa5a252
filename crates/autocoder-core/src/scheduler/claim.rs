//! From a standing to a claim: what may be asked of the store, and what handing a task out changes.

use super::{Advice, Band, Idle, IdleReason, Order, Standing, UsageLevel, WorkQuery};
use crate::agent::{Agent, RunnerKind, Wanted};
use crate::changes::{Changes, Row};
use crate::event::EventKind;
use crate::feature::{Feature, FeatureAction};
use crate::ids::{AgentId, Attempt, RunId};
use crate::phase::{Phase, PhaseAction, PhaseStatus};
use crate::project::ProjectStatus;
use crate::status::IllegalTransition;
use crate::task::{LEASE_TTL_S, Lease, Task, TaskAction};
use crate::time::Timestamp;

/// The largest complexity that counts as a small task.
pub(super) const SMALL: u8 = 2;

/// A task handed to one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The task, with its lease and attempt.
    pub task: Task,
    /// Its feature.
    pub feature: Feature,
    /// Its phase.
    pub phase: Phase,
}

impl Claim {
    /// The fencing number.
    #[must_use]
    pub const fn attempt(&self) -> Attempt {
        self.task.attempt
    }
}

/// What the agent may be given.
///
/// # Errors
/// The reason, when it may be given nothing whatever the plan holds.
pub fn admit(standing: &Standing, agent: &AgentId, usage: &UsageLevel, now: Timestamp) -> Result<WorkQuery, Idle> {
    may_work(standing)?;
    let Some(phase) = &standing.active else {
        let reason = if standing.has_phases { IdleReason::ProjectComplete } else { IdleReason::PhaseNotStarted };
        return Err(Idle::plain(reason, Advice::Stop));
    };
    if phase.status == PhaseStatus::AwaitingApproval {
        return Err(Idle::plain(IdleReason::PhaseAwaitingApproval, Advice::Stop));
    }
    let (order, max_complexity) = match may_spend(usage, now)? {
        Band::Critical | Band::Low => (Order::Completion, SMALL),
        Band::Moderate => (Order::Completion, u8::MAX),
        Band::Normal => (Order::Priority, u8::MAX),
    };
    let max_complexity = usage.affordable.map_or(max_complexity, |affordable| affordable.min(max_complexity));
    Ok(WorkQuery {
        phase: phase.id,
        agent: agent.clone(),
        scoped: standing.scoped,
        order,
        max_complexity,
        writers_per_feature: writers(standing),
        payable_tasks: usage.payable_tasks.filter(|_| order == Order::Completion),
        now,
    })
}

/// How many agents may be on one feature at a time. One that we start and that writes files has the feature's work tree
/// to itself.
fn writers(standing: &Standing) -> u32 {
    match standing.agent.as_ref().map(|agent| agent.runner) {
        None | Some(RunnerKind::External | RunnerKind::Rehearsal) => standing.project.settings.writers_per_feature,
        Some(_) => 1,
    }
}

/// Whether the agent may run an errand, and in which band: no phase has to be open for that.
///
/// # Errors
/// The reason, when it may not.
pub fn admit_errand(standing: &Standing, usage: &UsageLevel, now: Timestamp) -> Result<Band, Idle> {
    may_work(standing)?;
    may_spend(usage, now)
}

fn may_work(standing: &Standing) -> Result<(), Idle> {
    match standing.project.status {
        ProjectStatus::Paused | ProjectStatus::Archived => return Err(Idle::plain(IdleReason::Paused, Advice::Stop)),
        ProjectStatus::Completed => return Err(Idle::plain(IdleReason::ProjectComplete, Advice::Stop)),
        ProjectStatus::Active => {}
    }
    match &standing.agent {
        Some(agent) if agent.wanted != Wanted::Running => Err(Idle::plain(IdleReason::Paused, Advice::Stop)),
        Some(_) | None => Ok(()),
    }
}

/// The band of what is left, when anything new may begin.
fn may_spend(usage: &UsageLevel, now: Timestamp) -> Result<Band, Idle> {
    if usage.held {
        return Err(Idle::plain(IdleReason::LimitRejected, Advice::Stop));
    }
    if let Some(until) = usage.blocked_until.filter(|until| *until > now) {
        return Err(Idle { retry_at: Some(until), ..Idle::plain(IdleReason::LimitRejected, Advice::Wait) });
    }
    if let Some(until) = usage.closed_until.filter(|until| *until > now) {
        return Err(Idle { retry_at: Some(until), ..Idle::plain(IdleReason::Paused, Advice::Wait) });
    }
    match Band::of(usage.available_bp, &usage.thresholds) {
        Band::Critical => {
            Err(Idle { retry_at: usage.resets_at, ..Idle::plain(IdleReason::UsageCritical, Advice::Stop) })
        }
        band => Ok(band),
    }
}

/// Hands `task` to the agent: the task is leased, its feature and phase start when they have not yet, and an agent
/// nobody knew is registered.
///
/// # Errors
/// The refusal of a status machine, when the store gave what is not ready.
pub fn claimed(
    changes: &mut Changes,
    standing: &Standing,
    (feature, task): (Feature, Task),
    agent: &AgentId,
    run: Option<RunId>,
) -> Result<Claim, IllegalTransition> {
    let now = changes.now();
    let mut phase = standing.active.clone().expect("admit gives a query only with an active phase");
    let mut feature = feature;
    if standing.agent.is_none() {
        changes.agent(Agent::unknown(phase.project, agent.clone(), now), Some(EventKind::AgentRegistered));
    }
    if phase.status == PhaseStatus::Pending {
        phase.status = phase.status.apply(PhaseAction::Start)?;
        phase.started_at = phase.started_at.or(Some(now));
        phase = changes.phase(Row::Changed(phase), EventKind::PhaseStarted);
    }
    if feature.is_fresh() {
        feature.status = feature.status.apply(FeatureAction::Start)?;
        feature = changes.feature(Row::Changed(feature), EventKind::FeatureStarted);
    }
    let lease = Lease { agent: agent.clone(), run, expires: now.plus_seconds(LEASE_TTL_S) };
    let after = Task {
        status: task.status.apply(TaskAction::Claim)?,
        attempt: Attempt(task.attempt.0 + 1),
        lease: Some(lease),
        not_before: None,
        ..task.clone()
    };
    let task = changes.task(&task, after, EventKind::TaskClaimed);
    Ok(Claim { task, feature, phase })
}
