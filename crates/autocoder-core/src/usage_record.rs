//! Records of usage: the tokens of one model message, and what they are attributed to.

use crate::ids::{AgentId, FeatureId, PhaseId, ProjectId, RunId, TaskId};
use crate::run::Tokens;
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// How sure a count is.
    UsageQuality, "usage quality" {
        /// As the provider reported it for this message.
        Exact = "exact",
        /// Right only together with the run's other records, which add up to its total.
        Reconciled = "reconciled",
        /// The agent's protocol gives no better.
        Approximate = "approximate",
    }
}

/// The tokens of one model message. (`source`, `message_id`) is unique: a second delivery counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRecord {
    /// Where it comes from: the agent's session.
    pub source: String,
    /// The message within the source.
    pub message_id: String,
    /// The project.
    pub project: ProjectId,
    /// The phase at that time.
    pub phase: Option<PhaseId>,
    /// The feature at that time.
    pub feature: Option<FeatureId>,
    /// The task at that time.
    pub task: Option<TaskId>,
    /// The agent.
    pub agent: AgentId,
    /// The run.
    pub run: RunId,
    /// When it was first seen.
    pub at: Timestamp,
    /// The model.
    pub model: String,
    /// The tokens.
    pub tokens: Tokens,
    /// The cost in nano-USD by the price table; absent: unpriced.
    pub cost_nusd: Option<u64>,
    /// How sure the count is.
    pub quality: UsageQuality,
    /// Counts only against rehearsal budgets.
    pub rehearsal: bool,
}

/// Which usage to add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageSum {
    /// Only this project.
    pub project: Option<ProjectId>,
    /// Only this phase.
    pub phase: Option<PhaseId>,
    /// Only this feature.
    pub feature: Option<FeatureId>,
    /// Only this task.
    pub task: Option<TaskId>,
    /// Only this agent.
    pub agent: Option<AgentId>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Rehearsals, or real work.
    pub rehearsal: bool,
}

closed_enum! {
    /// How usage is grouped.
    UsageGroup, "group" {
        /// By day.
        Day = "day",
        /// By model.
        Model = "model",
        /// By project.
        Project = "project",
        /// By phase.
        Phase = "phase",
        /// By feature.
        Feature = "feature",
        /// By task: the thousand that used most.
        Task = "task",
        /// By agent.
        Agent = "agent",
    }
}

/// The most tasks that usage is shown of.
pub const MOST_TASKS: usize = 1_000;

/// Which usage to show, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageQuestion {
    /// Only this project; none: all, work outside of Autocoder too.
    pub project: Option<ProjectId>,
    /// From this moment on.
    pub from: Timestamp,
    /// Before this moment.
    pub until: Timestamp,
    /// How it is grouped.
    pub group: UsageGroup,
    /// For groups by day: when each day begins, in their order, the first at `from`. Each is a whole
    /// quarter of an hour, and so is `until`.
    pub days: Vec<Timestamp>,
}

impl UsageQuestion {
    /// Which of the days a moment belongs to.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Option<i64> {
        let after = self.days.partition_point(|day| *day <= at);
        i64::try_from(after.checked_sub(1)?).ok()
    }
}

/// The usage of one group by one model. Rehearsals stand in slices of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageSlice {
    /// The place of the day in the question, or the id of the project, phase, feature or task; none: by model or agent, or
    /// of no phase, feature or task.
    pub key: Option<i64>,
    /// The name of the project, phase, feature or task, unless it is gone, or the agent.
    pub name: Option<String>,
    /// The model.
    pub model: String,
    /// Whether these are rehearsals.
    pub rehearsal: bool,
    /// The tokens.
    pub tokens: Tokens,
    /// The cost in nano-USD; what has no price counts nothing.
    pub cost_nusd: u64,
}

/// Which finished tasks to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservationQuery {
    /// Rehearsals, or real work.
    pub rehearsal: bool,
    /// At most so many tasks, the newest.
    pub tasks: u64,
}

/// A task that an agent holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// The project.
    pub project: ProjectId,
    /// The task's complexity, 1 to 5.
    pub complexity: u8,
    /// Input and output that its run took up to now.
    pub used: u64,
}

/// What a finished task took of one model, over all its attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The project.
    pub project: ProjectId,
    /// The model.
    pub model: String,
    /// The task's complexity, 1 to 5.
    pub complexity: u8,
    /// Input and output.
    pub tokens: u64,
}
