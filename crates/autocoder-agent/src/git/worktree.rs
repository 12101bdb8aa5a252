//! The worktrees that agents work in: made, found again, made anew when they went away, and committed.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use autocoder_core::ids::{FeatureId, TaskId};

use super::command::GitCommand;
use super::{GitError, INTEGRATION_BRANCH, Listed, Repository};

/// A worktree of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worktree {
    /// Its top.
    pub dir: PathBuf,
    /// Where the agent starts: the project's own directory inside it.
    pub workdir: PathBuf,
    /// The branch it is on; none: it only looks at a commit.
    pub branch: Option<String>,
    pub(super) git_dir: PathBuf,
    common_dir: PathBuf,
    search: String,
}

impl Repository {
    /// The worktree at `dir` on the branch of `feature`, which starts at the integration branch when it is new. One that
    /// is there is taken as it is, uncommitted work included; one that was deleted is made again.
    ///
    /// # Errors
    /// [`GitError::NoCommit`], [`GitError::BranchInUse`], [`GitError::PathTaken`], or what git or the file system says.
    pub async fn prepare_worktree(&self, dir: &Path, feature: FeatureId) -> Result<Worktree, GitError> {
        let _turn = self.worktree_turn().await?;
        let branch = Self::feature_branch(feature);
        let (dir, start) = self.make_room(dir, Some(&branch)).await?;
        if is_dir(&dir) {
            return self.reuse(&dir, branch).await;
        }
        let path = dir.to_string_lossy();
        let flags: &[&str] = if self.commit_of(&format!("refs/heads/{branch}")).await?.is_some() {
            &["worktree", "add", "--quiet", "--", &path, &branch]
        } else {
            &["worktree", "add", "--quiet", "--no-track", "-b", &branch, "--", &path, &start]
        };
        self.git().run_without_filters(flags).await?;
        self.worktree(&dir, Some(branch))
    }

    /// A worktree at `dir` that shows what the integration branch holds now. What was changed there is lost, what git does
    /// not know stays.
    ///
    /// # Errors
    /// As [`Repository::prepare_worktree`].
    pub async fn prepare_view(&self, dir: &Path) -> Result<Worktree, GitError> {
        let _turn = self.worktree_turn().await?;
        let (dir, start) = self.make_room(dir, None).await?;
        if !is_dir(&dir) {
            let flags = ["worktree", "add", "--quiet", "--detach", "--", &dir.to_string_lossy(), &start];
            self.git().run_without_filters(&flags).await?;
            return self.worktree(&dir, None);
        }
        let worktree = self.worktree(&dir, None)?;
        worktree.mend()?;
        worktree.git().run_without_filters(&["checkout", "--quiet", "--force", "--detach", &start]).await?;
        Ok(worktree)
    }

    /// Sees to it that `dir` is a worktree of this repository or nothing, and that nobody else has `branch`. Answers the
    /// place as git lists it, and the commit that new work starts from.
    async fn make_room(&self, dir: &Path, branch: Option<&str>) -> Result<(PathBuf, String), GitError> {
        let dir = canonical(dir)?;
        let start = self.integration_start().await?;
        let listed = self.clear_older_layout(&dir, self.worktrees().await?).await?;
        self.free_integration(&dir, &listed).await?;
        for other in &listed {
            let wanted = branch.is_some() && other.branch.as_deref() == branch && other.path != dir;
            if other.gone && (wanted || other.path == dir) {
                self.forget_folder(other).await?;
            } else if wanted && other.path.parent() == dir.parent() {
                self.detach(other).await?;
            } else if wanted {
                return Err(in_use(other));
            }
        }
        let known = listed.iter().find(|listed| listed.path == dir && is_dir(&dir));
        match (known, is_empty(&dir)?) {
            // An agent that cannot take the folder away may empty it.
            (Some(listed), true) => self.forget_folder(listed).await?,
            (None, false) => return Err(GitError::PathTaken(dir)),
            (Some(_), false) | (None, true) => {}
        }
        Ok((dir, start))
    }

    /// The commit of the integration branch, which starts at the person's when it is new.
    pub(crate) async fn integration_start(&self) -> Result<String, GitError> {
        if let Some(commit) = self.integration_commit().await? {
            return Ok(commit);
        }
        let start = self.head_commit().await?;
        self.git().run(&["branch", "--no-track", "--end-of-options", INTEGRATION_BRANCH, &start]).await?;
        Ok(start)
    }

