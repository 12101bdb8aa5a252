//! `autocoder phase add`.

use autocoder_core::phase::NewPhase;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::root::Root;

/// Add a phase; without an order it goes behind the last one
#[derive(Args)]
pub(crate) struct Add {
    /// Its name
    name: String,
    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
    /// Its place among the phases
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    order: Option<i32>,
    #[command(flatten)]
    in_project: InProject,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let new = NewPhase { name: self.name, description: self.description, order: self.order };
        let made = workflow::add_phase(&installation.context(), project.id, new).await?;
        let view = installation.phase(&project, made.id.0).await?;
        root.output.done(&view, &format!("phase {} \"{}\" added to \"{}\"", view.id, view.name, project.name))
    }
}
