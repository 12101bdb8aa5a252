//! `autocoder phase approve`.

use autocoder_core::ids::PhaseId;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Accept a phase at its gate; the next one starts
#[derive(Args)]
#[command(after_help = "Example:\n  autocoder phase approve 3 --note 'works on my phone'")]
pub(crate) struct Approve {
    #[command(flatten)]
    phase: ById,
    /// What you want to keep with the decision
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

impl Approve {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        let id = PhaseId(self.phase.id);
        workflow::approve_phase(&installation.context(), project.id, id, &self.note).await?;
        let phases = installation.queries().phases(project.id).await?;
        let view = installation.phase(&project, self.phase.id).await?;
        let next = next_line(&phases, &project.name);
        root.output.done(&view, &format!("phase {id} \"{}\" approved; {next}", view.name))
    }
}

fn next_line(phases: &[PhaseView], project: &str) -> String {
    match phases.iter().find(|phase| phase.status == PhaseStatus::InProgress) {
        Some(next) => format!("phase {} \"{}\" has started", next.id, next.name),
        None => format!("it was the last one: project \"{project}\" is completed"),
    }
}