    /// Refuses while a person has the integration branch checked out: it moves under them. In a worktree beside `dir`,
    /// which is ours, an agent did it.
    pub(super) async fn free_integration(&self, dir: &Path, listed: &[Listed]) -> Result<(), GitError> {
        for other in listed.iter().filter(|other| other.branch.as_deref() == Some(INTEGRATION_BRANCH) && !other.gone) {
            if other.path.parent() != dir.parent() {
                return Err(in_use(other));
            }
            self.detach(other).await?;
        }
        Ok(())
    }

    /// An older version had one worktree for the whole project where there is a folder of worktrees now. It goes when all
    /// its work is committed; otherwise it is kept inside of that folder.
    async fn clear_older_layout(&self, dir: &Path, listed: Vec<Listed>) -> Result<Vec<Listed>, GitError> {
        let Some(folder) = dir.parent() else { return Ok(listed) };
        let Some(older) = listed.iter().find(|listed| listed.path == folder) else { return Ok(listed) };
        self.detach(older).await?;
        if older.gone || self.worktree(folder, None)?.is_clean().await? {
            self.forget_folder(older).await?;
        } else {
            let aside = folder.with_extension("older");
            let kept = folder.join("older");
            self.move_worktree(folder, &aside).await?;
            std::fs::create_dir_all(folder).map_err(|error| GitError::Io { path: folder.to_owned(), error })?;
            self.move_worktree(&aside, &kept).await?;
        }
        std::fs::create_dir_all(folder).map_err(|error| GitError::Io { path: folder.to_owned(), error })?;
        self.worktrees().await
    }

    async fn move_worktree(&self, from: &Path, to: &Path) -> Result<(), GitError> {
        let (from, to) = (from.to_string_lossy(), to.to_string_lossy());
        self.git().run_without_filters(&["worktree", "move", "--force", "--force", "--", &from, &to]).await.map(drop)
    }

    async fn forget_folder(&self, listed: &Listed) -> Result<(), GitError> {
        // Its branch stays.
        self.forget(&Listed { branch: None, ..listed.clone() }).await
    }

    async fn reuse(&self, dir: &Path, branch: String) -> Result<Worktree, GitError> {
        let worktree = self.worktree(dir, Some(branch.clone()))?;
        worktree.mend()?;
        let reference = format!("refs/heads/{branch}");
        let on = worktree.git().run(&["symbolic-ref", "--quiet", "HEAD"]).await.unwrap_or_default();
        if on.trim() != reference {
            if self.commit_of(&reference).await?.is_none() {
                let start = worktree.head_commit().await?;
                self.git().run(&["update-ref", &reference, &start]).await?;
            }
            // The files stay: work that an agent did on another branch becomes a change on ours.
            worktree.git().run(&["symbolic-ref", "HEAD", &reference]).await?;
        }
        Ok(worktree)
    }

    pub(super) fn worktree(&self, dir: &Path, branch: Option<String>) -> Result<Worktree, GitError> {
        Ok(Worktree {
            dir: dir.to_owned(),
            workdir: dir.join(&self.prefix),
            branch,
            git_dir: self.git_dir_of(dir)?,
            common_dir: self.common_dir.clone(),
            search: self.search.clone(),
        })
    }

    /// Where git keeps what it knows of the worktree at `dir`.
    pub(super) fn git_dir_of(&self, dir: &Path) -> Result<PathBuf, GitError> {
        let link = dir.join(".git");
        let points_here = |git_dir: &PathBuf| {
            std::fs::read_to_string(git_dir.join("gitdir")).is_ok_and(|target| Path::new(target.trim_end()) == link)
        };
        let all = std::fs::read_dir(self.common_dir.join("worktrees")).into_iter().flatten().flatten();
        all.map(|entry| entry.path()).find(points_here).ok_or_else(|| GitError::PathTaken(dir.to_owned()))
    }
}

impl Worktree {
    pub(super) fn git(&self) -> GitCommand {
        GitCommand::new(&self.dir, &self.search).inside(&self.git_dir, &self.common_dir, &self.dir)
    }

