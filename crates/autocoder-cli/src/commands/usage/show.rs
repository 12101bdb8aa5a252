//! `autocoder usage show`.

use autocoder_usage::meter::read_gauge;
use clap::Args;
use serde_json::json;

use super::gauge_line;
use crate::arguments::InProject;
use crate::exit::Failure;
use crate::output::details;
use crate::root::Root;

/// Show what is used and left in this period
#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    in_project: InProject,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let ledger = installation.store.ledger();
        let models = read_gauge(ledger, project.id, false).await?;
        let rehearsal = read_gauge(ledger, project.id, true).await?;
        let view = json!({ "project_name": project.name, "usage": models, "rehearsal": rehearsal });
        root.output.show(&view, |_| {
            details(&[
                ("project", project.name.clone()),
                ("used", gauge_line(&models)),
                ("rehearsal", gauge_line(&rehearsal)),
            ])
        })
    }
}
