//! `autocoder feature delete`.

use autocoder_core::ids::FeatureId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::{ById, Deletion};
use crate::exit::{Failure, count};
use crate::input::confirm_deletion;
use crate::root::Root;
use crate::views::deleted;

/// Delete a feature with its tasks
#[derive(Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    feature: ById,
    #[command(flatten)]
    deletion: Deletion,
}

impl Delete {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.feature.in_project).await?;
        let feature = installation.feature(&project, self.feature.id).await?;
        let tasks = count(usize::try_from(feature.task_count).unwrap_or(0), "task");
        let what = format!("feature {} \"{}\" with {tasks}", feature.id, feature.name);
        confirm_deletion(&root.output, self.deletion, &what)?;
        let id = FeatureId(self.feature.id);
        let gone = workflow::delete_feature(&installation.context(), project.id, id, self.deletion.force).await?;
        let sentence = format!("feature {id} \"{}\" deleted with {}", feature.name, count(gone, "task"));
        root.output.done(&deleted("feature", id, gone), &sentence)
    }
}
