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
        /// By day in UTC.
        Day = "day",
        /// By model.
        Model = "model",
        /// By project.
        Project = "project",
        /// By phase.
        Phase = "phase",
        /// By feature.
        Feature = "feature",
    }
}

/// Which usage to show, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageQuestion {
    /// Only this project.
    pub project: Option<ProjectId>,
    /// The first day, in days since 1970 in UTC.
    pub from_day: i32,
    /// The day after the last.
    pub until_day: i32,
    /// How it is grouped.
    pub group: UsageGroup,
}

/// The usage of one group by one model. Rehearsals stand in slices of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageSlice {
    /// The day, or the id of the project, phase or feature; none: by model, or of no phase or feature.
    pub key: Option<i64>,
    /// The name of the project, phase or feature, unless it is gone.
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
