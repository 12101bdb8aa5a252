//! `autocoder feature list`.

use autocoder_core::ids::PhaseId;
use clap::Args;

use crate::arguments::{InProject, id};
use crate::exit::Failure;
use crate::output::{bar, table};
use crate::root::Root;
use crate::views::whole;

/// List the features in their order
#[derive(Args)]
pub(crate) struct List {
    /// Only those of this phase
    #[arg(long, value_name = "ID", value_parser = id, allow_negative_numbers = true)]
    phase: Option<i64>,
    #[command(flatten)]
    in_project: InProject,
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        if let Some(id) = self.phase {
            installation.phase(&project, id).await?;
        }
        let page = whole(installation.queries().features(project.id, self.phase.map(PhaseId)).await?);
        root.output.show(&page, |page| {
            let rows = page.items.iter().map(|feature| {
                vec![
                    feature.id.to_string(),
                    feature.phase_id.to_string(),
                    feature.name.clone(),
                    feature.status.to_string(),
                    feature.priority.to_string(),
                    bar(feature.tasks_completed, feature.task_count, 10),
                    feature.agent_id.as_ref().map(ToString::to_string).unwrap_or_default(),
                ]
            });
            let header = ["id", "phase", "name", "status", "priority", "tasks", "assigned to"];
            table(root.output.width(), &header, rows)
        })
    }
}
