//! `autocoder agent list`.

use autocoder_core::view::AgentView;
use clap::Args;

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::output::table;
use crate::root::Root;
use crate::views::whole;

/// List the agents of a project
#[derive(Args)]
pub(crate) struct List {
    #[command(flatten)]
    in_project: InProject,
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let agents = installation.queries().agents(project.id).await?;
        let page = whole(agents.into_iter().map(AgentView::from).collect());
        root.output.show(&page, |page| {
            if page.items.is_empty() {
                return format!("\"{}\" has no agents yet; `autocoder run` brings its own", project.name);
            }
            let rows = page.items.iter().map(|agent| {
                vec![
                    agent.id.to_string(),
                    agent.role.to_string(),
                    agent.runner.to_string(),
                    agent.model.clone().unwrap_or_default(),
                    agent.wanted.to_string(),
                    agent.status.to_string(),
                    agent.task_id.map(|id| id.to_string()).unwrap_or_default(),
                    agent.detail.clone(),
                ]
            });
            let header = ["id", "role", "runner", "model", "wanted", "status", "task", "detail"];
            table(root.output.width(), &header, rows)
        })
    }
}
