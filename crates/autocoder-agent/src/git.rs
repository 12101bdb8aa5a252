//! Git as the server uses it: in a worktree of our own, on a branch of our own, and deaf to what the repository wants run.
//!
//! A repository may be written by an agent or a stranger. So no command here runs its hooks, filters, fsmonitor, pager,
//! signing program or transports, and the person's checkout, index and branches are never touched. Files kept by a filter
//! (git-lfs) stay pointers.

mod command;
mod listed;
mod listing;
mod lock;
mod merge;
mod merge_into;
mod review;
mod worktree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocoder_core::ids::FeatureId;

use self::command::GitCommand;
pub use self::listed::{Listed, WorktreeState};
pub use self::listing::bytes_below;
pub use self::lock::RepositoryLock;
pub use self::merge::Merge;
pub use self::merge_into::{Landed, Landing, MergeIntoError, merge_into_checkout};
pub use self::review::Review;
pub use self::worktree::Worktree;

/// The branch that passed work ends up on.
pub const INTEGRATION_BRANCH: &str = "autocoder/main";
/// How the branches of features begin.
const FEATURE_BRANCHES: &str = "autocoder/f-";

/// A person's repository.
#[derive(Clone, Debug)]
pub struct Repository {
    top: PathBuf,
    git_dir: PathBuf,
    common_dir: PathBuf,
    prefix: PathBuf,
    search: String,
}

/// How much two commits differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiffStat {
    /// Changed files.
    pub files: u64,
    /// New lines.
    pub insertions: u64,
    /// Lost lines.
    pub deletions: u64,
}

/// Why git could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no git.
    #[error("cannot start `git`: {0}; install git")]
    NotInstalled(std::io::Error),
    /// It did not end.
    #[error("`git {command}` took longer than `{seconds}` s and was stopped")]
    TimedOut {
        /// The subcommand.
        command: String,
        /// The limit.
        seconds: u64,
    },
    /// It refused.
    #[error("`git {command}` failed: {message}")]
    Failed {
        /// The subcommand.
        command: String,
        /// What it said.
        message: String,
    },
    /// There is nothing to branch from.
    #[error("the repository `{0}` has no commit yet; make a first one")]
    NoCommit(PathBuf),
    /// Somebody else works on our branch.
    #[error("the branch `{branch}` is checked out in `{path}`; switch that checkout to another branch")]
    BranchInUse {
        /// The branch.
        branch: String,
        /// The checkout.
        path: PathBuf,
    },
    /// The place is taken.
    #[error("`{0}` exists and is no worktree of this repository; move it away")]
    PathTaken(PathBuf),
    /// Removing it would lose work.
    #[error("`{0}` has uncommitted work; commit it, or throw it away with force")]
    Uncommitted(PathBuf),
    /// Removing it would lose work.
    #[error("the branch `{0}` has commits that `{INTEGRATION_BRANCH}` has not; they would be hard to find again")]
    Unmerged(String),
    /// The file system refused.
    #[error("cannot use `{path}`: {error}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What it said.
        error: std::io::Error,
    },
}

impl GitError {
    /// A stable name of the problem.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInstalled(_) => "git_missing",
            Self::TimedOut { .. } => "git_timed_out",
            Self::Failed { .. } => "git_failed",
            Self::NoCommit(_) => "no_commit",
            Self::BranchInUse { .. } => "branch_in_use",
            Self::PathTaken(_) => "path_taken",
            Self::Uncommitted(_) => "uncommitted_work",
            Self::Unmerged(_) => "unmerged_work",
            Self::Io { .. } => "io",
        }
    }
}

impl Repository {
    /// The repository that `path` lies in, if any; of `environment` only `PATH` is used.
    ///
    /// # Errors
    /// [`GitError::NotInstalled`] and [`GitError::TimedOut`]; a directory without a repository is `None`.
    pub async fn discover(path: &Path, environment: &BTreeMap<String, String>) -> Result<Option<Self>, GitError> {
        let search = environment.get("PATH").cloned().unwrap_or_default();
        let asked = GitCommand::new(path, &search)
            .run(&[
                "rev-parse",
                "--path-format=absolute",
                "--show-toplevel",
                "--git-dir",
                "--git-common-dir",
                "--show-prefix",
            ])
            .await;
        let answer = match asked {
            Ok(answer) => answer,
            Err(GitError::Failed { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut lines = answer.lines().map(PathBuf::from);
        let (Some(top), Some(git_dir), Some(common_dir)) = (lines.next(), lines.next(), lines.next()) else {
            return Ok(None);
        };
        Ok(Some(Self { top, git_dir, common_dir, prefix: lines.next().unwrap_or_default(), search }))
    }

    /// The top of the person's checkout.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Where the repository keeps what all its worktrees share.
    #[must_use]
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// The branch on which a feature is worked on.
    #[must_use]
    pub fn feature_branch(feature: FeatureId) -> String {
        format!("{FEATURE_BRANCHES}{feature}")
    }

    /// The commit that the person's checkout stands on.
    ///
    /// # Errors
    /// [`GitError::NoCommit`] in a new repository.
    pub async fn head_commit(&self) -> Result<String, GitError> {
        self.commit_of("HEAD").await?.ok_or_else(|| GitError::NoCommit(self.top.clone()))
    }

    /// The commit that the integration branch stands on, once it exists.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn integration_commit(&self) -> Result<Option<String>, GitError> {
        self.commit_of(&format!("refs/heads/{INTEGRATION_BRANCH}")).await
    }

    /// What the integration branch has that `base` (a commit, or `HEAD` for the person's) has not.
    ///
    /// # Errors
    /// [`GitError::Failed`] when either does not exist.
    pub async fn diff_stat(&self, base: &str) -> Result<DiffStat, GitError> {
        let range = format!("{base}...refs/heads/{INTEGRATION_BRANCH}");
        let flags =
            ["diff", "--shortstat", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--end-of-options"];
        let answer = self.git().run(&[flags.as_slice(), &[&range, "--"]].concat()).await?;
        let count = |word: &str| {
            let part = answer.split(',').find(|part| part.contains(word));
            part.and_then(|part| part.split_whitespace().next())
                .and_then(|count| count.parse().ok())
                .unwrap_or_default()
        };
        Ok(DiffStat { files: count("file"), insertions: count("insertion"), deletions: count("deletion") })
    }

    async fn commit_of(&self, reference: &str) -> Result<Option<String>, GitError> {
        let commit = format!("{reference}^{{commit}}");
        let asked = self.git().run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).await;
        match asked {
            Ok(answer) => Ok(Some(answer.trim().to_owned())),
            Err(GitError::Failed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn git(&self) -> GitCommand {
        GitCommand::new(&self.top, &self.search).inside(&self.git_dir, &self.common_dir, &self.top)
    }
}
