//! `autocoder restore`.

use std::path::PathBuf;

use autocoder_storage::{Target, restore};
use clap::Args;
use serde_json::json;

use super::backup::{bare, in_postgres, word};
use crate::exit::Failure;
use crate::root::Root;

/// Put a backup in the place of the database; the old one is kept
#[derive(Args)]
pub(crate) struct Restore {
    /// A file that `autocoder backup` made
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Restore {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let target = root.target();
        if let Target::Postgres(url) = &target {
            let file = word(&self.file);
            return Err(in_postgres(&format!("pg_restore --clean --if-exists --dbname={} {file}", bare(url))));
        }
        let restored = restore(&target, &self.file).await?;
        let kept = restored.kept.as_ref();
        let view = json!({
            "bytes": restored.bytes,
            "schema_of_backup": restored.schema_of_backup,
            "schema": restored.schema,
            "kept": kept,
        });
        let upgraded = if restored.schema == restored.schema_of_backup { "" } else { " and brought up to date" };
        let old = kept.map_or_else(String::new, |kept| format!("\nthe old database is kept as {}", kept.display()));
        root.output.done(&view, &format!("restored from {}{upgraded}{old}", self.file.display()))
    }
}
