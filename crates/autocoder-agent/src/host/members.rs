//! From a stored agent to a member of a crew.

use std::sync::Arc;

use autocoder_core::agent::{Agent, RunnerKind, Wanted};

use super::HostSettings;
use crate::crew::{Member, Roster};
use crate::runner::claude_code::ClaudeCodeRunner;
use crate::runner::{AgentRunner, CommandSpec, Decoder, RunSpec, RunnerError, runner_of};

/// The agents of a project that are wanted, as they are stored from moment to moment.
pub(super) struct StoredRoster(pub(super) Arc<HostSettings>);

impl Roster for StoredRoster {
    fn members(&self, agents: &[Agent]) -> Vec<Member> {
        let wanted = agents.iter().filter(|agent| agent.is_driven() && agent.wanted != Wanted::Stopped);
        wanted.map(|agent| self.member(agent)).collect()
    }
}

impl StoredRoster {
    fn member(&self, agent: &Agent) -> Member {
        Member {
            id: agent.id.clone(),
            role: agent.role,
            runner: runner_of(agent.runner, &agent.options, &self.0.own_program)
                .unwrap_or_else(|error| Arc::new(Unusable(agent.runner, error))),
            model: agent.model.clone(),
            usage: (self.0.meter)(agent.runner),
            program: self.0.programs.get(&agent.runner).cloned(),
            isolation: agent.options.isolation,
        }
    }
}

/// An agent that cannot work as it is described: its first run says so, and stops it.
struct Unusable(RunnerKind, RunnerError);

impl AgentRunner for Unusable {
    fn kind(&self) -> RunnerKind {
        self.0
    }

    fn command(&self, _: &RunSpec) -> Result<CommandSpec, RunnerError> {
        Err(self.1.clone())
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        ClaudeCodeRunner.decoder()
    }
}
