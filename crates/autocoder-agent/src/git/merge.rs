//! Merges of the integration branch into a worktree, and the step that brings the result back.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

use super::{GitError, INTEGRATION_BRANCH, Repository, Worktree};

/// What keeps a merge from running or asking anything.
pub(super) const FLAGS: [&str; 12] = [
    "merge",
    "--quiet",
    "--no-edit",
    "--no-verify",
    "--no-gpg-sign",
    "--no-verify-signatures",
    "--no-autostash",
    "--no-stat",
    "--no-squash",
    "--commit",
    "--ff",
    "--strategy=ort",
];

/// The most of a file in which marks of a conflict are looked for.
const MARKED_BYTES: u64 = 16 * 1024 * 1024;

/// What a merge came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merge {
    /// The worktree has both sides now, in this commit.
    Merged(String),
    /// These files have to be mended first; the merge goes on in the worktree.
    Conflict(Vec<String>),
}

impl Worktree {
    /// Whether a merge waits to be ended.
    #[must_use]
    pub fn is_merging(&self) -> bool {
        self.git_dir.join("MERGE_HEAD").exists()
    }

    /// Merges the integration branch at `commit` into the worktree's branch; its files must be committed.
    ///
    /// # Errors
    /// Whatever keeps git from it; then the worktree is as it was.
    pub async fn merge_integration(&self, commit: &str) -> Result<Merge, GitError> {
        let branch = self.branch.as_deref().unwrap_or("HEAD");
        let message = format!("--message=Merge {INTEGRATION_BRANCH} into {branch}");
        let error = match self.git().run_without_filters(&[FLAGS.as_slice(), &[&message, commit]].concat()).await {
            Ok(_) => return self.head_commit().await.map(Merge::Merged),
            Err(error) => error,
        };
        let files = self.unmerged().await?;
        if files.is_empty() {
            if self.is_merging() {
                self.abort_merge().await?;
            }
            return Err(error);
        }
        self.note_conflicts(&files)?;
        Ok(Merge::Conflict(files))
    }

    /// Brings a worktree without uncommitted work up to the integration branch, when that goes by itself.
    ///
    /// # Errors
    /// Whatever keeps git from it.
    pub async fn bring_up_to_date(&self, commit: &str) -> Result<(), GitError> {
        if self.is_merging() || !self.is_clean().await? {
            return Ok(());
        }
        if let Merge::Conflict(_) = self.merge_integration(commit).await? {
            // Whoever finishes the next task is told of it then.
            self.abort_merge().await?;
            self.forget_conflicts();
        }
        Ok(())
    }

    async fn abort_merge(&self) -> Result<(), GitError> {
        self.git().run_without_filters(&["merge", "--abort"]).await.map(drop)
    }

    /// The files of a merge that still have the marks of a conflict.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn unresolved(&self) -> Result<Vec<String>, GitError> {
        let mut files: BTreeSet<String> = self.unmerged().await?.into_iter().collect();
        // An agent may have added or committed them as they are.
        files.extend(self.noted_conflicts());
        Ok(files.into_iter().filter(|file| self.is_marked(file)).collect())
    }

    /// The files that a merge could not settle, whether or not somebody has mended them since.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn unmerged(&self) -> Result<Vec<String>, GitError> {
        let listing = self.git().run(&["ls-files", "--unmerged", "-z", "--full-name"]).await?;
        let names = listing.split('\0').filter_map(|entry| Some(entry.split_once('\t')?.1.to_owned()));
        Ok(names.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn is_marked(&self, file: &str) -> bool {
        let path = self.dir.join(file);
        if !path.symlink_metadata().is_ok_and(|found| found.is_file()) {
            return false;
        }
        let mut bytes = Vec::new();
        let read = std::fs::File::open(path).and_then(|file| file.take(MARKED_BYTES).read_to_end(&mut bytes));
        let starts = |mark: &[u8]| bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(mark));
        read.is_ok() && starts(b"<<<<<<< ") && starts(b">>>>>>> ")
    }

    fn note_conflicts(&self, files: &[String]) -> Result<(), GitError> {
        let path = self.conflict_list();
        std::fs::write(&path, files.join("\0")).map_err(|error| GitError::Io { path, error })
    }

    fn noted_conflicts(&self) -> Vec<String> {
        let list = std::fs::read_to_string(self.conflict_list()).unwrap_or_default();
        list.split('\0').filter(|file| !file.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn forget_conflicts(&self) {
        // A list that stays names files without marks, which are no conflict.
        let _ = std::fs::remove_file(self.conflict_list());
    }

    fn conflict_list(&self) -> PathBuf {
        self.git_dir.join("autocoder-conflicts")
    }
}

impl Repository {
    /// Moves the integration branch from the commit `from` forward to `to`, which `worktree` stands on. False when it is
    /// not at `from` any more.
    ///
    /// # Errors
    /// [`GitError::BranchInUse`] while a person has it checked out, or what git says.
    pub async fn advance_integration(&self, worktree: &Worktree, from: &str, to: &str) -> Result<bool, GitError> {
        self.free_integration(&worktree.dir, &self.worktrees().await?).await?;
        let reference = format!("refs/heads/{INTEGRATION_BRANCH}");
        let reason = format!("autocoder: {}", worktree.branch.as_deref().unwrap_or("HEAD"));
        let moved = self.git().run(&["update-ref", "-m", &reason, &reference, to, from]).await;
        match moved {
            Ok(_) => {
                worktree.forget_conflicts();
                Ok(true)
            }
            Err(error) => match self.integration_commit().await? {
                Some(now) if now != from => Ok(false),
                _ => Err(error),
            },
        }
    }
}
