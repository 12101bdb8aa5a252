//! The scheduler: whether an agent may have a task now, which one, or why none. Pure: no clock, no chance, no I/O.

pub mod band;
mod claim;
mod explain;
mod order;
pub mod rank;

pub use band::{Band, BandThresholds};
pub use claim::{Claim, admit, admit_errand, claimed};
pub use explain::{Advice, Idle, IdleReason, explain, too_dear};
pub use order::{admits_feature, admits_task, feature_order, may_begin};

use crate::agent::Agent;
use crate::ids::{AgentId, PhaseId};
use crate::phase::Phase;
use crate::project::Project;
use crate::task::Task;
use crate::time::Timestamp;

/// Where a project stands, and where the asking agent stands in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The project.
    pub project: Project,
    /// Its first phase that is not completed; only there may tasks be claimed.
    pub active: Option<Phase>,
    /// Whether the project has any phase at all.
    pub has_phases: bool,
    /// The agent that asks, when it is known.
    pub agent: Option<Agent>,
    /// Whether unfinished features are assigned to it, so that it works only on these.
    pub scoped: bool,
    /// The task it holds, or held until its lease lapsed.
    pub held: Option<Task>,
    /// Whether any lease in the project has lapsed.
    pub has_lapsed: bool,
}

/// How much of the tightest budget is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageLevel {
    /// What is left, in basis points of the limit; absent: there is no limit.
    pub available_bp: Option<u32>,
    /// Where the bands begin.
    pub thresholds: BandThresholds,
    /// When the tightest budget's period ends.
    pub resets_at: Option<Timestamp>,
    /// The largest complexity that can still be paid for; absent: any.
    pub affordable: Option<u8>,
    /// How many tasks of average cost can still be paid for; absent: not known, or no matter.
    pub payable_tasks: Option<u32>,
    /// Until when the provider refuses, by its own word.
    pub blocked_until: Option<Timestamp>,
    /// The provider refused, and a person decides when work goes on.
    pub held: bool,
    /// When the project's next window opens, while none is open; absent: open.
    pub closed_until: Option<Timestamp>,
}

/// In which order work is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By rank.
    Priority,
    /// First what completes a started feature.
    Completion,
}

/// What may be handed out: a bounded question to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkQuery {
    /// Only in this phase.
    pub phase: PhaseId,
    /// For this agent.
    pub agent: AgentId,
    /// Only features assigned to it, or only features assigned to nobody.
    pub scoped: bool,
    /// In which order.
    pub order: Order,
    /// Nothing more complex than this.
    pub max_complexity: u8,
    /// How many agents may work on one feature at a time.
    pub writers_per_feature: u32,
    /// How many tasks of average cost can be paid for, where that decides whether a feature is begun; see [`may_begin`].
    pub payable_tasks: Option<u32>,
    /// The store's clock.
    pub now: Timestamp,
}

/// Counts over a phase.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhaseTally {
    /// All features.
    pub features: i64,
    /// Features that are not completed.
    pub open_features: i64,
    /// Features without tasks.
    pub unspecced_features: i64,
    /// Names of features that are not completed, the first few.
    pub unfinished: Vec<String>,
    /// All tasks.
    pub tasks: i64,
    /// Passing tasks.
    pub passing: i64,
    /// Tasks that do not pass, of features that are begun.
    #[serde(skip)]
    pub begun_open: i64,
    /// Pending tasks whose prerequisites all pass.
    pub ready: i64,
    /// Ready tasks of complexity 1 or 2 that are not backing off.
    pub ready_small: i64,
    /// Ready tasks that wait for a back-off to end.
    pub backing_off: i64,
    /// Tasks that agents hold.
    pub in_progress: i64,
    /// Tasks that wait for a person's answer.
    pub needs_input: i64,
    /// Tasks that failed too often.
    pub blocked: i64,
    /// When the next back-off ends.
    pub next_retry: Option<Timestamp>,
    /// When the next lease lapses.
    pub next_lapse: Option<Timestamp>,
}
