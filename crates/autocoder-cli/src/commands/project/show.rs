//! `autocoder project show`.

use autocoder_core::view::ProjectView;
use clap::Args;

use super::ByName;
use crate::exit::Failure;
use crate::output::details;
use crate::root::Root;

/// Show a project with its settings
#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    name: ByName,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = self.name.find(&installation).await?;
        root.output.show(&project, card)
    }
}

fn card(project: &ProjectView) -> String {
    let settings = &project.settings;
    details(&[
        ("name", project.name.clone()),
        ("title", project.title.clone()),
        ("status", project.status.to_string()),
        ("path", project.path.clone()),
        ("phases", format!("{} of {} approved", project.phases_completed, project.phase_count)),
        ("features", project.feature_count.to_string()),
        ("tasks", format!("{} of {} passing", project.tasks_completed, project.task_count)),
        ("driven by", project.driven_by.clone().unwrap_or_default()),
        ("verify", settings.verify.join("\n")),
        ("verify timeout", format!("{} s", settings.verify_timeout_s)),
        ("max failures", settings.max_failures.to_string()),
        ("writers per feature", settings.writers_per_feature.to_string()),
        ("agents at most", settings.max_agents.to_string()),
        ("starts apart", format!("{} s", settings.stagger_s)),
        ("isolation", settings.isolation.to_string()),
        ("regression share", format!("{} %", settings.regression_percent)),
        ("description", project.description.clone()),
        ("spec", project.spec.clone().unwrap_or_default()),
    ])
}
