//! Why passed work is not merged into the person's branch, and the ways out.

use std::path::PathBuf;

use crate::git::{GitError, INTEGRATION_BRANCH};

/// Files named in an error; the rest is counted.
const NAMED: usize = 10;

/// Why nothing was merged. Nothing was changed either.
#[derive(Debug, thiserror::Error)]
pub enum MergeIntoError {
    /// There is no git.
    #[error("`{0}` is no git repository, so there is nothing to merge")]
    NoRepository(PathBuf),
    /// The repository's own settings lead out of it.
    #[error("`{path}` lies outside `{top}`, which the repository names as the place of its files")]
    Elsewhere {
        /// The project's folder.
        path: PathBuf,
        /// Where git would write.
        top: PathBuf,
    },
    /// The checkout is on no branch.
    #[error("the checkout `{0}` is on no branch, so there is none to merge into")]
    Detached(PathBuf),
    /// The checkout is on one of ours.
    #[error("the checkout is on `{0}`, which belongs to the agents; the work is merged into a branch of yours")]
    OnOurs(String),
    /// The person is in the middle of something.
    #[error("a {0} is under way in your checkout")]
    UnderWay(&'static str),
    /// The person's changes.
    #[error("your checkout has uncommitted changes: {}", named(.0))]
    Uncommitted(Vec<String>),
    /// Files that are there and not known to git.
    #[error("files of yours that git does not know are in the way: {0}")]
    InTheWay(String),
    /// Files that both sides changed.
    #[error("your branch `{branch}` and `{INTEGRATION_BRANCH}` both changed: {}", named(.files))]
    Conflict {
        /// The person's branch.
        branch: String,
        /// The files.
        files: Vec<String>,
    },
    /// Files that a program of the repository would have to write.
    #[error("these files are kept by a filter, and autocoder runs none of a repository's programs: {}", named(.0))]
    Filtered(Vec<String>),
    /// Git cannot.
    #[error(transparent)]
    Git(#[from] GitError),
}

impl MergeIntoError {
    /// A stable name of the problem.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoRepository(_) => "no_repository",
            Self::Elsewhere { .. } => "checkout_elsewhere",
            Self::Detached(_) => "checkout_detached",
            Self::OnOurs(_) => "checkout_on_agents_branch",
            Self::UnderWay(_) => "checkout_busy",
            Self::Uncommitted(_) => "checkout_uncommitted",
            Self::InTheWay(_) => "checkout_in_the_way",
            Self::Conflict { .. } => "merge_conflict",
            Self::Filtered(_) => "merge_filtered",
            Self::Git(error) => error.code(),
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NoRepository(_) => "the work lies in that folder already; approve without the merge",
            Self::Elsewhere { .. } => {
                "look who set core.worktree there, and take it out: git config --unset core.worktree"
            }
            Self::Detached(_) | Self::OnOurs(_) => "switch to a branch of yours, or approve without the merge",
            Self::UnderWay(_) => "end it, or approve without the merge",
            Self::Uncommitted(_) => "commit or stash them, or approve without the merge",
            Self::InTheWay(_) => "move them away, or approve without the merge",
            Self::Conflict { .. } | Self::Filtered(_) | Self::Git(_) => {
                "nothing was changed; approve without the merge, and merge by hand: git merge autocoder/main"
            }
        }
    }
}

/// The files for a message, the first few by name.
pub(super) fn named(files: &[String]) -> String {
    let names: Vec<_> = files.iter().take(NAMED).map(|file| format!("`{file}`")).collect();
    match files.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
