//! `autocoder phase show`.

use autocoder_core::time::Timestamp;
use autocoder_core::view::PhaseView;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::output::{details, time};
use crate::root::Root;

/// Show a phase and the last decision at its gate
#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    phase: ById,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        root.output.show(&installation.phase(&project, self.phase.id).await?, card)
    }
}

fn card(phase: &PhaseView) -> String {
    let at = |at: Option<Timestamp>| at.map(time).unwrap_or_default();
    let decision =
        phase.decision.as_ref().map(|decision| format!("{} at {}: {}", decision.by, time(decision.at), decision.note));
    details(&[
        ("id", phase.id.to_string()),
        ("name", phase.name.clone()),
        ("project", phase.project_name.clone()),
        ("status", phase.status.to_string()),
        ("order", phase.order.to_string()),
        ("key", phase.key.clone()),
        ("features", format!("{} of {} completed", phase.features_completed, phase.feature_count)),
        ("tasks", format!("{} of {} passing", phase.tasks_completed, phase.task_count)),
        ("started", at(phase.started_at)),
        ("approved", at(phase.completed_at)),
        ("decision", decision.unwrap_or_default()),
        ("description", phase.description.clone()),
    ])
}
