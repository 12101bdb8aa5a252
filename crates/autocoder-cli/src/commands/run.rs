//! `autocoder run`: one crew in the foreground, until the plan is finished or a person is needed.

pub(crate) mod banner;
pub(crate) mod ended;
mod handed_over;
mod isolation;
mod narrate;
pub(crate) mod runner;
mod tools;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use autocoder_agent::crew::{self, Crew, Ending, FixedRoster, Holder, Member, Progress, Stay};
use autocoder_agent::git::Repository;
use autocoder_agent::supervisor::Limits;
use autocoder_core::agent::{AgentOptions, Isolation, Role, RunnerKind};
use autocoder_core::error::Refused;
use autocoder_core::ids::AgentId;
use autocoder_core::ports::Scope;
use autocoder_core::project::Project;
use autocoder_core::view::ProjectView;
use clap::Args;

use self::handed_over::HandedOver;
use self::tools::SocketTools;
use crate::arguments::InProject;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::notify::Notifier;
use crate::root::{self, Root};
use crate::signals;

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
    /// What the agents are for: planner, spec_writer, coder, tester or reviewer
    #[arg(long, value_name = "ROLE", default_value = "coder")]
    role: Role,
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
    /// How far the agents are kept from the machine: auto, bubblewrap or none; left out: as the project says
    #[arg(long, value_name = "KIND")]
    isolation: Option<Isolation>,
    /// The program of `--agent command` and its arguments, with {prompt_file}, {workdir}, {mcp_config}, {task_id}
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

impl Run {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let view = installation.project(&self.in_project).await?;
        let (kind, role) = (self.agent, self.role);
        let ending = self.drive(root, &installation, &view).await?;
        ended::report(root, &installation, &view, (kind, role), ending).await
    }

    /// Lets the agents work until the crew ends, and answers why.
    pub(crate) async fn drive(
        self,
        root: &Root,
        installation: &Installation,
        view: &ProjectView,
    ) -> Result<Ending, Failure> {
        let project = stored_project(installation, view).await?;
        let kind = self.agent;
        self.check_agents(root, &project).await?;
        let roster = Arc::new(self.roster(root, installation)?);
        let opening = opening(view, (kind, self.role), roster.all().len());
        let wanted = self.isolation.unwrap_or(view.settings.isolation);
        let isolation = isolation::statement(kind, wanted, &root.config.environment).await?;
        let wait = self.wait;
        let crew = self.crew(root, installation, project, Arc::clone(&roster))?;
        let stop = signals::stop()?;
        root::meter(Arc::clone(&installation.store), kind).go_on().await.map_err(Refused::from)?;
        let output = &root.output;
        let mut notifier = Notifier::new(root.config.notify.clone(), output.clone());
        let mut tell = |progress: Progress| {
            if matches!(progress, Progress::Joined) {
                output.note(&opening);
                isolation.iter().for_each(|isolation| output.note(isolation));
            }
            if let Progress::Event(event) = &progress {
                notifier.event(event);
            }
            if let Some(line) = narrate::progress(&progress).filter(|_| !output.json) {
                // A closed pipe must not stop agents; the end of the command reports it.
                let _ = output.text(&line);
            }
        };
        let driven = crew::drive(crew, stop.clone(), &mut tell).await;
        let ending = match driven {
            Err(Refused::CrewHeld { holder, .. }) if crew::is_live_server(&holder) => {
                output.note(&format!("{opening}; the server ({holder}) drives the project and does the work"));
                let handed = HandedOver { installation, project: view, roster: &roster, wait };
                handed.follow(stop, &mut tell).await?
            }
            ended => ended?,
        };
        notifier.finished().await;
        Ok(ending)
    }

    /// One planner on the project, driven by `agent`.
    pub(crate) fn planner(project: &str, agent: RunnerKind, model: Option<String>, options: AgentOptions) -> Self {
        let AgentOptions { command, speed, seed, fail_rate, isolation, .. } = options;
        let in_project = InProject { project: Some(project.to_owned()) };
        let (agents, role, wait) = (1, Role::Planner, false);
        Self { in_project, agent, agents, role, model, wait, speed, seed, fail_rate, isolation, command }
    }

    /// Each feature has a work tree of its own; without git there is one folder for everybody.
    async fn check_agents(&self, root: &Root, project: &Project) -> Result<(), Failure> {
        if self.agents == 1 || self.agent == RunnerKind::Rehearsal || self.role != Role::Coder {
            return Ok(());
        }
        let (path, environment) = (Path::new(&project.path), &root.config.environment);
        if Repository::discover(path, environment).await.is_ok_and(|found| found.is_some()) {
            return Ok(());
        }
        let (agents, path) = (self.agents, path.display());
        let message =
            format!("--agents is {agents}, but `{path}` is in no git repository, and one agent may work there");
        Err(Failure::wrong(message, "leave --agents out, or run `git init` there and make a first commit"))
    }

    /// The agents of this run.
    fn roster(&self, root: &Root, installation: &Installation) -> Result<FixedRoster, Failure> {
        let runner = runner::build(self, &own_program()?)?;
        let prefix = match (self.role, self.agent) {
            (Role::Coder, RunnerKind::Rehearsal) => "rehearsal",
            (role, _) => role.as_str(),
        };
        let usage = root::meter(Arc::clone(&installation.store), self.agent);
        let member = |number| Member {
            id: AgentId(format!("{prefix}-{number}")),
            role: self.role,
            runner: Arc::clone(&runner),
            model: self.model.clone(),
            usage: Arc::clone(&usage),
            program: root.config.runners.get(&self.agent).map(|setting| setting.value.clone()),
            isolation: self.isolation,
        };
        Ok(FixedRoster::new((1..=self.agents).map(member).collect(), self.options()))
    }

    fn options(&self) -> AgentOptions {
        AgentOptions {
            command: self.command.clone(),
            speed: self.speed,
            seed: self.seed,
            fail_rate: self.fail_rate,
            isolation: self.isolation,
        }
    }

    fn crew(
        self,
        root: &Root,
        installation: &Installation,
        project: Project,
        roster: Arc<FixedRoster>,
    ) -> Result<Crew, Failure> {
        let config = &root.config;
        Ok(Crew {
            store: Arc::clone(&installation.store),
            usage: root::meter(Arc::clone(&installation.store), self.agent),
            tools: Arc::new(SocketTools::new(root, installation, (self.agent, self.isolation))?),
            project,
            roster,
            stay: if self.wait { Stay::UntilStopped } else { Stay::UntilPersonNeeded },
            holder: Holder::this(),
            data_dir: config.data_dir.value.clone(),
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

fn opening(project: &ProjectView, (kind, role): (RunnerKind, Role), agents: usize) -> String {
    let agents = if agents == 1 { format!("one {kind} agent") } else { format!("{agents} {kind} agents") };
    if role != Role::Coder {
        return format!("{}: {agents} as {role}; Ctrl-C stops", project.name);
    }
    let open = project.task_count - project.tasks_completed;
    format!("{}: {open} of {} tasks are open, {agents}; Ctrl-C stops", project.name, project.task_count)
}
