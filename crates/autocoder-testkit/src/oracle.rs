//! The scheduler said a second time: looks at the whole plan, counts everything anew, sorts it all. Slow and plain.

use std::collections::BTreeMap;

use autocoder_core::agent::Wanted;
use autocoder_core::feature::{Feature, FeatureStatus};
use autocoder_core::ids::{AgentId, FeatureId, TaskId};
use autocoder_core::phase::{Phase, PhaseStatus};
use autocoder_core::ports::PlanRows;
use autocoder_core::project::ProjectStatus;
use autocoder_core::scheduler::UsageLevel;
use autocoder_core::task::{Task, TaskStatus};
use autocoder_core::time::Timestamp;

/// What decides besides the plan itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Where the project stands.
    pub status: ProjectStatus,
    /// How many agents may work on one feature at a time.
    pub writers_per_feature: u32,
    /// What a person wants of the agent that asks; absent: it is not known yet.
    pub wanted: Option<Wanted>,
}

/// The task that `agent` is given at `now`, if any.
#[must_use]
pub fn decide(rows: &PlanRows, facts: &Facts, agent: &AgentId, level: &UsageLevel, now: Timestamp) -> Option<TaskId> {
    let held_by_agent = |task: &&Task| task.lease.as_ref().is_some_and(|lease| lease.agent == *agent);
    let held = rows.tasks.iter().find(|task| is_live(task, now) && held_by_agent(task));
    if let Some(task) = held {
        return Some(task.id);
    }
    let stopped = facts.wanted.is_some_and(|wanted| wanted != Wanted::Running);
    if facts.status != ProjectStatus::Active || stopped || level.blocked_until.is_some_and(|until| until > now) {
        return None;
    }
    let candidates = candidates(rows, facts, agent, level, now)?;
    let interrupted = candidates.iter().find(|(_, task)| task.status == TaskStatus::InProgress && held_by_agent(task));
    let first = || {
        let first = candidates.iter().min_by_key(|(feature, task)| place(rows, feature, task, level, now));
        first.filter(|(feature, _)| is_payable(rows, feature, level, now))
    };
    interrupted.or_else(first).map(|(_, task)| task.id)
}

/// Whether what is left pays for the feature and all that are begun, where a task at work counts as half done; beside
/// nobody at work, any feature is begun.
fn is_payable(rows: &PlanRows, feature: &Feature, level: &UsageLevel, now: Timestamp) -> bool {
    let Some(payable) = level.payable_tasks.filter(|_| is_tight(level) && feature.status == FeatureStatus::Ready)
    else {
        return true;
    };
    let begun = |id| {
        id == feature.id
            || rows.features.iter().any(|other| other.id == id && other.status == FeatureStatus::InProgress)
    };
    let of_phase = |id| rows.features.iter().any(|other: &Feature| other.id == id && other.phase == feature.phase);
    let tasks = || rows.tasks.iter().filter(|task| of_phase(task.feature));
    let open = tasks().filter(|task| begun(task.feature) && task.status != TaskStatus::Passing).count();
    let at_work = tasks().filter(|task| is_live(task, now)).count();
    at_work == 0 || 2 * open - at_work <= 2 * payable as usize
}

fn is_tight(level: &UsageLevel) -> bool {
    level.available_bp.is_some_and(|left| left <= level.thresholds.moderate_bp)
}

/// Every task that may be handed out, with its feature.
fn candidates<'a>(
    rows: &'a PlanRows,
    facts: &Facts,
    agent: &AgentId,
    level: &UsageLevel,
    now: Timestamp,
) -> Option<Vec<(&'a Feature, &'a Task)>> {
    let open = rows.phases.iter().filter(|phase| phase.status != PhaseStatus::Completed);
    let active: &Phase = open.min_by_key(|phase| (phase.order, phase.id))?;
    let left = level.available_bp.unwrap_or(u32::MAX);
    if active.status == PhaseStatus::AwaitingApproval || left <= level.thresholds.critical_bp {
        return None;
    }
    let most_complex = if left <= level.thresholds.low_bp { 2 } else { 5 };
    let is_scoped = rows
        .features
        .iter()
        .any(|feature| feature.agent.as_ref() == Some(agent) && feature.status != FeatureStatus::Completed);
    let wanted_owner = is_scoped.then_some(agent);
    let mut writers: BTreeMap<FeatureId, u32> = BTreeMap::new();
    for task in rows.tasks.iter().filter(|task| is_live(task, now)) {
        *writers.entry(task.feature).or_default() += 1;
    }
    let found = rows.features.iter().flat_map(|feature| {
        rows.tasks.iter().filter(|task| task.feature == feature.id).map(move |task| (feature, task))
    });
    let fits = |(feature, task): &(&Feature, &Task)| {
        feature.phase == active.id
            && matches!(feature.status, FeatureStatus::Ready | FeatureStatus::InProgress)
            && feature.agent.as_ref() == wanted_owner
            && writers.get(&feature.id).copied().unwrap_or(0) < facts.writers_per_feature
            && task.complexity <= most_complex
            && is_eligible(rows, task, now)
    };
    Some(found.filter(fits).collect())
}

fn is_live(task: &Task, now: Timestamp) -> bool {
    task.status == TaskStatus::InProgress && task.lease.as_ref().is_some_and(|lease| lease.expires > now)
}

fn is_eligible(rows: &PlanRows, task: &Task, now: Timestamp) -> bool {
    let is_free = match task.status {
        TaskStatus::Pending => true,
        TaskStatus::InProgress => !is_live(task, now),
        TaskStatus::Passing | TaskStatus::NeedsInput | TaskStatus::Blocked => false,
    };
    let passes = |id: TaskId| rows.tasks.iter().any(|other| other.id == id && other.status == TaskStatus::Passing);
    let mut needed = rows.edges.iter().filter(|edge| edge.task == task.id);
    is_free && task.not_before.is_none_or(|at| at <= now) && needed.all(|edge| passes(edge.depends_on))
}

/// Feature before task; when the budget is tight, first what is nearest to its end.
fn place(
    rows: &PlanRows,
    feature: &Feature,
    task: &Task,
    level: &UsageLevel,
    now: Timestamp,
) -> (bool, usize, i64, bool, FeatureId, i64, TaskId) {
    let is_fresh = feature.status == FeatureStatus::Ready;
    let is_tight = is_tight(level);
    let is_open = |other: &&Task| other.feature == feature.id && other.status != TaskStatus::Passing;
    let open = if is_tight { rows.tasks.iter().filter(is_open).count() } else { 0 };
    let by_feature = urgency(feature.priority, feature.eligible_since, now);
    let by_task = urgency(task.priority, task.eligible_since, now);
    (is_tight && is_fresh, open, by_feature, is_fresh, feature.id, by_task, task.id)
}

/// Priority less 50 for each day of waiting, in 1,728ths of a point.
fn urgency(priority: i32, eligible_since: Timestamp, now: Timestamp) -> i64 {
    i64::from(priority) * 1_728 - (now.0.div_euclid(1_000_000) - eligible_since.0.div_euclid(1_000_000))
}
