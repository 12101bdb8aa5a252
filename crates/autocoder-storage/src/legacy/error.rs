//! Why a legacy list cannot be read.

use std::io;
use std::path::PathBuf;

use autocoder_core::error::ErrorKind;

/// Why a legacy list cannot be read; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LegacyError {
    /// The file cannot be opened.
    #[error("cannot read `{}`: {source}", .file.display())]
    Unreadable {
        /// The list.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The copy finds no place.
    #[error("cannot copy the list into the folder for temporary files: {0}")]
    Room(#[source] io::Error),
    /// It is something else.
    #[error("`{}` is not a SQLite file", .0.display())]
    NotSqlite(PathBuf),
    /// It is too large for a list of tasks.
    #[error("`{}` is too large: a list has at most 100,000 tasks and 1 GiB", .0.display())]
    TooLarge(PathBuf),
    /// SQLite cannot make sense of it.
    #[error("`{}` is damaged: {detail}", .file.display())]
    Damaged {
        /// The list.
        file: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// It is another program's database.
    #[error("`{}` has no table `features`", .0.display())]
    NoTable(PathBuf),
    /// The table has not what makes a task.
    #[error("`{}`: the table `features` must have a column `{field}`", .file.display())]
    NoColumn {
        /// The list.
        file: PathBuf,
        /// The column.
        field: &'static str,
    },
    /// A row has no id.
    #[error("`{}`: `features.id` must be a whole number in every row", .0.display())]
    NoId(PathBuf),
    /// Two rows have one id.
    #[error("`{}`: `features.id` must be unique, but {id} is there twice", .file.display())]
    SameId {
        /// The list.
        file: PathBuf,
        /// The id.
        id: i64,
    },
    /// A field is no text.
    #[error("`{}`: `features.{field}` of task {id} must be UTF-8 text", .file.display())]
    NotText {
        /// The list.
        file: PathBuf,
        /// The task.
        id: i64,
        /// The column.
        field: &'static str,
    },
}

impl LegacyError {
    /// The sort of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        if matches!(self, Self::Room(_)) { ErrorKind::Unavailable } else { ErrorKind::InvalidInput }
    }

    /// A word that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "legacy_list"
    }

    /// What to do next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Room(_) => "make room there, or set TMPDIR to another folder",
            Self::Damaged { .. } => "take the last backup of the file, or let `sqlite3 FILE .recover` write a new one",
            Self::NoId(_) | Self::SameId { .. } | Self::NotText { .. } => {
                "nothing was changed; mend the row in a copy of the file and import the copy"
            }
            Self::Unreadable { .. }
            | Self::NotSqlite(_)
            | Self::TooLarge(_)
            | Self::NoTable(_)
            | Self::NoColumn { .. } => "name the `features.db` of the old project, or the folder that holds it",
        }
    }
}
