//! `autocoder mcp`: the tools of one agent over standard input and output.

mod bridge;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use autocoder_agent::crew::WorktreeVerifier;
use autocoder_core::agent::{Isolation, Role, RunnerKind, agent_id};
use autocoder_core::error::Refused;
use autocoder_core::ids::{AgentId, Attempt, RunId, TaskId};
use autocoder_core::ports::Verifier;
use autocoder_core::view::ProjectView;
use autocoder_mcp::{Session, serve_legacy_stdio, serve_stdio};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::{InProject, id};
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::{Root, meter};

/// Give an agent its tools: MCP over standard input and output
#[derive(Args)]
#[command(after_help = "\
Example, for a client's configuration:
  {\"mcpServers\": {\"autocoder\": {\"command\": \"autocoder\", \"args\": [\"mcp\", \"--project\", \"todo-app\"]}}}")]
pub(crate) struct Mcp {
    #[command(flatten)]
    in_project: InProject,
    /// The agent; one that nobody knew is added. Left out: a name of this session's own
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
    /// Only the tools of this role: planner, spec_writer, coder, tester or reviewer
    #[arg(long)]
    role: Option<Role>,
    /// The tools under the names of the legacy tool instead, for prompts that know no others
    #[arg(long, conflicts_with = "role")]
    legacy_tools: bool,
    /// Pass everything on to the tools that a run serves here
    #[arg(long, value_name = "PATH", hide = true, conflicts_with_all = ["agent", "role", "legacy_tools", "run"])]
    socket: Option<PathBuf>,
    /// The run its claims are held for
    #[arg(long, hide = true, value_parser = id)]
    run: Option<i64>,
    /// The task it was given; it claims no other
    #[arg(long, hide = true, value_parser = id, requires = "attempt")]
    task: Option<i64>,
    /// The number of that claim
    #[arg(long, hide = true, requires = "task")]
    attempt: Option<u32>,
}

impl Mcp {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        if let Some(socket) = &self.socket {
            outlive_interrupts()?;
            return bridge::pass_on(socket);
        }
        let name = self.agent.unwrap_or_else(|| format!("external-{}", std::process::id()));
        let agent = agent_id(&name).map_err(Refused::from)?;
        outlive_interrupts()?;
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let runner = runner_of(&installation, &project, &agent).await?;
        let output = root.output.clone();
        let session = Session {
            usage: meter(Arc::clone(&installation.store), runner),
            verifier: verifier((runner, None), &(root.config.data_dir.value.clone(), root.config.environment.clone())),
            store: installation.store,
            project: project.id,
            project_name: project.name,
            agent,
            role: self.role,
            run: self.run.map(RunId),
            fence: self.task.zip(self.attempt).map(|(task, attempt)| (TaskId(task), Attempt(attempt))),
            log: Arc::new(move |line| output.note(line)),
        };
        let served = if self.legacy_tools { serve_legacy_stdio(session).await } else { serve_stdio(session).await };
        Ok(served?)
    }
}

/// A supervisor interrupts its agent's whole group; the tools stay until the agent has closed them, so that it can still
/// hand its task back.
fn outlive_interrupts() -> Result<(), Failure> {
    let mut interrupts = signal(SignalKind::interrupt())?;
    tokio::spawn(async move { while interrupts.recv().await.is_some() {} });
    Ok(())
}

/// What drives the agent; an agent that nobody knows came in by itself.
async fn runner_of(installation: &Installation, project: &ProjectView, agent: &AgentId) -> Result<RunnerKind, Failure> {
    let known = installation.queries().agents(project.id).await?.into_iter().find(|known| known.id == *agent);
    Ok(known.map_or(RunnerKind::External, |agent| agent.runner))
}

/// Who checks the work of agents of a kind that are kept from the machine so (none: as the project says), given where the
/// data lie and the environment to choose from.
pub(super) fn verifier(
    (runner, isolation): (RunnerKind, Option<Isolation>),
    (data_dir, environment): &(PathBuf, BTreeMap<String, String>),
) -> Arc<dyn Verifier> {
    Arc::new(WorktreeVerifier {
        runner,
        data_dir: data_dir.clone(),
        environment: environment.clone(),
        isolation,
        clock: || chrono::Utc::now().into(),
    })
}
