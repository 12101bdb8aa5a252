//! An agent as people see it.

use serde::Serialize;

use crate::agent::{Agent, AgentOptions, AgentStatus, Role, RunnerKind, Wanted};
use crate::ids::{AgentId, RunId, TaskId};
use crate::time::Timestamp;

/// An agent.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentView {
    /// Its name.
    pub id: AgentId,
    /// What it is for.
    pub role: Role,
    /// What drives it.
    pub runner: RunnerKind,
    /// The model it asks for; null: the runner's own choice.
    pub model: Option<String>,
    /// What drives it beside that.
    pub options: AgentOptions,
    /// What a person wants it to do.
    pub wanted: Wanted,
    /// What it does.
    pub status: AgentStatus,
    /// Says more about the status.
    pub detail: String,
    /// The machine that drives it.
    pub host: String,
    /// The task it works on.
    pub task_id: Option<TaskId>,
    /// What that is called.
    pub task_name: Option<String>,
    /// Its run that is going on.
    pub run_id: Option<RunId>,
    /// For how many minutes it is.
    pub minutes: Option<u64>,
    /// What it used by now, input and output.
    pub tokens: Option<u64>,
    /// What it used a minute, over the whole run and at least one minute.
    pub tokens_per_minute: Option<u64>,
    /// What it said or did last.
    pub last_line: Option<String>,
    /// Its last sign of life.
    pub heartbeat_at: Option<Timestamp>,
}

impl From<Agent> for AgentView {
    fn from(agent: Agent) -> Self {
        Self {
            id: agent.id,
            role: agent.role,
            runner: agent.runner,
            model: agent.model,
            last_line: Some(agent.detail.clone())
                .filter(|line| agent.status == AgentStatus::Working && !line.is_empty()),
            options: agent.options,
            wanted: agent.wanted,
            status: agent.status,
            detail: agent.detail,
            host: agent.host,
            task_id: agent.task,
            task_name: None,
            run_id: None,
            minutes: None,
            tokens: None,
            tokens_per_minute: None,
            heartbeat_at: agent.heartbeat_at,
        }
    }
}
