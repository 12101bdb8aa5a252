//! `autocoder task next`: what a claim would give, and why.

use autocoder_core::agent::{RunnerKind, agent_id};
use autocoder_core::error::Refused;
use autocoder_core::ids::AgentId;
use autocoder_core::view::{ClaimView, ClaimedTask, IdleView, ProjectView};
use autocoder_core::workflow::{self, Claiming, Context};
use clap::Args;

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::output::{details, time};
use crate::root::{Root, meter};

/// Whoever asks without saying so: an agent without assigned features.
const ANYONE: &str = "anyone";

/// Show which task an agent would get next, and why; claims nothing without --claim
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder task next
  autocoder task next --claim --agent coder-1")]
pub(crate) struct Next {
    /// Take the task for the agent
    #[arg(long, requires = "agent")]
    claim: bool,
    /// The agent that asks; left out: one without assigned features
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
    #[command(flatten)]
    in_project: InProject,
}

impl Next {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let agent = agent_id(self.agent.as_deref().unwrap_or(ANYONE)).map_err(Refused::from)?;
        let runner = match self.agent {
            Some(_) => runner(&installation, &project, &agent).await?,
            None => RunnerKind::ClaudeCode,
        };
        let usage = meter(installation.store.clone(), runner);
        let cx = Context { usage: &*usage, ..installation.context() };
        let claiming = if self.claim {
            workflow::claim_task(&cx, project.id, &agent, None).await?
        } else {
            workflow::peek_task(&cx, project.id, &agent).await?
        };
        let view = match claiming {
            Claiming::Task(claim) => ClaimView::from(*claim),
            Claiming::None(idle) => ClaimView::from(*idle),
        };
        root.output.show(&view, |view| text(view, self.claim, &agent))
    }
}

/// What drives the agent decides which budget counts.
async fn runner(installation: &Installation, project: &ProjectView, agent: &AgentId) -> Result<RunnerKind, Failure> {
    let known = installation.queries().agents(project.id).await?.into_iter().find(|known| known.id == *agent);
    Ok(known.map_or(RunnerKind::ClaudeCode, |agent| agent.runner))
}

fn text(view: &ClaimView, claimed: bool, agent: &AgentId) -> String {
    match &view.task {
        None => none(&view.idle),
        Some(task) if claimed => format!("{agent} holds it now\n{}", card(task)),
        Some(task) => card(task),
    }
}

fn card(task: &ClaimedTask) -> String {
    let steps: Vec<_> = task.steps.iter().enumerate().map(|(place, step)| format!("{}. {step}", place + 1)).collect();
    details(&[
        ("task", format!("{} \"{}\"", task.id, task.name)),
        ("feature", format!("{} \"{}\"", task.feature_id, task.feature_name)),
        ("phase", format!("{} \"{}\"", task.phase_id, task.phase_name)),
        ("why", "first ready task by feature and priority in the active phase".to_owned()),
        ("category", task.category.clone()),
        ("complexity", task.estimated_complexity.to_string()),
        ("held until", task.lease_expires.map(time).unwrap_or_default()),
        ("last failure", task.last_failure.clone().unwrap_or_default()),
        ("answer", task.answer.clone().unwrap_or_default()),
        ("description", task.description.clone()),
        ("steps", steps.join("\n")),
    ])
}

fn none(idle: &IdleView) -> String {
    let IdleView { reason, advice, retry_at, counts } = idle;
    let reason = reason.map(|reason| reason.to_string().replace('_', " ")).unwrap_or_default();
    let mut text = format!("no task: {reason}; advice: {advice}");
    if let Some(at) = retry_at {
        text.push_str(&format!(", ask again at {}", time(*at)));
    }
    if let Some(counts) = counts {
        let (tasks, passing, held) = (counts.tasks, counts.passing, counts.in_progress);
        let (asking, blocked) = (counts.needs_input, counts.blocked);
        text.push_str(&format!(
            "\nphase: {passing} of {tasks} tasks passing, {held} in progress, {asking} asking, {blocked} blocked"
        ));
    }
    text
}
