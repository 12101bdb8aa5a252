//! `autocoder feature spec`.

use std::path::PathBuf;

use autocoder_core::ids::FeatureId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::input;
use crate::root::Root;

/// Print the spec of a feature, or write it from a file
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder feature spec 7
  autocoder feature spec 7 --file dark-mode.md")]
pub(crate) struct Spec {
    #[command(flatten)]
    feature: ById,
    /// The new spec: a Markdown file, or - for standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Spec {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let spec = self.file.as_deref().map(input::read_text).transpose()?;
        let installation = root.open().await?;
        let project = installation.project(&self.feature.in_project).await?;
        let writes = spec.is_some();
        if let Some(spec) = spec {
            workflow::set_spec(&installation.context(), project.id, FeatureId(self.feature.id), spec).await?;
        }
        let view = installation.feature(&project, self.feature.id).await?;
        if writes {
            return root.output.done(&view, &format!("spec of feature {} \"{}\" written", view.id, view.name));
        }
        root.output.show(&view, |view| match &view.spec {
            Some(spec) => spec.clone(),
            None => format!("feature {} \"{}\" has no spec yet", view.id, view.name),
        })
    }
}
