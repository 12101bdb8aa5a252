//! A run as people see it.

use serde::Serialize;

use crate::ids::{AgentId, Attempt, FeatureId, RunId, TaskId};
use crate::run::{Run, RunKind, RunOutcome, Tokens};
use crate::time::Timestamp;

/// One process of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunView {
    /// Its id.
    pub id: RunId,
    /// Its project.
    pub project_name: String,
    /// The agent it is a process of.
    pub agent_id: AgentId,
    /// The task it works on.
    pub task_id: Option<TaskId>,
    /// The feature it works on.
    pub feature_id: Option<FeatureId>,
    /// What it was started for.
    pub kind: RunKind,
    /// The number of its claim.
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
    /// The tokens it took; of a run that goes on, 0 until its end.
    pub tokens: Tokens,
    /// What the agent itself says it cost, in nano-USD.
    pub cost_reported_nusd: Option<u64>,
    /// Whether it has a log.
    pub has_log: bool,
    /// The branch it wrote to.
    pub branch: Option<String>,
}

impl RunView {
    /// The view of a run of that project.
    #[must_use]
    pub fn new(run: Run, project_name: impl Into<String>) -> Self {
        Self {
            id: run.id,
            project_name: project_name.into(),
            agent_id: run.agent,
            task_id: run.task,
            feature_id: run.feature,
            kind: run.kind,
            attempt: run.attempt,
            rehearsal: run.rehearsal,
            started_at: run.started_at,
            ended_at: run.ended_at,
            outcome: run.outcome,
            detail: run.detail,
            tokens: run.tokens,
            cost_reported_nusd: run.cost_reported_nusd,
            has_log: run.log_path.is_some(),
            branch: run.branch,
        }
    }
}
