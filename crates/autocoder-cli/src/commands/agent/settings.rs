//! What `autocoder agent add` and `edit` set.

use autocoder_core::agent::{AgentOptions, Isolation, Role, RunnerKind};
use autocoder_core::workflow::AgentPatch;
use clap::Args;

/// What an agent is and what drives it; what is left out stays.
#[derive(Args)]
pub(super) struct Settings {
    /// What it is for: planner, spec_writer, coder, tester or reviewer
    #[arg(long)]
    role: Option<Role>,
    /// What drives it: claude-code, codex, gemini, opencode, command, rehearsal or external
    #[arg(long)]
    runner: Option<RunnerKind>,
    /// The model it asks for; empty: the runner's own choice
    #[arg(long)]
    model: Option<String>,
    /// How many times faster than life its rehearsals play
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    speed: Option<f64>,
    /// What its rehearsals play; the same seed plays the same
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// The share of its rehearsed runs that fail, 0 to 1
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    fail_rate: Option<f64>,
    /// How far its process is kept from the machine: auto, bubblewrap or none; left out: as the project says
    #[arg(long, value_name = "KIND")]
    isolation: Option<Isolation>,
    /// The program of the runner `command` and its arguments, with {prompt_file}, {workdir}, {mcp_config}, {task_id}
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

impl Settings {
    /// The patch of an agent that has these options now.
    pub(super) fn patch(self, now: AgentOptions) -> AgentPatch {
        let options = AgentOptions {
            command: if self.command.is_empty() { now.command.clone() } else { self.command },
            speed: self.speed.unwrap_or(now.speed),
            seed: self.seed.unwrap_or(now.seed),
            fail_rate: self.fail_rate.unwrap_or(now.fail_rate),
            isolation: self.isolation.or(now.isolation),
        };
        AgentPatch {
            role: self.role,
            runner: self.runner,
            model: self.model,
            options: Some(options).filter(|options| *options != now),
            wanted: None,
        }
    }
}
