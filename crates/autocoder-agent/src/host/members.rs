//! From a stored agent to a member of a crew.

use std::sync::Arc;

use autocoder_core::agent::{Agent, RunnerKind, Wanted};

use super::HostSettings;
use crate::crew::{Member, Roster};
use crate::runner::claude_code::ClaudeCodeRunner;
use crate::runner::command::CommandRunner;
use crate::runner::rehearsal::RehearsalRunner;
use crate::runner::{AgentRunner, CommandSpec, Decoder, RunSpec, RunnerError};

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
            runner: self.runner(agent),
            model: agent.model.clone(),
            usage: (self.0.meter)(agent.runner),
            program: self.0.programs.get(&agent.runner).cloned(),
        }
    }

    fn runner(&self, agent: &Agent) -> Arc<dyn AgentRunner> {
        let options = &agent.options;
        match agent.runner {
            RunnerKind::ClaudeCode | RunnerKind::External => Arc::new(ClaudeCodeRunner),
            RunnerKind::Command => match CommandRunner::new(options.command.clone()) {
                Ok(runner) => Arc::new(runner),
                Err(error) => Arc::new(Unusable(error)),
            },
            RunnerKind::Rehearsal => Arc::new(RehearsalRunner {
                program: self.0.own_program.clone(),
                seed: options.seed,
                speed: options.speed,
                fail_rate: options.fail_rate,
            }),
        }
    }
}

/// An agent without a command: its first run says so, and stops it.
struct Unusable(RunnerError);

impl AgentRunner for Unusable {
    fn kind(&self) -> RunnerKind {
        RunnerKind::Command
    }

    fn command(&self, _: &RunSpec) -> Result<CommandSpec, RunnerError> {
        Err(self.0.clone())
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        ClaudeCodeRunner.decoder()
    }
}
