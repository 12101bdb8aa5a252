//! An agent as people see it.

use serde::Serialize;

use crate::agent::{Agent, AgentOptions, AgentStatus, Role, RunnerKind, Wanted};
use crate::ids::{AgentId, TaskId};
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
            options: agent.options,
            wanted: agent.wanted,
            status: agent.status,
            detail: agent.detail,
            host: agent.host,
            task_id: agent.task,
            heartbeat_at: agent.heartbeat_at,
        }
    }
}
