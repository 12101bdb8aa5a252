//! A database that is being written and has no name yet: what is left of a killed program is taken over by the next one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::BackupError;
use crate::failure::store_error;
use crate::lock::beside;
use crate::sqlite;

/// Gone when it is dropped, unless it was published.
pub(super) struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    /// An empty file beside `name`, for its owner only.
    pub(super) fn create(name: &Path, ending: &str) -> Result<Self, BackupError> {
        let path = beside(name, ending);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.custom_flags(OFlag::O_NOFOLLOW.bits()).open(&path);
        let file = file.map_err(BackupError::file("write", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::Busy(name.display().to_string())),
            Err(TryLockError::Error(error)) => return Err(BackupError::file("lock", &path)(error)),
        }
        file.set_len(0).map_err(BackupError::file("write", &path))?;
        let draft = Self { path, file };
        draft.forget_log();
        Ok(draft)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Copies what is committed in `database` at this moment.
    pub(super) async fn fill(&self, database: &Path) -> Result<(), BackupError> {
        let no_text = || BackupError::file("write", &self.path)(io::Error::other("its name is not UTF-8"));
        let path = self.path.to_str().ok_or_else(no_text)?;
        let pool = sqlite::readers(database).await?;
        let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [path.into()]);
        let copied = pool.execute_raw(copy).await;
        let _ = pool.close().await;
        copied.map_err(|error| store_error("copying", &error))?;
        Ok(())
    }

    /// Gives it its name once it is on the disk, and tells its size.
    pub(super) fn publish(self, name: &Path) -> Result<u64, BackupError> {
        let failed = BackupError::file("write", name);
        let written = || {
            self.file.sync_all()?;
            let bytes = self.file.metadata()?.len();
            fs::rename(&self.path, name)?;
            sync_folder(name)?;
            Ok(bytes)
        };
        written().map_err(failed)
    }

    fn forget_log(&self) {
        for ending in ["-wal", "-shm", "-journal"] {
            let mut log = self.path.clone().into_os_string();
            log.push(ending);
            let _ = fs::remove_file(log);
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.forget_log();
        // Once published, nothing has this name any more.
        let _ = fs::remove_file(&self.path);
    }
}

/// A name is on the disk only when its folder is.
pub(super) fn sync_folder(name: &Path) -> io::Result<()> {
    name.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
