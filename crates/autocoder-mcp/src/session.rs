//! Whose tools these are: the identity and the ports of one connection, given by the process that starts it.

use std::sync::Arc;

use autocoder_core::agent::Role;
use autocoder_core::ids::{AgentId, Attempt, ProjectId, RunId, TaskId};
use autocoder_core::ports::{Store, UsageMeter, Verifier};

/// One agent's connection to one project.
#[derive(Clone)]
pub struct Session {
    /// Where the plan is kept.
    pub store: Arc<dyn Store>,
    /// How much may still be used.
    pub usage: Arc<dyn UsageMeter>,
    /// Checks finished tasks.
    pub verifier: Arc<dyn Verifier>,
    /// The project; nothing outside it can be seen.
    pub project: ProjectId,
    /// Its name.
    pub project_name: String,
    /// The agent that asks.
    pub agent: AgentId,
    /// Which tools it sees; without a role, all.
    pub role: Option<Role>,
    /// The run its claims are held for.
    pub run: Option<RunId>,
    /// The claim a supervisor made for this session: it works on that task alone and claims no other.
    pub fence: Option<(TaskId, Attempt)>,
    /// Where troubles go that no call can report.
    pub log: Arc<dyn Fn(&str) + Send + Sync>,
}
