//! `autocoder backup`.

use std::path::PathBuf;

use autocoder_storage::{Existing, Target, backup};
use clap::Args;
use serde_json::json;

use crate::exit::Failure;
use crate::root::Root;

/// Copy the database to a file while everything goes on
#[derive(Args)]
pub(crate) struct Backup {
    /// The file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace a file of that name
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let target = root.target();
        if let Target::Postgres(url) = &target {
            return Err(in_postgres(&format!("pg_dump --format=custom --file={} {}", word(&self.file), bare(url))));
        }
        let existing = if self.force { Existing::Replace } else { Existing::Keep };
        let made = backup(&target, &self.file, existing).await?;
        let file = std::path::absolute(&self.file)?;
        let view = json!({ "file": file, "bytes": made.bytes, "schema": made.schema });
        root.output.done(&view, &format!("backed up to {} ({} bytes)", file.display(), made.bytes))
    }
}

/// PostgreSQL's own programs do it better.
pub(super) fn in_postgres(command: &str) -> Failure {
    Failure::wrong(
        "the data is in PostgreSQL, which has its own programs for backups",
        format!("run `{command}`; it asks for the password, or takes it from ~/.pgpass"),
    )
}

/// A file's name as a shell reads it back.
pub(super) fn word(file: &std::path::Path) -> String {
    quoted(&file.to_string_lossy())
}

/// The URL of a database without any password, as a shell reads it back.
pub(super) fn bare(url: &str) -> String {
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = place.split_once("://").unwrap_or(("postgres", place));
    let place = match rest.rsplit_once('@') {
        Some((login, host)) => format!("{}@{host}", login.split(':').next().unwrap_or_default()),
        None => rest.to_owned(),
    };
    let kept: Vec<_> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("password=")).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    quoted(&format!("{scheme}://{place}{query}"))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_for_postgresql_has_no_password() {
        for (url, shown) in [
            ("postgres://me:secret@db/x", "'postgres://me@db/x'"),
            ("postgres://me:se@cret@db:5432/x", "'postgres://me@db:5432/x'"),
            ("postgresql:///x?host=/run&password=secret", "'postgresql:///x?host=/run'"),
            ("postgres:///x?password=secret", "'postgres:///x'"),
            ("postgres://db/it's", "'postgres://db/it'\\''s'"),
        ] {
            assert_eq!(bare(url), shown);
        }
    }
}
