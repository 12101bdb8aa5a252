//! What a person is told of the worktrees of a project's agents: which there are, how old their work is, how much they take.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use super::{GitError, INTEGRATION_BRANCH, Listed, Repository};

/// More files than this are not counted.
const FILES: usize = 200_000;

impl Repository {
    /// The worktrees that lie right below `folder`.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn worktrees_below(&self, folder: &Path) -> Result<Vec<Listed>, GitError> {
        let listed = self.worktrees().await?.into_iter();
        Ok(listed.filter(|listed| listed.path.parent() == Some(folder)).collect())
    }

    /// How many commits the integration branch has that `listed` has not.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn behind(&self, listed: &Listed) -> Result<u64, GitError> {
        if self.commit_of(&listed.commit).await?.is_none() || self.integration_commit().await?.is_none() {
            return Ok(0);
        }
        let range = format!("{}..refs/heads/{INTEGRATION_BRANCH}", listed.commit);
        let count = self.git().run(&["rev-list", "--count", "--end-of-options", &range, "--"]).await?;
        Ok(count.trim().parse().unwrap_or_default())
    }
}

/// The bytes of all files below `folder`; none when there are too many to count, or none that can be read.
#[must_use]
pub fn bytes_below(folder: &Path) -> Option<u64> {
    let (mut bytes, mut files, mut open) = (0, 0, vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            files += 1;
            if files > FILES {
                return None;
            }
            let (size, folder) = measured(&entry);
            bytes += size;
            open.extend(folder);
        }
    }
    Some(bytes)
}

/// The size of a file; a folder is looked into, a link is not followed.
fn measured(entry: &DirEntry) -> (u64, Option<PathBuf>) {
    match entry.metadata() {
        Ok(found) if found.is_dir() => (0, Some(entry.path())),
        Ok(found) => (found.len(), None),
        Err(_) => (0, None),
    }
}
