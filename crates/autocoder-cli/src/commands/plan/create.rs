//! `autocoder plan create`: a planner makes phases, features and tasks from a spec.

use std::path::PathBuf;

use autocoder_agent::crew::Ending;
use autocoder_core::agent::{AgentOptions, RunnerKind};
use autocoder_core::error::Refused;
use autocoder_core::project::ProjectPatch;
use autocoder_core::scheduler::IdleReason;
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::InProject;
use crate::commands::run::Run;
use crate::commands::run::runner::{kind, speed};
use crate::exit::{Failure, count};
use crate::input;
use crate::installation::Installation;
use crate::root::Root;

/// Let an agent turn a spec into phases, features and tasks
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder plan create SPEC.md --project shop
  autocoder plan create SPEC.md --project shop --agent rehearsal --speed 100

Only a project without features takes a new plan; more is added with `plan import` or `feature add`.")]
pub(crate) struct Create {
    /// The spec: a Markdown or text file, or - for standard input
    file: PathBuf,
    #[command(flatten)]
    in_project: InProject,
    /// What drives the planner
    #[arg(long, value_name = "KIND", default_value = "claude-code", value_parser = kind)]
    agent: RunnerKind,
    /// The model to ask the agent for
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// How many times faster than life a rehearsal plays
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// What a rehearsal plays; the same seed plays the same
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The program of `--agent command` and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

impl Create {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let spec = input::read_text(&self.file)?;
        if spec.trim().is_empty() {
            let message = format!("{} is empty", super::shown(&self.file));
            return Err(Failure::wrong(message, "write down what the project should become"));
        }
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        must_be_empty(&project)?;
        let patch = ProjectPatch { spec: Some(spec), ..ProjectPatch::default() };
        workflow::edit_project(&installation.context(), project.id, patch).await?;
        let options =
            AgentOptions { command: self.command, speed: self.speed, seed: self.seed, ..AgentOptions::default() };
        let run = Run::planner(&project.name, self.agent, self.model, options);
        let ending = run.drive(root, &installation, &project).await?;
        report(root, &installation, &project, ending).await
    }
}

fn must_be_empty(project: &ProjectView) -> Result<(), Failure> {
    if project.feature_count == 0 {
        return Ok(());
    }
    let message = format!("project `{}` has a plan with {} features", project.name, project.feature_count);
    let hint = "add to it with `autocoder plan import` or `autocoder feature add`".to_owned();
    Err(Failure::Conflict { message, hint })
}

async fn report(
    root: &Root,
    installation: &Installation,
    project: &ProjectView,
    ending: Ending,
) -> Result<(), Failure> {
    let now = installation.queries().project(&project.name).await?;
    let now = now.ok_or_else(|| Refused::missing("project", &project.name))?;
    if now.feature_count == 0 {
        let why = match ending {
            Ending::Halted { detail, .. } => detail,
            Ending::Idle(idle) if idle.reason != IdleReason::ScopeEmpty => idle.reason.to_string(),
            Ending::Idle(_) => {
                "its run left nothing behind; `autocoder agent logs planner-1` shows what it said".to_owned()
            }
            Ending::Stopped => "it was stopped".to_owned(),
        };
        return Err(Failure::wrong(format!("there is no plan: {why}"), "the spec is kept; try again"));
    }
    let [phases, features, tasks] =
        [(now.phase_count, "phase"), (now.feature_count, "feature"), (now.task_count, "task")]
            .map(|(number, noun)| count(number.unsigned_abs() as usize, noun));
    let command = root.config.command();
    let next = format!("next: {command} phase list --project {0}, then {command} run --project {0}", now.name);
    root.output.done(&now, &format!("\"{}\" has a plan: {phases}, {features}, {tasks}\n{next}", now.name))
}
