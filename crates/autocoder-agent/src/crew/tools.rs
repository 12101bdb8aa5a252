//! How the agents of a crew reach Autocoder's tools.

use async_trait::async_trait;
use autocoder_core::agent::Role;
use autocoder_core::error::Refused;
use autocoder_core::ids::{AgentId, Attempt, ProjectId, RunId, TaskId};

use crate::runner::McpEndpoint;

/// Who an agent's process is; never an argument of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub project_name: String,
    /// The agent.
    pub agent: AgentId,
    /// What it is for.
    pub role: Role,
    /// Its run.
    pub run: RunId,
    /// The task it was given, and the number of its claim; none for a role that holds no task.
    pub claim: Option<(TaskId, Attempt)>,
}

/// Gives a run its way to the tools, and takes it back.
#[async_trait]
pub trait Tools: Send + Sync {
    /// How the run that begins reaches the tools.
    ///
    /// # Errors
    /// What the store refuses.
    async fn endpoint(&self, identity: &Identity) -> Result<McpEndpoint, Refused>;

    /// The run has ended, or was found dead: its way to the tools is closed. May be said more than once.
    async fn done(&self, identity: &Identity) {
        let _ = identity;
    }
}
