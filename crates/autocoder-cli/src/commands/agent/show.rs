//! `autocoder agent show`.

use autocoder_core::agent::RunnerKind;
use autocoder_core::view::AgentView;
use clap::Args;

use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::output::{details, time};
use crate::root::Root;

/// Show an agent
#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    agent: ByAgent,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.agent.in_project).await?;
        let view = installation.agent(&project, &self.agent.agent).await?;
        root.output.show(&view, |agent| {
            details(&[
                ("id", agent.id.to_string()),
                ("role", agent.role.to_string()),
                ("runner", agent.runner.to_string()),
                ("model", agent.model.clone().unwrap_or_default()),
                ("options", options(agent)),
                ("wanted", agent.wanted.to_string()),
                ("status", agent.status.to_string()),
                ("detail", agent.detail.clone()),
                ("task", task(agent)),
                ("minutes", number(agent.minutes)),
                ("tokens", number(agent.tokens)),
                ("tokens a minute", number(agent.tokens_per_minute)),
                ("last line", agent.last_line.clone().unwrap_or_default()),
                ("host", agent.host.clone()),
                ("last sign", agent.heartbeat_at.map(time).unwrap_or_default()),
            ])
        })
    }
}

fn number(number: Option<u64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn task(agent: &AgentView) -> String {
    let name = agent.task_name.as_deref().unwrap_or_default();
    agent.task_id.map(|id| format!("{id} {name}")).unwrap_or_default()
}

/// The options that the agent's runner reads.
fn options(agent: &AgentView) -> String {
    let options = &agent.options;
    match agent.runner {
        RunnerKind::Command => options.command.join(" "),
        RunnerKind::Rehearsal => {
            format!("speed {}, seed {}, fail rate {}", options.speed, options.seed, options.fail_rate)
        }
        RunnerKind::ClaudeCode
        | RunnerKind::Codex
        | RunnerKind::Gemini
        | RunnerKind::Opencode
        | RunnerKind::External => String::new(),
    }
}
