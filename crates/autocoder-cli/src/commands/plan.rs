//! `autocoder plan`: whole plans as files.

mod check;
mod create;
mod export;
mod import;
mod schema;

use std::path::Path;

use autocoder_core::plan::{self, PlanDocument};
use clap::Subcommand;

use crate::exit::{Failure, count};
use crate::input;
use crate::root::Root;

/// Make a plan from a spec; check, import and export plan files
#[derive(Subcommand)]
pub(crate) enum Plan {
    Create(Box<create::Create>),
    Check(check::Check),
    Import(import::Import),
    Export(export::Export),
    Schema(schema::Schema),
}

impl Plan {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::Create(verb) => verb.run(root).await,
            Self::Check(verb) => verb.run(root),
            Self::Import(verb) => verb.run(root).await,
            Self::Export(verb) => verb.run(root).await,
            Self::Schema(verb) => verb.run(root),
        }
    }
}

/// The name of a plan file in messages.
fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<PlanDocument, Failure> {
    plan::parse(bytes).map_err(|problems| Failure::Plan { file: shown(path), problems })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    input::read_bytes(path, input::PLAN_BYTES)
}

fn features(document: &PlanDocument) -> usize {
    document.phases.iter().map(|phase| phase.features.len()).sum()
}

/// "4 phases, 12 features, 40 tasks".
fn size(document: &PlanDocument) -> String {
    let (phases, tasks) = (document.phases.len(), document.task_count());
    let features = count(features(document), "feature");
    format!("{}, {features}, {}", count(phases, "phase"), count(tasks, "task"))
}
