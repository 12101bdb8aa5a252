//! Locks beside a file of SQLite: which programs have it open, and which one serves it. The system frees them with their
//! process, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use autocoder_core::error::ErrorKind;
use autocoder_core::ports::{Out, StoreError};

use crate::network::network_filesystem;
use crate::sqlite::create_folder;
use crate::target::Target;
use crate::turns::PATIENCE;

/// How long a restoration waits for programs that are about to end.
const SHORT: Duration = Duration::from_secs(2);

/// Why the database cannot be had alone.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another server has it.
    #[error("another autocoder server{} uses this database", .pid.map_or_else(String::new, |pid| format!(" (pid {pid})")))]
    Served {
        /// Its process.
        pid: Option<u32>,
    },
    /// Other programs have it open.
    #[error("other programs have this database open")]
    InUse,
    /// SQLite cannot keep several processes apart there.
    #[error("the database `{path}` lies on a network file system ({kind}), where SQLite's WAL does not work")]
    Network {
        /// The database.
        path: String,
        /// The file system.
        kind: &'static str,
    },
    /// The lock's file cannot be used.
    #[error("cannot lock `{path}`: {source}")]
    File {
        /// The lock's file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl LockError {
    /// The sort of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Served { .. } | Self::InUse => ErrorKind::Conflict,
            Self::Network { .. } | Self::File { .. } => ErrorKind::InvalidInput,
        }
    }

    /// A word that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Served { .. } => "server_running",
            Self::InUse => "database_in_use",
            Self::Network { .. } => "network_filesystem",
            Self::File { .. } => "file",
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Served { .. } => Some("stop it first, or use another --data-dir"),
            Self::InUse => Some("stop `autocoder serve`, `run` and `mcp`, and close other tools on the file"),
            Self::Network { .. } => Some("use a --data-dir on a local disk, or PostgreSQL by --database-url"),
            Self::File { .. } => None,
        }
    }
}

/// Keeps a second server off one file of SQLite until it is dropped.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl ServerLock {
    /// Takes the lock beside the database and notes this process in it. PostgreSQL has many servers: no lock.
    ///
    /// # Errors
    /// `Served` while another server lives, `Network` on a network file system.
    pub fn take(target: &Target) -> Result<Option<Self>, LockError> {
        let Target::Sqlite(path) = target else { return Ok(None) };
        if let Some(kind) = network_filesystem(path) {
            return Err(LockError::Network { path: path.display().to_string(), kind });
        }
        Self::beside(path).map(Some)
    }

    /// The process that serves this database now.
    #[must_use]
    pub fn holder(target: &Target) -> Option<u32> {
        let Target::Sqlite(path) = target else { return None };
        let mut file = File::open(beside(path, "server.lock")).ok()?;
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)).then(|| noted(&mut file)).flatten()
    }

    pub(crate) fn beside(database: &Path) -> Result<Self, LockError> {
        let path = beside(database, "server.lock");
        let failed = |source| LockError::File { path: path.display().to_string(), source };
        let mut file = create_folder(&path).and_then(|()| open(&path)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Served { pid: noted(&mut file) }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let pid = format!("{}\n", std::process::id());
        file.set_len(0).and_then(|()| file.write_all(pid.as_bytes())).map_err(failed)?;
        Ok(Self { _file: file })
    }
}

/// Says that a program has the database open: shared by all of them, exclusive for what replaces the file.
#[derive(Debug)]
pub(crate) struct OpenLock {
    _file: File,
}

impl OpenLock {
    /// Waits while the file is being replaced.
    pub(crate) async fn shared(database: &Path) -> Out<Self> {
        let path = beside(database, "lock");
        let failed = |error: io::Error| StoreError::Unavailable(format!("cannot lock `{}`: {error}", path.display()));
        let file = create_folder(&path).and_then(|()| open(&path)).map_err(failed)?;
        let end = Instant::now() + PATIENCE;
        loop {
            match file.try_lock_shared() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if Instant::now() < end => pause().await,
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Unavailable("it is being restored for too long".to_owned()));
                }
            }
        }
    }

    /// Nobody else has the database open, or the answer is `InUse`.
    pub(crate) async fn alone(database: &Path) -> Result<Self, LockError> {
        let path = beside(database, "lock");
        let failed = |source| LockError::File { path: path.display().to_string(), source };
        let file = open(&path).map_err(failed)?;
        let end = Instant::now() + SHORT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if Instant::now() < end => pause().await,
                Err(TryLockError::WouldBlock) => return Err(LockError::InUse),
            }
        }
    }
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// `autocoder.db` → `autocoder.db.server.lock`.
pub(crate) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn open(path: &Path) -> io::Result<File> {
    // Never truncated here: the holder's number stands in it.
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn noted(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("a.db"));
        assert_eq!(ServerLock::holder(&target), None);
        let first = ServerLock::take(&target).unwrap();
        let refused = ServerLock::take(&target).unwrap_err().to_string();
        let pid = std::process::id();
        assert_eq!(refused, format!("another autocoder server (pid {pid}) uses this database"));
        assert_eq!(ServerLock::holder(&target), Some(pid));
        drop(first);
        assert_eq!(ServerLock::holder(&target), None);
        assert!(ServerLock::take(&target).unwrap().is_some());
        assert!(ServerLock::take(&Target::Postgres("postgres://h/db".to_owned())).unwrap().is_none());
    }

    #[tokio::test]
    async fn the_file_is_replaced_only_while_nobody_has_it_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let (one, other) = (OpenLock::shared(&path).await.unwrap(), OpenLock::shared(&path).await.unwrap());
        drop(one);
        assert!(matches!(OpenLock::alone(&path).await, Err(LockError::InUse)));
        drop(other);
        let alone = OpenLock::alone(&path).await.unwrap();
        let waiting = OpenLock::shared(&path);
        let freed = async {
            pause().await;
            drop(alone);
        };
        assert!(tokio::join!(waiting, freed).0.is_ok());
    }
}
