//! `autocoder feature show`.

use autocoder_core::view::{FeatureView, Independence};
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::output::details;
use crate::root::Root;

/// Show a feature with its spec
#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    feature: ById,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.feature.in_project).await?;
        root.output.show(&installation.feature(&project, self.feature.id).await?, card)
    }
}

fn alone(independence: &Independence) -> String {
    let answer = if independence.can_run_independently { "yes" } else { "no" };
    format!("{answer}: {}", independence.reason)
}

fn card(feature: &FeatureView) -> String {
    let FeatureView { task_count, tasks_completed, tasks_in_progress, .. } = feature;
    details(&[
        ("id", feature.id.to_string()),
        ("name", feature.name.clone()),
        ("project", feature.project_name.clone()),
        ("phase", feature.phase_id.to_string()),
        ("status", feature.status.to_string()),
        ("priority", feature.priority.to_string()),
        ("key", feature.key.clone()),
        ("assigned to", feature.agent_id.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("alone", feature.independence.as_ref().map(alone).unwrap_or_default()),
        ("tasks", format!("{tasks_completed} of {task_count} passing, {tasks_in_progress} in progress")),
        ("description", feature.description.clone()),
        ("spec", feature.spec.clone().unwrap_or_default()),
    ])
}
