//! `autocoder phase list`.

use clap::Args;

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::output::{bar, table};
use crate::root::Root;
use crate::views::whole;

/// List the phases in their order
#[derive(Args)]
pub(crate) struct List {
    #[command(flatten)]
    in_project: InProject,
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let page = whole(installation.queries().phases(project.id).await?);
        root.output.show(&page, |page| {
            let rows = page.items.iter().map(|phase| {
                vec![
                    phase.id.to_string(),
                    phase.order.to_string(),
                    phase.name.clone(),
                    phase.status.to_string(),
                    format!("{}/{}", phase.features_completed, phase.feature_count),
                    bar(phase.tasks_completed, phase.task_count, 10),
                ]
            });
            table(root.output.width(), &["id", "order", "name", "status", "features", "tasks"], rows)
        })
    }
}
