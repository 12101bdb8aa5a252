//! `autocoder agent list`.

use autocoder_core::workflow;
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

fn number(number: Option<u64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let page = whole(workflow::agents_at_work(&*installation.store, project.id).await?);
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
                    number(agent.minutes),
                    number(agent.tokens_per_minute),
                    agent.detail.clone(),
                ]
            });
            let header =
                ["id", "role", "runner", "model", "wanted", "status", "task", "min", "tokens/min", "last line"];
            table(root.output.width(), &header, rows)
        })
    }
}
