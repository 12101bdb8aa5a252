//! `autocoder plan check`: everything that is wrong with a plan file, without a database.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::exit::Failure;
use crate::root::Root;

/// Say everything that is wrong with a plan file; nothing is imported
#[derive(Args)]
pub(crate) struct Check {
    /// The plan file (YAML or JSON), or - for standard input
    file: PathBuf,
}

impl Check {
    pub(crate) fn run(self, root: &Root) -> Result<(), Failure> {
        let document = super::parse(&self.file, &super::read(&self.file)?)?;
        let view = json!({
            "project": document.project.name,
            "phases": document.phases.len(),
            "features": super::features(&document),
            "tasks": document.task_count(),
        });
        root.output.show(&view, |_| format!("{} is a good plan: {}", super::shown(&self.file), super::size(&document)))
    }
}
