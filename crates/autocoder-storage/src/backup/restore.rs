//! Puts a backup in the place of the database; the old one is kept beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use autocoder_core::time::Timestamp;
use sea_orm::DatabaseConnection;

use super::check::check;
use super::draft::{Draft, sync_folder};
use super::{BackupError, is_same};
use crate::lock::{LockError, OpenLock, ServerLock, beside};
use crate::target::Target;
use crate::{schema, sqlite};

/// A backup that was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The size of the database now.
    pub bytes: u64,
    /// The newest migration of the backup.
    pub schema_of_backup: String,
    /// The newest migration now.
    pub schema: String,
    /// Where the old database is kept.
    pub kept: Option<PathBuf>,
}

/// Replaces the database by the backup `from`, brought up to date. Whenever it is interrupted, the database is the old
/// one or the new one.
///
/// # Errors
/// A database in use, a file that is no sound database of this Autocoder or an older one, a full disk.
pub async fn restore(target: &Target, from: &Path) -> Result<Restored, BackupError> {
    let Target::Sqlite(database) = target else { return Err(BackupError::Postgres) };
    if !from.is_file() {
        return Err(BackupError::Missing { what: "backup", path: from.display().to_string() });
    }
    if is_same(database, from) {
        return Err(BackupError::Itself(from.display().to_string()));
    }
    sqlite::create_folder(database).map_err(BackupError::file("make the folder of", database))?;
    let _server = ServerLock::beside(database)?;
    let _alone = OpenLock::alone(database).await?;
    // A link to the database stays one.
    let database = database.canonicalize().or_else(|_| std::path::absolute(database));
    let database = database.map_err(BackupError::file("find", from))?;
    let schema_of_backup = check(from).await?;
    let draft = Draft::create(&database, "restoring")?;
    draft.fill(from).await?;
    upgrade(draft.path()).await?;
    let schema = check(draft.path()).await?;
    let kept = keep_old(&database).await?;
    let bytes = draft.publish(&database)?;
    Ok(Restored { bytes, schema_of_backup, schema, kept })
}

async fn upgrade(draft: &Path) -> Result<(), BackupError> {
    let writer = sqlite::writer(draft).await?;
    let upgraded = schema::upgrade(&writer).await;
    close(writer).await;
    upgraded?;
    if sqlite::fold(draft).await? { Ok(()) } else { Err(BackupError::Busy(draft.display().to_string())) }
}

async fn close(pool: DatabaseConnection) {
    // What it wrote is checked afterwards.
    let _ = pool.close().await;
}

/// Gives the old database a second name, and leaves no log of it that the new one could take for its own.
async fn keep_old(database: &Path) -> Result<Option<PathBuf>, BackupError> {
    if !database.exists() {
        return Ok(None);
    }
    // A damaged database is kept with its log as it is: folding could lose what the log still has.
    let sound = schema::migration_status(&Target::Sqlite(database.to_owned())).await.is_ok();
    if sound && matches!(sqlite::fold(database).await, Ok(false)) {
        return Err(LockError::InUse.into());
    }
    let kept = free_name(database);
    let keep = || {
        // Not every file system knows second names.
        fs::hard_link(database, &kept).or_else(|_| fs::copy(database, &kept).map(drop))?;
        move_log(database, &kept)?;
        sync_folder(&kept)
    };
    keep().map_err(BackupError::file("keep the old database as", &kept))?;
    Ok(Some(kept))
}

fn free_name(database: &Path) -> PathBuf {
    let time = Timestamp(sqlite::now().seconds() * 1_000_000).to_string().replace([':', '-'], "");
    let mut names = (1..).map(|number| match number {
        1 => beside(database, &format!("before-restore-{time}")),
        number => beside(database, &format!("before-restore-{time}-{number}")),
    });
    names.find(|name| !name.exists()).expect("the names never end")
}

fn move_log(database: &Path, kept: &Path) -> io::Result<()> {
    for ending in ["-wal", "-shm", "-journal"] {
        let named = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        match fs::rename(named(database), named(kept)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
