//! Shapes of a task: the card of a list, and the whole task.

use serde::Serialize;

use crate::ids::{AgentId, Attempt, FeatureId, PhaseId, TaskId};
use crate::task::{Evidence, Question, Task, TaskStatus};
use crate::time::Timestamp;

/// What a list shows of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskCard {
    /// Its id.
    pub id: TaskId,
    /// Its feature.
    pub feature_id: FeatureId,
    /// Its name.
    pub name: String,
    /// What sort of work it is.
    pub category: String,
    /// Lower runs first.
    pub priority: i32,
    /// Where it stands.
    pub status: TaskStatus,
    /// Whether it passes.
    pub passes: bool,
    /// Whether an agent holds it.
    pub in_progress: bool,
    /// From 1 to 5.
    pub estimated_complexity: u8,
    /// How many steps it has.
    pub steps_count: usize,
    /// Who holds it.
    pub agent_id: Option<AgentId>,
    /// Whether it waits for other tasks.
    pub is_blocked: bool,
}

/// Another task, as a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskLink {
    /// Its id.
    pub id: TaskId,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: TaskStatus,
}

/// A task with everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskView {
    /// Its id.
    pub id: TaskId,
    /// Its project.
    pub project_name: String,
    /// Its phase.
    pub phase_id: PhaseId,
    /// Its feature.
    pub feature_id: FeatureId,
    /// Its feature's name.
    pub feature_name: String,
    /// What identifies it in a plan file.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What sort of work it is.
    pub category: String,
    /// What is to be done.
    pub description: String,
    /// How to see that it is done.
    pub steps: Vec<String>,
    /// Where it stands.
    pub status: TaskStatus,
    /// Whether it passes.
    pub passes: bool,
    /// Whether an agent holds it.
    pub in_progress: bool,
    /// Lower runs first.
    pub priority: i32,
    /// From 1 to 5.
    pub estimated_complexity: u8,
    /// The number of the last claim.
    pub attempt: Attempt,
    /// How often it failed.
    pub failures: u32,
    /// How often it was skipped.
    pub skip_count: u32,
    /// Not handed out before this.
    pub not_before: Option<Timestamp>,
    /// Who holds it.
    pub agent_id: Option<AgentId>,
    /// Until when, unless renewed.
    pub lease_expires: Option<Timestamp>,
    /// What it waits for.
    pub depends_on: Vec<TaskLink>,
    /// What waits for it.
    pub blocks: Vec<TaskLink>,
    /// Whether it waits for other tasks.
    pub is_blocked: bool,
    /// Why it cannot go on, or why its last try failed.
    pub blocked_reason: Option<String>,
    /// What its agent asked.
    pub question: Option<Question>,
    /// What a person answered.
    pub answer: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it passed.
    pub completed_at: Option<Timestamp>,
    /// When it passed or was last handed out for regression.
    pub verified_at: Option<Timestamp>,
    /// Counts edits and status changes.
    pub version: i64,
}

impl TaskCard {
    /// The card of a task.
    #[must_use]
    pub fn of(task: Task) -> Self {
        Self {
            id: task.id,
            feature_id: task.feature,
            passes: task.status == TaskStatus::Passing,
            in_progress: task.status == TaskStatus::InProgress,
            is_blocked: is_blocked(&task),
            name: task.name,
            category: task.category,
            priority: task.priority,
            status: task.status,
            estimated_complexity: task.complexity,
            steps_count: task.steps.len(),
            agent_id: task.lease.map(|lease| lease.agent),
        }
    }
}

impl TaskView {
    /// The whole task, with the names around it and its neighbours in the graph.
    #[must_use]
    pub fn of(
        task: Task,
        project_name: String,
        (phase_id, feature_name): (PhaseId, String),
        depends_on: Vec<TaskLink>,
        blocks: Vec<TaskLink>,
    ) -> Self {
        let is_blocked = is_blocked(&task);
        let (agent_id, lease_expires) = task.lease.map(|lease| (lease.agent, lease.expires)).unzip();
        Self {
            id: task.id,
            project_name,
            phase_id,
            feature_id: task.feature,
            feature_name,
            key: task.key,
            name: task.name,
            category: task.category,
            description: task.description,
            steps: task.steps,
            status: task.status,
            passes: task.status == TaskStatus::Passing,
            in_progress: task.status == TaskStatus::InProgress,
            priority: task.priority,
            estimated_complexity: task.complexity,
            attempt: task.attempt,
            failures: task.failures,
            skip_count: task.skip_count,
            not_before: task.not_before,
            agent_id,
            lease_expires,
            depends_on,
            blocks,
            is_blocked,
            blocked_reason: task.blocked_reason,
            question: task.question,
            answer: task.answer,
            created_at: task.created_at,
            completed_at: task.completed_at,
            verified_at: task.verified_at,
            version: task.version,
        }
    }
}

fn is_blocked(task: &Task) -> bool {
    task.status == TaskStatus::Blocked || (task.status == TaskStatus::Pending && task.open_prerequisites > 0)
}

/// What a verification command gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceView {
    /// The attempt it was run for.
    pub attempt: Attempt,
    /// The command.
    pub command: String,
    /// Its exit code; absent when it was killed or ran out of time.
    pub exit_code: Option<i32>,
    /// The end of its output.
    pub output_end: String,
    /// The commit it ran on.
    pub commit: Option<String>,
    /// When it ended.
    pub at: Timestamp,
}

impl From<Evidence> for EvidenceView {
    fn from(evidence: Evidence) -> Self {
        let Evidence { task: _, attempt, command, exit_code, output_end, commit, at } = evidence;
        Self { attempt, command, exit_code, output_end, commit, at }
    }
}

/// A task with what its verification gave, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskWithEvidence {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// What its verification gave.
    pub evidence: Vec<EvidenceView>,
}
