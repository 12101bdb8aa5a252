//! `autocoder run`: one crew in the foreground, until the plan is finished or a person is needed.

pub(crate) mod banner;
mod ended;
mod narrate;
mod runner;

use std::path::PathBuf;
use std::sync::Arc;

use autocoder_agent::crew::{self, Crew, Identity, Progress};
use autocoder_agent::runner::McpEndpoint;
use autocoder_agent::supervisor::Limits;
use autocoder_core::agent::{Role, RunnerKind};
use autocoder_core::error::Refused;
use autocoder_core::ports::Scope;
use autocoder_core::project::Project;
use autocoder_core::view::ProjectView;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::{self, Root};

/// Let agents work on the plan until it is finished, a gate is reached, or the budget stops them
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  autocoder run --project shop                                 Claude Code, one task after another
  autocoder run --project shop --agent rehearsal --agents 3 --speed 60
  autocoder run --project shop --agent command -- ./my-agent {prompt_file}

Ends with 0 at a gate, when the plan is finished, or when only a person can go on, and says which;
with 5 when the budget stops it. Ctrl-C stops the agents and hands their tasks back.")]
pub(crate) struct Run {
    #[command(flatten)]
    in_project: InProject,
    /// What drives the agents
    #[arg(long, value_name = "KIND", default_value = "claude-code", value_parser = runner::kind)]
    agent: RunnerKind,
    /// How many agents work at the same time; more than one only in a rehearsal
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    agents: u8,
    /// The model to ask the agent for
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Wait where only a person can help, instead of ending
    #[arg(long)]
    wait: bool,
    /// How many times faster than life a rehearsal plays
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = runner::speed)]
    speed: f64,
    /// What a rehearsal plays; the same seed plays the same
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The share of a rehearsal's runs that fail, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = runner::share)]
    fail_rate: f64,
    /// The program of `--agent command` and its arguments, with {prompt_file}, {workdir}, {mcp_config}, {task_id}
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

impl Run {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let view = installation.project(&self.in_project).await?;
        let project = stored_project(&installation, &view).await?;
        let kind = self.agent;
        let crew = self.crew(root, &installation, project)?;
        let output = &root.output;
        let opening = opening(&view, &crew);
        let mut tell = |progress: Progress| {
            if matches!(progress, Progress::Joined) {
                output.note(&opening);
            }
            if let Some(line) = narrate::progress(&progress).filter(|_| !output.json) {
                // A closed pipe must not stop agents; the end of the command reports it.
                let _ = output.text(&line);
            }
        };
        let ending = crew::drive(crew, stop_on_signals()?, &mut tell).await?;
        ended::report(root, &installation, &view, kind, ending).await
    }

    fn crew(self, root: &Root, installation: &Installation, project: Project) -> Result<Crew, Failure> {
        if self.agents > 1 && self.agent != RunnerKind::Rehearsal {
            let message = format!("--agents is {}, but one agent that writes files may work on a project", self.agents);
            return Err(Failure::wrong(message, "leave --agents out, or use --agent rehearsal"));
        }
        let program = own_program()?;
        let config = &root.config;
        let runner = runner::build(&self, &program)?;
        Ok(Crew {
            store: Arc::clone(&installation.store),
            usage: root::meter(Arc::clone(&installation.store), self.agent),
            tools: tools(root, program, project.name.clone()),
            project,
            runner,
            agents: self.agents.into(),
            prefix: if self.agent == RunnerKind::Rehearsal { "rehearsal" } else { "coder" }.to_owned(),
            model: self.model,
            wait: self.wait,
            data_dir: config.data_dir.value.clone(),
            program: config.runners.get(&self.agent).map(|setting| setting.value.clone()),
            environment: config.environment.clone(),
            limits: Limits::default(),
        })
    }
}

/// The project as the use cases know it.
async fn stored_project(installation: &Installation, view: &ProjectView) -> Result<Project, Failure> {
    let mut unit = installation.store.begin(Scope::Installation).await?;
    Ok(unit.project(&view.name).await?.ok_or_else(|| Refused::missing("project", &view.name))?)
}

fn own_program() -> Result<PathBuf, Failure> {
    Ok(std::env::current_exe()?)
}

/// How an agent's process reaches the tools: it starts this program again, on the same database. A database URL may hold
/// a password, so it goes by the environment.
fn tools(root: &Root, program: PathBuf, project: String) -> Arc<dyn Fn(&Identity) -> McpEndpoint + Send + Sync> {
    let data_dir = root.config.data_dir.value.to_string_lossy().into_owned();
    let url = root.config.database_url.as_ref().map(|url| ("AUTOCODER_DATABASE_URL".to_owned(), url.value.clone()));
    Arc::new(move |identity| {
        let numbers = [identity.run.to_string(), identity.task.to_string(), identity.attempt.0.to_string()];
        let [run, task, attempt] = &numbers;
        let args = ["--data-dir", &data_dir, "mcp", "--project", &project, "--agent", &identity.agent.0];
        let more = ["--role", Role::Coder.as_str(), "--run", run, "--task", task, "--attempt", attempt];
        McpEndpoint::Stdio {
            program: program.clone(),
            args: args.into_iter().chain(more).map(str::to_owned).collect(),
            env: url.clone().into_iter().collect(),
        }
    })
}

fn opening(project: &ProjectView, crew: &Crew) -> String {
    let kind = crew.runner.kind();
    let agents = if crew.agents == 1 { format!("one {kind} agent") } else { format!("{} {kind} agents", crew.agents) };
    let open = project.task_count - project.tasks_completed;
    format!("{}: {open} of {} tasks are open, {agents}; Ctrl-C stops", project.name, project.task_count)
}

/// Becomes true at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once, and the next run cleans up.
fn stop_on_signals() -> Result<watch::Receiver<bool>, Failure> {
    let (sender, receiver) = watch::channel(false);
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
            if sender.send_replace(true) {
                std::process::exit(130);
            }
        }
    });
    Ok(receiver)
}
