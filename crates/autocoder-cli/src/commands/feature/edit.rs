//! `autocoder feature edit`.

use std::path::PathBuf;

use autocoder_core::feature::FeaturePatch;
use autocoder_core::ids::FeatureId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::{ById, priority};
use crate::exit::Failure;
use crate::input;
use crate::root::Root;

/// Change the name, description, spec or priority of a feature
#[derive(Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    feature: ById,
    #[command(flatten)]
    patch: Patch,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Patch {
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// What is wanted, in Markdown
    #[arg(long, value_name = "TEXT", conflicts_with = "spec_file")]
    spec: Option<String>,
    /// What is wanted: a Markdown file, or - for standard input
    #[arg(long, value_name = "FILE")]
    spec_file: Option<PathBuf>,
    /// Lower runs first
    #[arg(long, value_name = "N", value_parser = priority, allow_negative_numbers = true)]
    priority: Option<i32>,
}

impl Edit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let Patch { name, description, spec, spec_file, priority } = self.patch;
        let spec = input::text_or_file(spec, spec_file.as_deref())?;
        let patch = FeaturePatch { name, description, spec, priority };
        let installation = root.open().await?;
        let project = installation.project(&self.feature.in_project).await?;
        workflow::edit_feature(&installation.context(), project.id, FeatureId(self.feature.id), patch).await?;
        let view = installation.feature(&project, self.feature.id).await?;
        root.output.done(&view, &format!("feature {} \"{}\" changed", view.id, view.name))
    }
}
