//! The worktrees of a repository: which there are, what is left to do in them, and how they go without losing work.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use autocoder_core::ids::FeatureId;

use super::command::GitCommand;
use super::worktree::canonical;
use super::{FEATURE_BRANCHES, GitError, INTEGRATION_BRANCH, Repository};

/// A worktree of the repository, ours or the person's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its top.
    pub path: PathBuf,
    /// The branch it is on, in short; none: on a commit of its own.
    pub branch: Option<String>,
    /// The commit it stands on.
    pub commit: String,
    /// Whether its folder is not there any more.
    pub gone: bool,
}

/// What is left to do in a worktree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorktreeState {
    /// Whether files differ from its commit.
    pub uncommitted: bool,
    /// Whether a merge waits for its conflicts to be mended.
    pub merging: bool,
    /// How many of its commits the integration branch has not.
    pub ahead: u64,
}

impl Listed {
    /// The feature whose branch it is on.
    #[must_use]
    pub fn feature(&self) -> Option<FeatureId> {
        let id = self.branch.as_deref()?.strip_prefix(FEATURE_BRANCHES)?;
        id.parse().ok().map(FeatureId)
    }
}

impl Repository {
    /// All worktrees of the repository, the person's own included.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn worktrees(&self) -> Result<Vec<Listed>, GitError> {
        Ok(parse_list(&self.git().run(&["worktree", "list", "--porcelain", "-z"]).await?))
    }

    /// What is left to do in a worktree of ours; nothing in one whose folder is gone.
    ///
    /// # Errors
    /// [`GitError::PathTaken`] when its files belong to another repository, or what git says.
    pub async fn state_of(&self, listed: &Listed) -> Result<WorktreeState, GitError> {
        let ahead = self.ahead(&listed.commit).await?;
        if listed.gone {
            return Ok(WorktreeState { ahead, ..WorktreeState::default() });
        }
        let worktree = self.worktree(&listed.path, None)?;
        Ok(WorktreeState { uncommitted: !worktree.is_clean().await?, merging: worktree.is_merging(), ahead })
    }

    /// Takes a worktree of ours away together with its branch.
    ///
    /// # Errors
    /// [`GitError::Uncommitted`] and [`GitError::Unmerged`] when work would be lost, or what git says.
    pub async fn remove_worktree(&self, dir: &Path) -> Result<(), GitError> {
        let _turn = self.worktree_turn().await?;
        self.remove_in_turn(dir).await
    }

    /// The same, by whoever has the turn already.
    pub(crate) async fn remove_in_turn(&self, dir: &Path) -> Result<(), GitError> {
        let Some(listed) = self.find_worktree(dir).await? else { return Ok(()) };
        let state = self.state_of(&listed).await?;
        if state.uncommitted || state.merging {
            return Err(GitError::Uncommitted(listed.path));
        }
        if state.ahead > 0 {
            return Err(GitError::Unmerged(listed.branch.unwrap_or(listed.commit)));
        }
        // What git ignores is there and may go; what it does not was looked at.
        self.forget(&listed).await
    }

    /// Takes a worktree of ours away with the uncommitted work in it. A branch with unmerged commits is kept.
    ///
    /// # Errors
    /// Whatever keeps git from it.
    pub async fn discard_worktree(&self, dir: &Path) -> Result<(), GitError> {
        let _turn = self.worktree_turn().await?;
        match self.find_worktree(dir).await? {
            Some(listed) => self.forget(&listed).await,
            None => Ok(()),
        }
    }

    async fn find_worktree(&self, dir: &Path) -> Result<Option<Listed>, GitError> {
        let dir = canonical(dir)?;
        // The first is the repository's own.
        let mut linked = self.worktrees().await?.into_iter().skip(1);
        Ok(linked.find(|listed| listed.path == dir && listed.path != self.top))
    }

    /// Removes the folder, what git knows of it, and its feature's branch when it is merged.
    pub(super) async fn forget(&self, listed: &Listed) -> Result<(), GitError> {
        let path = listed.path.to_string_lossy();
        // First the folder: git refuses one whose `.git` an agent changed.
        match tokio::fs::remove_dir_all(&listed.path).await {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(GitError::Io { path: listed.path.clone(), error });
            }
            Ok(()) | Err(_) => {}
        }
        // Twice: also when an agent locked it.
        let flags = ["worktree", "remove", "--force", "--force", "--", &path];
        self.git().run_without_filters(&flags).await?;
        let Some(branch) = listed.branch.as_deref().filter(|_| listed.feature().is_some()) else { return Ok(()) };
        if self.ahead(&listed.commit).await? == 0 {
            let reference = format!("refs/heads/{branch}");
            self.git().run(&["update-ref", "-d", &reference, &listed.commit]).await?;
        }
        Ok(())
    }

    /// How many commits `commit` has that the integration branch has not; none when it is no commit.
    async fn ahead(&self, commit: &str) -> Result<u64, GitError> {
        if self.commit_of(commit).await?.is_none() || self.integration_commit().await?.is_none() {
            return Ok(0);
        }
        let range = format!("refs/heads/{INTEGRATION_BRANCH}..{commit}");
        let count = self.git().run(&["rev-list", "--count", "--end-of-options", &range, "--"]).await?;
        Ok(count.trim().parse().unwrap_or_default())
    }

    /// Leaves `listed` on its commit, so that its branch is free.
    pub(super) async fn detach(&self, listed: &Listed) -> Result<(), GitError> {
        let git_dir = self.git_dir_of(&listed.path)?;
        let git = GitCommand::new(&self.common_dir, &self.search).inside(&git_dir, &self.common_dir, &listed.path);
        git.run(&["update-ref", "--no-deref", "HEAD", &listed.commit]).await.map(drop)
    }
}

fn parse_list(listing: &str) -> Vec<Listed> {
    let entry = |text: &str| {
        let field = |name: &str| text.split('\0').find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let path = PathBuf::from(field("worktree")?);
        let branch = field("branch").map(|name| name.strip_prefix("refs/heads/").unwrap_or(name).to_owned());
        Some(Listed { gone: !path.is_dir(), path, branch, commit: field("HEAD").unwrap_or_default().to_owned() })
    };
    listing.split("\0\0").filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_worktrees_is_read() {
        let listing = "worktree /\0HEAD 1\0branch refs/heads/autocoder/f-12\0\0worktree /no/b c\0HEAD 2\0detached\0\
            prunable gone\0\0";
        let listed = parse_list(listing);
        let branch = Some("autocoder/f-12".to_owned());
        assert_eq!(
            listed,
            [
                Listed { path: "/".into(), branch, commit: "1".into(), gone: false },
                Listed { path: "/no/b c".into(), branch: None, commit: "2".into(), gone: true },
            ]
        );
        assert_eq!(listed.iter().map(Listed::feature).collect::<Vec<_>>(), [Some(FeatureId(12)), None]);
        assert_eq!(parse_list(""), []);
    }
}
