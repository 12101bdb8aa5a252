//! Turns that processes take on one repository: a file is locked, and the system frees it when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use nix::fcntl::OFlag;
use tokio::time::sleep;

use super::{GitError, Repository};

/// How often a turn that another process has is asked for again.
const AGAIN: Duration = Duration::from_millis(20);

/// A turn; it ends when this is dropped.
#[derive(Debug)]
pub struct RepositoryLock {
    _file: File,
}

impl Repository {
    /// Waits for the turn to bring work into the integration branch; one at a time does.
    ///
    /// # Errors
    /// [`GitError::Io`].
    pub async fn merge_turn(&self) -> Result<RepositoryLock, GitError> {
        self.turn("autocoder-merge.lock").await
    }

    /// Waits for the turn to make or remove worktrees. Never taken around a [`Repository::merge_turn`].
    pub(crate) async fn worktree_turn(&self) -> Result<RepositoryLock, GitError> {
        self.turn("autocoder-worktrees.lock").await
    }

    async fn turn(&self, name: &str) -> Result<RepositoryLock, GitError> {
        let path = self.common_dir.join(name);
        let failed = |error| GitError::Io { path: path.clone(), error };
        let mut options = OpenOptions::new();
        // An agent may have put a link there.
        options.write(true).create(true).truncate(false).custom_flags(OFlag::O_NOFOLLOW.bits());
        let file = options.open(&path).map_err(failed)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(RepositoryLock { _file: file }),
                Err(TryLockError::WouldBlock) => sleep(AGAIN).await,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
    }
}
