//! Brings passed work into the person's own branch, because the person asked for it: wholly or not at all.

mod error;

use std::collections::BTreeMap;
use std::path::Path;

pub use self::error::MergeIntoError;
use self::error::named;
use super::{GitError, INTEGRATION_BRANCH, Repository};

/// What lies in a git directory while a person is in the middle of something.
const UNDER_WAY: [(&str, &str); 6] = [
    ("MERGE_HEAD", "merge"),
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("BISECT_LOG", "bisect"),
];

/// What a merge into the person's branch came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed {
    /// The person's branch.
    pub branch: String,
    /// The commit that it stands on now.
    pub commit: String,
    /// How it came there.
    pub how: Landing,
}

/// How the person's branch came to have the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
    /// It had everything already.
    Nothing,
    /// It had nothing of its own, so it was only moved.
    FastForward,
    /// By a merge commit.
    MergeCommit,
}

/// Merges the integration branch into the branch of the person's checkout at `path`; repeated, it changes nothing more.
/// Of `environment` only `PATH` is used, and nothing of the repository's own runs.
///
/// # Errors
/// [`MergeIntoError`]; then nothing was changed.
pub async fn merge_into_checkout(
    path: &Path,
    environment: &BTreeMap<String, String>,
) -> Result<Landed, MergeIntoError> {
    let found = Repository::discover(path, environment).await?;
    let repository = found.ok_or_else(|| MergeIntoError::NoRepository(path.to_owned()))?;
    let top = &repository.top;
    if !path.canonicalize().is_ok_and(|path| path.starts_with(top)) {
        return Err(MergeIntoError::Elsewhere { path: path.to_owned(), top: top.clone() });
    }
    repository.merge_into_own().await
}

impl Repository {
    async fn merge_into_own(&self) -> Result<Landed, MergeIntoError> {
        let branch = self.branch_to_merge_into().await?;
        let head = self.head_commit().await?;
        let Some(work) = self.integration_commit().await? else {
            return Ok(Landed { branch, commit: head, how: Landing::Nothing });
        };
        let (commit, how) = match self.base(&head, &work).await? {
            Some(base) if base == work => return Ok(Landed { branch, commit: head, how: Landing::Nothing }),
            Some(base) if base == head => (work.clone(), Landing::FastForward),
            _ => (self.merged(&branch, &head, &work).await?, Landing::MergeCommit),
        };
        // It shows the work already when we were killed before the last step.
        if !self.shows(&commit).await? {
            self.must_be_clean().await?;
            self.must_not_need_filters(&head, &commit).await?;
            self.write_files(&head, &commit).await?;
        }
        let reason = format!("merge {INTEGRATION_BRANCH}");
        self.git().run(&["update-ref", "-m", &reason, "HEAD", &commit, &head]).await?;
        Ok(Landed { branch, commit, how })
    }

    async fn branch_to_merge_into(&self) -> Result<String, MergeIntoError> {
        let under_way = UNDER_WAY.into_iter().find(|(name, _)| self.git_dir.join(name).exists());
        if let Some((_, what)) = under_way {
            return Err(MergeIntoError::UnderWay(what));
        }
        let branch = match self.git().run(&["symbolic-ref", "--quiet", "--short", "HEAD"]).await {
            Ok(branch) => branch.trim().to_owned(),
            Err(GitError::Failed { .. }) => return Err(MergeIntoError::Detached(self.top.clone())),
            Err(error) => return Err(error.into()),
        };
        if branch.starts_with("autocoder/") { Err(MergeIntoError::OnOurs(branch)) } else { Ok(branch) }
    }

    async fn base(&self, head: &str, work: &str) -> Result<Option<String>, GitError> {
        let (base, found) = self.git().answer_without_filters(&["merge-base", head, work]).await?;
        Ok(found.then(|| base.trim().to_owned()))
    }

    /// A merge commit of both, made of objects only: no file of the checkout is touched.
    async fn merged(&self, branch: &str, head: &str, work: &str) -> Result<String, MergeIntoError> {
        let flags = ["merge-tree", "--write-tree", "--name-only", "-z", "--no-messages", "--allow-unrelated-histories"];
        let (told, clean) = self.git().answer_without_filters(&[flags.as_slice(), &[head, work]].concat()).await?;
        let mut told = told.split('\0').map(str::to_owned).filter(|part| !part.is_empty());
        let tree = told.next().unwrap_or_default();
        if !clean {
            return Err(MergeIntoError::Conflict { branch: branch.to_owned(), files: told.collect() });
        }
        let message = format!("Merge branch '{INTEGRATION_BRANCH}' into {branch}");
        let commit = ["commit-tree", "--no-gpg-sign", "-p", head, "-p", work, "-m", &message, &tree];
        Ok(self.git().run(&commit).await?.trim().to_owned())
    }

    async fn must_be_clean(&self) -> Result<(), MergeIntoError> {
        let flags =
            ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames", "--ignore-submodules=dirty"];
        let listing = self.git().run_without_filters(&flags).await?;
        let files: Vec<_> = listing.split('\0').filter_map(|entry| Some(entry.get(3..)?.to_owned())).collect();
        if files.is_empty() { Ok(()) } else { Err(MergeIntoError::Uncommitted(files)) }
    }

    /// Without its filter, a file would be written as it is stored: a pointer, or in cipher.
    async fn must_not_need_filters(&self, from: &str, to: &str) -> Result<(), MergeIntoError> {
        let diff = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--diff-filter=d", from, to];
        let changed = self.git().run(&diff).await?;
        let mut filtered = Vec::new();
        let files: Vec<_> = changed.split('\0').filter(|file| !file.is_empty()).collect();
        // Few enough for one command line.
        for some in files.chunks(200) {
            let asked = ["check-attr", "-z", "--source", to, "filter", "--"];
            let told = self.git().run(&[asked.as_slice(), some].concat()).await?;
            let told: Vec<_> = told.split('\0').collect();
            filtered.extend(told.chunks_exact(3).filter_map(|entry| match entry {
                [_, _, "unspecified" | "unset" | "set" | ""] => None,
                [file, ..] => Some((*file).to_owned()),
                [] => None,
            }));
        }
        if filtered.is_empty() { Ok(()) } else { Err(MergeIntoError::Filtered(filtered)) }
    }

    /// Whether the checkout and its index are what `commit` holds.
    async fn shows(&self, commit: &str) -> Result<bool, GitError> {
        let flags = ["diff", "--quiet", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty"];
        for more in [["--cached", commit, "--"].as_slice(), &["--"]] {
            if !self.git().answer_without_filters(&[flags.as_slice(), more].concat()).await?.1 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Fails before it writes the first file when one is in the way.
    async fn write_files(&self, from: &str, to: &str) -> Result<(), MergeIntoError> {
        // Files that were touched and are the same must not count as changed.
        self.git().run_without_filters(&["update-index", "-q", "--refresh"]).await?;
        let read = ["read-tree", "-m", "-u", "--no-recurse-submodules", from, to];
        match self.git().run_without_filters(&read).await {
            Ok(_) => Ok(()),
            Err(GitError::Failed { message, .. }) if message.contains("ntracked working tree file") => {
                Err(MergeIntoError::InTheWay(in_the_way(&message)))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The files that git names between quotes.
fn in_the_way(message: &str) -> String {
    let files: Vec<_> = message.lines().filter_map(|line| Some(line.split('\'').nth(1)?.to_owned())).collect();
    named(&files)
}
