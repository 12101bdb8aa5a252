//! `autocoder agent show`.

use clap::Args;

use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::output::{details, time};
use crate::root::Root;

/// Show an agent
#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    agent: ByAgent,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.agent.in_project).await?;
        let view = installation.agent(&project, &self.agent.agent).await?;
        root.output.show(&view, |agent| {
            details(&[
                ("id", agent.id.to_string()),
                ("role", agent.role.to_string()),
                ("runner", agent.runner.to_string()),
                ("model", agent.model.clone().unwrap_or_default()),
                ("wanted", agent.wanted.to_string()),
                ("status", agent.status.to_string()),
                ("detail", agent.detail.clone()),
                ("task", agent.task_id.map(|id| id.to_string()).unwrap_or_default()),
                ("host", agent.host.clone()),
                ("last sign", agent.heartbeat_at.map(time).unwrap_or_default()),
            ])
        })
    }
}
