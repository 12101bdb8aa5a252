//! Shapes that `--json` prints beside those of the core.

use autocoder_core::agent::{Agent, AgentStatus, Role, RunnerKind, Wanted};
use autocoder_core::ids::{AgentId, TaskId};
use autocoder_core::time::Timestamp;
use autocoder_core::view::Page;
use serde::Serialize;
use serde_json::{Value, json};

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct AgentView {
    pub(crate) id: AgentId,
    pub(crate) role: Role,
    pub(crate) runner: RunnerKind,
    pub(crate) model: Option<String>,
    pub(crate) wanted: Wanted,
    pub(crate) status: AgentStatus,
    pub(crate) detail: String,
    pub(crate) host: String,
    pub(crate) task_id: Option<TaskId>,
    pub(crate) heartbeat_at: Option<Timestamp>,
}

impl From<Agent> for AgentView {
    fn from(agent: Agent) -> Self {
        Self {
            id: agent.id,
            role: agent.role,
            runner: agent.runner,
            model: agent.model,
            wanted: agent.wanted,
            status: agent.status,
            detail: agent.detail,
            host: agent.host,
            task_id: agent.task,
            heartbeat_at: agent.heartbeat_at,
        }
    }
}

/// A list that is complete.
pub(crate) const fn whole<T>(items: Vec<T>) -> Page<T> {
    Page { items, next_cursor: None }
}

/// The answer to a deletion.
pub(crate) fn deleted(noun: &str, id: impl Serialize, tasks: usize) -> Value {
    json!({ "deleted": noun, "id": id, "tasks": tasks })
}
