//! A run: one process of an agent working on one task, its outcome and its tokens.

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, Attempt, FeatureId, ProjectId, RunId, TaskId};
use crate::time::Timestamp;

/// What a run was started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Works on a task.
    Code,
    /// Writes the spec of a feature.
    Spec,
    /// Turns a project's spec into phases, features and tasks.
    Plan,
    /// Checks finished tasks again.
    Test,
    /// Reports on a phase before its approval.
    Review,
}

/// How a run ended. A run that ends never completes a task; only a pass with a live lease does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// The agent ended its session by itself.
    Completed,
    /// The agent handed its task back.
    Released,
    /// Ended with an error that another try may not meet again.
    Failed,
    /// A usage or rate limit of the provider; wait until it resets.
    LimitReached,
    /// The provider is overloaded; back off for minutes.
    Overloaded,
    /// The provider refused the credentials.
    Auth,
    /// The provider's account cannot pay.
    Billing,
    /// The run's own cost cap was reached.
    Budget,
    /// The run's cap on turns was reached.
    Turns,
    /// The prompt no longer fits the model's context.
    ContextFull,
    /// The model refused.
    Refused,
    /// Stopped from outside: by a person, a hook or the supervisor.
    Aborted,
    /// The process died without a word.
    Crashed,
    /// The agent could not work as set up, for example without its tools.
    Misconfigured,
}

impl RunOutcome {
    /// Whether the run counts as a failure of its task (`failures` + 1 and back-off).
    /// Limits, overload, credentials and stops are nobody's fault: the task is handed back without a penalty.
    #[must_use]
    pub const fn is_task_failure(self) -> bool {
        match self {
            Self::Completed
            | Self::Failed
            | Self::Turns
            | Self::Budget
            | Self::ContextFull
            | Self::Refused
            | Self::Crashed => true,
            Self::Released
            | Self::LimitReached
            | Self::Overloaded
            | Self::Auth
            | Self::Billing
            | Self::Aborted
            | Self::Misconfigured => false,
        }
    }

    /// Whether the run ended for a reason outside of it, so that the same is tried again later.
    #[must_use]
    pub const fn is_nobodys_fault(self) -> bool {
        matches!(
            self,
            Self::LimitReached | Self::Overloaded | Self::Auth | Self::Billing | Self::Aborted | Self::Misconfigured
        )
    }

    /// Whether starting another run at once would only meet the same wall, so that a person has to act first.
    #[must_use]
    pub const fn needs_person(self) -> bool {
        matches!(self, Self::Auth | Self::Billing | Self::Misconfigured)
    }
}

/// Tokens of one or more model messages; the four kinds are disjoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// Read by the model and not cached.
    pub input: u64,
    /// Written by the model, reasoning included.
    pub output: u64,
    /// Read from the provider's cache.
    pub cache_read: u64,
    /// Written to the provider's cache to live for five minutes (or unspecified).
    pub cache_write_5m: u64,
    /// Written to the provider's cache to live for an hour.
    pub cache_write_1h: u64,
}

impl Tokens {
    /// Input + output, the seed's `total_tokens`.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// Everything, cache reads and writes included.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.total().saturating_add(self.cache_read).saturating_add(self.cache_write())
    }

    /// Both kinds of cache writes.
    #[must_use]
    pub const fn cache_write(&self) -> u64 {
        self.cache_write_5m.saturating_add(self.cache_write_1h)
    }

    /// The sum, kind by kind, saturating.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
            cache_read: self.cache_read.saturating_add(other.cache_read),
            cache_write_5m: self.cache_write_5m.saturating_add(other.cache_write_5m),
            cache_write_1h: self.cache_write_1h.saturating_add(other.cache_write_1h),
        }
    }

    /// What is left after taking `other` away, kind by kind, never below 0.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_sub(other.input),
            output: self.output.saturating_sub(other.output),
            cache_read: self.cache_read.saturating_sub(other.cache_read),
            cache_write_5m: self.cache_write_5m.saturating_sub(other.cache_write_5m),
            cache_write_1h: self.cache_write_1h.saturating_sub(other.cache_write_1h),
        }
    }

    /// The fuller of two reports of the same thing: the larger count of each kind. One of them may count all cache
    /// writes as five minutes because it does not know their lifetime, so the writes are compared as a whole.
    #[must_use]
    pub fn fuller(self, other: Self) -> Self {
        let cache_write_1h = self.cache_write_1h.max(other.cache_write_1h);
        Self {
            input: self.input.max(other.input),
            output: self.output.max(other.output),
            cache_read: self.cache_read.max(other.cache_read),
            cache_write_5m: self.cache_write().max(other.cache_write()).saturating_sub(cache_write_1h),
            cache_write_1h,
        }
    }
}

/// One process of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id; zero until the store has numbered it.
    pub id: RunId,
    /// The project it belongs to.
    pub project: ProjectId,
    /// The agent it is a process of.
    pub agent: AgentId,
    /// The task it works on.
    pub task: Option<TaskId>,
    /// The feature it works on.
    pub feature: Option<FeatureId>,
    /// What it was started for.
    pub kind: RunKind,
    /// The fencing number of the task it works on.
    pub attempt: Attempt,
    /// Whether it was a rehearsal, whose usage counts apart.
    pub rehearsal: bool,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<RunOutcome>,
    /// What the outcome means in words.
    pub detail: Option<String>,
    /// The tokens it took.
    pub tokens: Tokens,
    /// What the agent itself says it cost, in nano-USD.
    pub cost_reported_nusd: Option<u64>,
    /// Where its log lies.
    pub log_path: Option<String>,
    /// The branch it wrote to.
    pub branch: Option<String>,
}
