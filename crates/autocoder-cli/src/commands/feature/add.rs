//! `autocoder feature add`.

use std::path::PathBuf;

use autocoder_core::feature::{DEFAULT_PRIORITY, NewFeature};
use autocoder_core::ids::PhaseId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::{InProject, id, priority};
use crate::exit::Failure;
use crate::input;
use crate::root::Root;

/// Add a feature; its spec and tasks come next
#[derive(Args)]
#[command(after_help = "Example:\n  autocoder feature add 'Dark mode' --phase 2 --spec-file dark-mode.md")]
pub(crate) struct Add {
    /// Its name
    name: String,
    /// Its phase; left out: the active one
    #[arg(long, value_name = "ID", value_parser = id, allow_negative_numbers = true)]
    phase: Option<i64>,
    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
    /// What is wanted, in Markdown
    #[arg(long, value_name = "TEXT", conflicts_with = "spec_file")]
    spec: Option<String>,
    /// What is wanted: a Markdown file, or - for standard input
    #[arg(long, value_name = "FILE")]
    spec_file: Option<PathBuf>,
    /// Lower runs first
    #[arg(long, value_name = "N", value_parser = priority, allow_negative_numbers = true, default_value_t = DEFAULT_PRIORITY)]
    priority: i32,
    #[command(flatten)]
    in_project: InProject,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let new = NewFeature {
            phase: self.phase.map(PhaseId),
            name: self.name,
            description: self.description,
            spec: input::text_or_file(self.spec, self.spec_file.as_deref())?,
            priority: self.priority,
        };
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let made = workflow::add_feature(&installation.context(), project.id, new).await?;
        let view = installation.feature(&project, made.id.0).await?;
        let next =
            format!("next: {} task add NAME --project {} --feature {}", root.config.command(), project.name, view.id);
        root.output
            .done(&view, &format!("feature {} \"{}\" added to phase {}\n{next}", view.id, view.name, view.phase_id))
    }
}
