//! `autocoder phase edit`.

use autocoder_core::ids::PhaseId;
use autocoder_core::phase::PhasePatch;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Change the name, description or place of a phase
#[derive(Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    phase: ById,
    #[command(flatten)]
    patch: Patch,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Patch {
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Its place among the phases that have not started
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    order: Option<i32>,
}

impl Edit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        let Patch { name, description, order } = self.patch;
        let patch = PhasePatch { name, description, order };
        workflow::edit_phase(&installation.context(), project.id, PhaseId(self.phase.id), patch).await?;
        let view = installation.phase(&project, self.phase.id).await?;
        root.output.done(&view, &format!("phase {} \"{}\" changed", view.id, view.name))
    }
}