    /// Makes good what an agent, or the end of one, left.
    fn mend(&self) -> Result<(), GitError> {
        let link = self.dir.join(".git");
        if link.is_symlink() || !link.exists() {
            // Written through a link, it would land elsewhere.
            let _ = std::fs::remove_file(&link);
            let contents = format!("gitdir: {}\n", self.git_dir.display());
            std::fs::write(&link, contents).map_err(|error| GitError::Io { path: link, error })?;
        }
        // Left by a git that was killed with its agent.
        let _ = std::fs::remove_file(self.git_dir.join("index.lock"));
        Ok(())
    }

    /// Commits everything that changed, with the trailer `Autocoder-Task`, and ends a merge that goes on; without a change
    /// there is no commit. A second try at a task becomes one commit with the first.
    ///
    /// # Errors
    /// Whatever keeps git from it; the files stay as they are.
    pub async fn commit_all(&self, message: &str, task: TaskId) -> Result<Option<String>, GitError> {
        self.git().run_without_filters(&["add", "--all", "--", "."]).await?;
        let tries = self.tries().await?;
        let own = task.to_string();
        let known = tries.is_empty() || tries.contains(&own);
        if known && !self.is_merging() && !self.is_staged().await? {
            return Ok(None);
        }
        let message = format!("--message={}\n\nAutocoder-Task: {task}\n", message.replace('\0', "").trim());
        let flags =
            ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=whitespace", "--allow-empty-message"];
        let again: &[&str] = match tries.first() {
            Some(newest) if *newest == own && !self.is_merging() => &["--amend", "--allow-empty"],
            // An agent that committed by itself left no trailer.
            _ if !known => &["--allow-empty"],
            _ => &[],
        };
        self.git().run_without_filters(&[flags.as_slice(), again, &[&message]].concat()).await?;
        self.head_commit().await.map(Some)
    }

    /// The tasks of the commits that are merged nowhere, the newest first; a commit without a task is an empty name.
    async fn tries(&self) -> Result<Vec<String>, GitError> {
        // An empty line would be left out.
        let format = "--format=#%(trailers:key=Autocoder-Task,valueonly,separator=%x2C)";
        let unmerged = format!("^refs/heads/{INTEGRATION_BRANCH}");
        let flags = ["rev-list", "--no-commit-header", "--max-count=1000", format, "HEAD", &unmerged, "--"];
        Ok(self.git().run(&flags).await?.lines().map(|line| line.replace('#', "")).collect())
    }

    async fn is_staged(&self) -> Result<bool, GitError> {
        let flags = ["diff", "--cached", "--quiet", "--no-ext-diff", "HEAD", "--"];
        match self.git().run_without_filters(&flags).await {
            Ok(_) => Ok(false),
            Err(GitError::Failed { message, .. }) if message.is_empty() => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Whether no file differs from its commit and none is new, apart from what git ignores.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn is_clean(&self) -> Result<bool, GitError> {
        let flags = ["status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=all", "--no-renames"];
        Ok(self.git().run_without_filters(&flags).await?.is_empty())
    }

    /// The commit that the worktree stands on.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn head_commit(&self) -> Result<String, GitError> {
        Ok(self.git().run(&["rev-parse", "--verify", "HEAD^{commit}"]).await?.trim().to_owned())
    }
}

fn in_use(listed: &Listed) -> GitError {
    GitError::BranchInUse { branch: listed.branch.clone().unwrap_or_default(), path: listed.path.clone() }
}

/// Whether it is a folder, not a link to one.
fn is_dir(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

/// Whether nothing is there, or a folder without files of a project.
fn is_empty(path: &Path) -> Result<bool, GitError> {
    if path.is_symlink() {
        return Ok(false);
    }
    match std::fs::read_dir(path) {
        Ok(entries) => Ok(entries.flatten().all(|entry| entry.file_name() == ".git")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(GitError::Io { path: path.to_owned(), error }),
    }
}

/// The path as git lists it; its last part need not exist.
pub(super) fn canonical(dir: &Path) -> Result<PathBuf, GitError> {
    let failed = |error| GitError::Io { path: dir.to_owned(), error };
    let (Some(parent), Some(name)) = (dir.parent(), dir.file_name()) else {
        return Err(GitError::PathTaken(dir.to_owned()));
    };
    std::fs::create_dir_all(parent).map_err(failed)?;
    Ok(parent.canonicalize().map_err(failed)?.join(name))
}
