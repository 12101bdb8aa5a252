//! The JSON vocabulary: the shapes that HTTP, MCP and `--json` print.

mod agent;
mod claim;
mod note;
mod review;
mod run;
mod spec;
mod task;
mod token;
mod webhook;

pub use agent::AgentView;
pub use claim::{ClaimView, ClaimedTask, IdleView};
pub use note::NoteView;
pub use review::ReviewedTask;
pub use run::RunView;
pub use spec::{ProposalView, SpecMessageView};
pub use task::{EvidenceView, TaskCard, TaskLink, TaskView, TaskWithEvidence};
pub use token::{NewTokenView, TokenView};
pub use webhook::{DeliveryView, NewWebhookView, WebhookView};

use serde::Serialize;

use crate::feature::FeatureStatus;
use crate::ids::{AgentId, FeatureId, PhaseId, ProjectId};
use crate::phase::PhaseStatus;
use crate::project::{ProjectSettings, ProjectStatus};
use crate::task::Question;
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

/// A part of a list, and where the rest begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to ask for next; none: this was the rest.
    pub next_cursor: Option<String>,
}

/// A project with its counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectView {
    /// Its id.
    pub id: ProjectId,
    /// Its unique name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// The folder of its code.
    pub path: String,
    /// What it is.
    pub description: String,
    /// What it should become.
    pub spec: Option<String>,
    /// Where it stands.
    pub status: ProjectStatus,
    /// How agents work on it.
    pub settings: ProjectSettings,
    /// How many phases it has.
    pub phase_count: i64,
    /// How many of them are approved.
    pub phases_completed: i64,
    /// How many features it has.
    pub feature_count: i64,
    /// How many tasks it has.
    pub task_count: i64,
    /// How many of them pass.
    pub tasks_completed: i64,
    /// The process that drives its agents, while it is alive.
    pub driven_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts edits and status changes.
    pub version: i64,
}

/// A phase with its counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhaseView {
    /// Its id.
    pub id: PhaseId,
    /// Its project.
    pub project_name: String,
    /// What identifies it in a plan file.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its place.
    pub order: i32,
    /// Where it stands.
    pub status: PhaseStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When work on it began.
    pub started_at: Option<Timestamp>,
    /// When it was approved.
    pub completed_at: Option<Timestamp>,
    /// The last decision at its gate.
    pub decision: Option<DecisionView>,
    /// How many features it has.
    pub feature_count: i64,
    /// How many of them are completed.
    pub features_completed: i64,
    /// How many tasks it has.
    pub task_count: i64,
    /// How many of them pass.
    pub tasks_completed: i64,
    /// Counts edits and status changes.
    pub version: i64,
}

/// What a person decided at a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionView {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The note or reason.
    pub note: String,
}

/// A feature with its counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeatureView {
    /// Its id.
    pub id: FeatureId,
    /// Its project.
    pub project_name: String,
    /// Its phase.
    pub phase_id: PhaseId,
    /// What identifies it in a plan file.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What is wanted; left out of lists.
    pub spec: Option<String>,
    /// Since when a spec is asked for.
    pub spec_requested_at: Option<Timestamp>,
    /// Where it stands.
    pub status: FeatureStatus,
    /// Lower runs first.
    pub priority: i32,
    /// The agent it is assigned to.
    pub agent_id: Option<AgentId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its last task passed.
    pub completed_at: Option<Timestamp>,
    /// How many tasks it has.
    pub task_count: i64,
    /// How many of them pass.
    pub tasks_completed: i64,
    /// How many of them agents hold.
    pub tasks_in_progress: i64,
    /// Whether it can be worked on beside the others; left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub independence: Option<Independence>,
    /// Counts edits and status changes.
    pub version: i64,
}

/// Whether a feature can be worked on beside the others of its phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Independence {
    /// Whether an agent of its own can work on it now.
    pub can_run_independently: bool,
    /// Why, or why not.
    pub reason: String,
    /// The features of its phase that it waits for, or that wait for it.
    pub features: Vec<FeatureId>,
}

/// How many tasks stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskCounts {
    /// Waiting for an agent.
    pub pending: i64,
    /// Held by an agent.
    pub in_progress: i64,
    /// Done.
    pub passing: i64,
    /// Waiting for an answer.
    pub needs_input: i64,
    /// Failed too often.
    pub blocked: i64,
}

impl TaskCounts {
    /// All tasks.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.pending + self.in_progress + self.passing + self.needs_input + self.blocked
    }
}

/// What waits for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GraphView {
    /// The tasks.
    pub nodes: Vec<TaskCard>,
    /// The dependencies between them.
    pub edges: Vec<GraphEdge>,
}

/// A task that waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GraphEdge {
    /// The task.
    pub task_id: crate::ids::TaskId,
    /// What it waits for.
    pub depends_on: crate::ids::TaskId,
}

/// Something that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchHit {
    /// `project`, `phase`, `feature` or `task`.
    pub kind: &'static str,
    /// Its id.
    pub id: i64,
    /// Its project.
    pub project_name: String,
    /// Its name.
    pub name: String,
}

closed_enum! {
    /// What a person is needed for.
    InboxKind, "inbox kind" {
        /// A phase waits for approval.
        Gate = "gate",
        /// An agent asks.
        Question = "question",
        /// A task failed too often.
        Blocked = "blocked",
        /// A feature waits for its spec.
        Spec = "spec",
        /// A budget is used up so far that nothing new is handed out.
        Budget = "budget",
    }
}

impl InboxKind {
    /// What Autocoder would do about it; a question brings its own.
    #[must_use]
    pub const fn recommendation(self) -> Option<&'static str> {
        match self {
            Self::Gate => Some("review the result, then approve or reject"),
            Self::Question => None,
            Self::Blocked => Some("look at the reason, then edit and reopen the task"),
            Self::Spec => Some("write the spec and add tasks"),
            Self::Budget => Some("raise the limit, or wait until it resets"),
        }
    }
}

/// Something that needs a person, with the one input needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxItem {
    /// What is needed.
    pub kind: InboxKind,
    /// The project.
    pub project_name: String,
    /// The phase, feature or task.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Since when it waits.
    pub since: Timestamp,
    /// The question, or the reason.
    pub text: Option<String>,
    /// Answers to choose from.
    pub choices: Vec<String>,
    /// What Autocoder or the agent would do.
    pub recommendation: Option<String>,
}

impl InboxItem {
    /// Fills text, choices and recommendation from a question.
    #[must_use]
    pub fn asking(mut self, question: Question) -> Self {
        self.text = Some(question.text);
        self.choices = question.choices;
        self.recommendation = question.recommendation;
        self
    }
}
