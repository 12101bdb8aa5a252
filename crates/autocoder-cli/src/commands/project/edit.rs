//! `autocoder project edit`.

use autocoder_core::project::ProjectPatch;
use autocoder_core::workflow;
use clap::Args;

use super::ByName;
use crate::commands::init::Described;
use crate::exit::Failure;
use crate::root::Root;

/// Change what people read about a project, and how its agents work
#[derive(Args)]
#[command(after_help = "Example:\n  autocoder project edit todo-app --verify 'npm test' --max-failures 5")]
pub(crate) struct Edit {
    #[command(flatten)]
    name: ByName,
    #[command(flatten)]
    described: Described,
    /// Check nothing before a task passes
    #[arg(long, conflicts_with = "verify")]
    no_verify: bool,
}

impl Edit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let spec = self.described.spec()?;
        let installation = root.open().await?;
        let project = self.name.find(&installation).await?;
        let mut settings = self.described.settings(project.settings.clone());
        if self.no_verify {
            settings.verify.clear();
        }
        let patch = ProjectPatch {
            title: self.described.title,
            description: self.described.description,
            spec,
            settings: Some(settings).filter(|settings| *settings != project.settings),
        };
        if patch == ProjectPatch::default() {
            return root.output.done(&project, &format!("project \"{}\" is as it was", project.name));
        }
        workflow::edit_project(&installation.context(), project.id, patch).await?;
        let view = installation.project_named(&project.name).await?;
        root.output.done(&view, &format!("project \"{}\" changed", view.name))
    }
}
