//! `autocoder project list`.

use clap::Args;

use crate::exit::Failure;
use crate::output::table;
use crate::root::Root;
use crate::views::whole;

/// List the projects
#[derive(Args)]
pub(crate) struct List {}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let page = whole(root.open().await?.queries().projects().await?);
        root.output.show(&page, |page| {
            if page.items.is_empty() {
                return "there is no project yet; make one with: autocoder init PATH --name NAME".to_owned();
            }
            let rows = page.items.iter().map(|project| {
                vec![
                    project.name.clone(),
                    project.status.to_string(),
                    format!("{}/{}", project.phases_completed, project.phase_count),
                    format!("{}/{}", project.tasks_completed, project.task_count),
                    project.path.clone(),
                ]
            });
            table(root.output.width(), &["name", "status", "phases", "tasks", "path"], rows)
        })
    }
}
