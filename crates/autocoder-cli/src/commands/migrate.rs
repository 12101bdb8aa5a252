//! `autocoder migrate`: the schema of the database.

use autocoder_storage::{MigrationStatus, migration_status};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::exit::{Failure, count};
use crate::root::Root;

/// Bring the database up to date, or show where it stands
#[derive(Subcommand)]
pub(crate) enum Migrate {
    /// Apply what is missing; every other command does so too
    Up(Nothing),
    /// Show which migrations are applied
    Status(Nothing),
}

#[derive(Args)]
pub(crate) struct Nothing {}

impl Migrate {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::Up(Nothing {}) => up(root).await,
            Self::Status(Nothing {}) => status(root).await,
        }
    }
}

async fn up(root: &Root) -> Result<(), Failure> {
    let before = migration_status(&root.target()).await?;
    root.open().await?;
    let after = migration_status(&root.target()).await?;
    let sentence = match before.pending.len() {
        0 => "the database is up to date".to_owned(),
        applied => format!("{} applied", count(applied, "migration")),
    };
    root.output.done(&view(&after), &sentence)
}

async fn status(root: &Root) -> Result<(), Failure> {
    let status = migration_status(&root.target()).await?;
    root.output.show(&view(&status), |_| {
        let lines =
            |word: &str, names: &[String]| names.iter().map(|name| format!("{word:<8} {name}\n")).collect::<String>();
        let (applied, pending) = (lines("applied", &status.applied), lines("pending", &status.pending));
        format!("{applied}{pending}{}", lines("newer", &status.newer))
    })
}

pub(crate) fn view(MigrationStatus { applied, pending, newer }: &MigrationStatus) -> Value {
    json!({ "applied": applied, "pending": pending, "newer": newer })
}
