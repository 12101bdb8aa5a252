//! Which database is meant, and how it is opened.

use std::path::PathBuf;
use std::sync::Arc;

use autocoder_core::time::Timestamp;

/// Where the time of a store comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL database.
    Postgres(String),
}

impl Target {
    /// `postgres://…` and `postgresql://…` are servers; `sqlite:PATH`, `sqlite://PATH` and anything else are files.
    #[must_use]
    pub fn parse(url_or_path: &str) -> Self {
        if url_or_path.starts_with("postgres://") || url_or_path.starts_with("postgresql://") {
            return Self::Postgres(url_or_path.to_owned());
        }
        let path = url_or_path.strip_prefix("sqlite://").or_else(|| url_or_path.strip_prefix("sqlite:"));
        Self::Sqlite(path.unwrap_or(url_or_path).into())
    }
}

/// How a database is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// Whether the schema is brought up to date first.
    pub migrate: bool,
    /// Another clock than the system's (SQLite) or the server's (PostgreSQL).
    pub clock: Option<Clock>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { migrate: true, clock: None }
    }
}

impl std::fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let clock = self.clock.as_ref().map(|_| "set");
        f.debug_struct("OpenOptions").field("migrate", &self.migrate).field("clock", &clock).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_or_a_path_names_a_database() {
        let file = |path: &str| Target::Sqlite(path.into());
        for (text, target) in [
            ("postgres://u@h/db", Target::Postgres("postgres://u@h/db".to_owned())),
            ("postgresql://h/db", Target::Postgres("postgresql://h/db".to_owned())),
            ("sqlite:///var/a.db", file("/var/a.db")),
            ("sqlite:a.db", file("a.db")),
            ("/var/a b.db", file("/var/a b.db")),
        ] {
            assert_eq!(Target::parse(text), target, "{text}");
        }
    }
}
