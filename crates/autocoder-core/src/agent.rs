//! An agent: a named worker of a project, with a role and a runner.

mod isolation;
mod options;

pub use isolation::Isolation;
pub use options::AgentOptions;

use crate::ids::{AgentId, ProjectId, TaskId};
use crate::limits::{Checks, InvalidField};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// What an agent is for.
    Role, "role" {
        /// Turns a spec into phases, features and tasks.
        Planner = "planner",
        /// Writes the spec of a feature and proposes its tasks.
        SpecWriter = "spec_writer",
        /// Works on tasks.
        Coder = "coder",
        /// Checks finished tasks again.
        Tester = "tester",
        /// Reports on a phase for the person who approves it.
        Reviewer = "reviewer",
    }
}

closed_enum! {
    /// What drives an agent.
    RunnerKind, "runner" {
        /// Claude Code.
        ClaudeCode = "claude-code",
        /// OpenAI's Codex.
        Codex = "codex",
        /// Google's Gemini CLI.
        Gemini = "gemini",
        /// opencode, with any provider it knows.
        Opencode = "opencode",
        /// Any command.
        Command = "command",
        /// The built-in rehearsal, which costs nothing.
        Rehearsal = "rehearsal",
        /// A client that came in by MCP on its own.
        External = "external",
    }
}

closed_enum! {
    /// What an agent does at the moment.
    AgentStatus, "agent status" {
        /// Ready to work.
        Idle = "idle",
        /// A run of it is going on.
        Working = "working",
        /// Waits for a limit to reset or a back-off to end.
        Waiting = "waiting",
        /// Told to take no new task.
        Paused = "paused",
        /// Not started.
        Stopped = "stopped",
        /// Its process died.
        Crashed = "crashed",
    }
}

closed_enum! {
    /// What a person wants an agent to do; the crew that drives it follows.
    Wanted, "wanted state" {
        /// Work.
        Running = "running",
        /// Finish the task at hand, take no other.
        Paused = "paused",
        /// Stop at once and hand the task back.
        Stopped = "stopped",
    }
}

/// A named worker of a project.
#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    /// Its project.
    pub project: ProjectId,
    /// Its name.
    pub id: AgentId,
    /// What it is for.
    pub role: Role,
    /// What drives it.
    pub runner: RunnerKind,
    /// The model it asks for.
    pub model: Option<String>,
    /// What drives it beside that.
    pub options: AgentOptions,
    /// What a person wants it to do.
    pub wanted: Wanted,
    /// What it does.
    pub status: AgentStatus,
    /// Says more about the status, for people.
    pub detail: String,
    /// The machine and process that drives it.
    pub host: String,
    /// The task it works on.
    pub task: Option<TaskId>,
    /// Its last sign of life.
    pub heartbeat_at: Option<Timestamp>,
}

impl Agent {
    /// Whether a crew starts processes for it: it did not come in by itself.
    #[must_use]
    pub const fn is_driven(&self) -> bool {
        !matches!(self.runner, RunnerKind::External)
    }

    /// Whether a crew gives it tasks.
    #[must_use]
    pub const fn works_on_tasks(&self) -> bool {
        matches!(self.role, Role::Coder) && self.is_driven()
    }

    /// An agent that came in by itself, before anybody described it.
    #[must_use]
    pub fn unknown(project: ProjectId, id: AgentId, now: Timestamp) -> Self {
        Self {
            project,
            id,
            role: Role::Coder,
            runner: RunnerKind::External,
            model: None,
            options: AgentOptions::default(),
            wanted: Wanted::Running,
            status: AgentStatus::Idle,
            detail: String::new(),
            host: String::new(),
            task: None,
            heartbeat_at: Some(now),
        }
    }
}

/// A checked agent name.
///
/// # Errors
/// The rule, when `name` is not 1 to 63 letters, digits, `-`, `_` or `.` starting with a letter or digit.
pub fn agent_id(name: &str) -> Result<AgentId, Vec<InvalidField>> {
    let mut checks = Checks::default();
    checks.agent_name("agent", name);
    checks.finish().map(|()| AgentId(name.to_owned()))
}
