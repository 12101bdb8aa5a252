//! Copies of a database: made while it is written to, and put back in its place.

mod check;
mod draft;
mod restore;

pub use restore::{Restored, restore};

use std::io;
use std::path::Path;

use autocoder_core::error::ErrorKind;
use autocoder_core::ports::StoreError;

use crate::lock::{LockError, OpenLock};
use crate::target::Target;
use check::check;
use draft::Draft;

/// What happens to a file that has the name of the backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and no backup is made.
    Keep,
    /// The backup takes its place once it is whole.
    Replace,
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Its size.
    pub bytes: u64,
    /// The newest migration in it.
    pub schema: String,
}

/// Why no backup was made, or none put back. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has its own programs.
    #[error("the data is in PostgreSQL, which has its own programs for backups")]
    Postgres,
    /// There is no file of that name.
    #[error("there is no {what} `{path}`")]
    Missing {
        /// `database` or `backup`.
        what: &'static str,
        /// Its path.
        path: String,
    },
    /// The name is in use.
    #[error("`{0}` exists already")]
    Exists(String),
    /// The backup and the database are one file.
    #[error("`{0}` is the database itself")]
    Itself(String),
    /// Another program makes a backup of that name.
    #[error("another program writes `{0}` at the moment")]
    Busy(String),
    /// The file has another format or another program's tables.
    #[error("`{path}` is not a database of autocoder: {detail}")]
    Foreign {
        /// The file.
        path: String,
        /// What is wrong with it.
        detail: String,
    },
    /// SQLite's check found faults.
    #[error("`{path}` is damaged: {detail}")]
    Damaged {
        /// The file.
        path: String,
        /// What the check found.
        detail: String,
    },
    /// A file cannot be used.
    #[error("cannot {action} `{path}`: {source}")]
    File {
        /// What was to be done.
        action: &'static str,
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Others use the database.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    /// The sort of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Missing { .. } => ErrorKind::NotFound,
            Self::Exists(_) | Self::Busy(_) => ErrorKind::Conflict,
            Self::Lock(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::Postgres | Self::Itself(_) | Self::Foreign { .. } | Self::Damaged { .. } | Self::File { .. } => {
                ErrorKind::InvalidInput
            }
        }
    }

    /// A word that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Missing { .. } => "not_found",
            Self::Exists(_) => "file_exists",
            Self::Itself(_) => "same_file",
            Self::Busy(_) => "file_busy",
            Self::Foreign { .. } => "not_a_database",
            Self::Damaged { .. } => "damaged",
            Self::File { .. } => "file",
            Self::Lock(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists(_) => Some("choose another name, or replace it with --force"),
            Self::Missing { .. } | Self::Itself(_) => Some("name another file; `autocoder doctor` shows the database"),
            Self::Foreign { .. } => Some("name a file that `autocoder backup` made"),
            Self::Damaged { .. } => Some("use another backup"),
            Self::Lock(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Postgres | Self::Busy(_) | Self::File { .. } => None,
        }
    }

    fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { action, path: path.display().to_string(), source }
    }
}

/// Writes a copy of the database to `to`: everything that was acknowledged before, and nothing half done. The file takes
/// its name only when it is whole, checked and on the disk.
///
/// # Errors
/// A PostgreSQL target, a name in use, a full disk, a copy that fails its check.
pub async fn backup(target: &Target, to: &Path, existing: Existing) -> Result<Backup, BackupError> {
    let Target::Sqlite(database) = target else { return Err(BackupError::Postgres) };
    if !database.exists() {
        return Err(BackupError::Missing { what: "database", path: database.display().to_string() });
    }
    let to = std::path::absolute(to).map_err(BackupError::file("use", to))?;
    refuse_name(database, &to, existing)?;
    let _open = OpenLock::shared(database).await?;
    let draft = Draft::create(&to, "partial")?;
    draft.fill(database).await?;
    let schema = check(draft.path()).await?;
    // Another program may have been faster.
    refuse_name(database, &to, existing)?;
    let bytes = draft.publish(&to)?;
    Ok(Backup { bytes, schema })
}

fn refuse_name(database: &Path, to: &Path, existing: Existing) -> Result<(), BackupError> {
    let shown = || to.display().to_string();
    if is_same(database, to) {
        return Err(BackupError::Itself(shown()));
    }
    match to.symlink_metadata() {
        Ok(_) if existing == Existing::Keep => Err(BackupError::Exists(shown())),
        Ok(found) if !found.is_file() => {
            Err(BackupError::file("replace", to)(io::Error::other("it is not a regular file")))
        }
        _ => Ok(()),
    }
}

/// Whether two names lead to one file; the log beside a database belongs to it.
fn is_same(database: &Path, other: &Path) -> bool {
    let Ok(real) = database.canonicalize() else { return false };
    let Ok(other) = other.canonicalize() else { return false };
    ["", "-wal", "-shm"].iter().any(|ending| {
        let mut name = real.clone().into_os_string();
        name.push(ending);
        name == *other.as_os_str()
    })
}
