//! The worktree that an agent works in: made, found again, or made anew when it went away.

use std::path::{Path, PathBuf};

use super::command::GitCommand;
use super::{GitError, INTEGRATION_BRANCH, Repository};

/// A worktree of ours on the integration branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worktree {
    /// Its top.
    pub dir: PathBuf,
    /// Where the agent starts: the project's own directory inside it.
    pub workdir: PathBuf,
    /// The branch it is on.
    pub branch: String,
    git_dir: PathBuf,
    search: String,
}

/// A line of `git worktree list`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Listed {
    path: PathBuf,
    branch: Option<String>,
}

impl Repository {
    /// The worktree at `dir` on the integration branch, which starts at the person's commit when it is new. One that is
    /// there is taken as it is, uncommitted work included; one that was deleted is made again.
    ///
    /// Call it while no agent works there.
    ///
    /// # Errors
    /// [`GitError::NoCommit`], [`GitError::BranchInUse`], [`GitError::PathTaken`], or what git or the file system says.
    pub async fn prepare_worktree(&self, dir: &Path) -> Result<Worktree, GitError> {
        let dir = canonical(dir)?;
        if self.integration_commit().await?.is_none() {
            let start = self.head_commit().await?;
            self.git().run(&["branch", "--no-track", "--end-of-options", INTEGRATION_BRANCH, &start]).await?;
        }
        let listed = parse_list(&self.git().run(&["worktree", "list", "--porcelain", "-z"]).await?);
        if listed.iter().any(|worktree| worktree.path == dir) && dir.is_dir() {
            return self.reuse(&dir).await;
        }
        self.make_room(&dir, &listed).await?;
        let path = dir.to_string_lossy();
        self.git().run_without_filters(&["worktree", "add", "--quiet", "--", &path, INTEGRATION_BRANCH]).await?;
        self.worktree(&dir)
    }

    async fn reuse(&self, dir: &Path) -> Result<Worktree, GitError> {
        let worktree = self.worktree(dir)?;
        let link = dir.join(".git");
        if !link.exists() {
            let contents = format!("gitdir: {}\n", worktree.git_dir.display());
            std::fs::write(&link, contents).map_err(|error| GitError::Io { path: link, error })?;
        }
        // Left by a git that was killed with its agent.
        let _ = std::fs::remove_file(worktree.git_dir.join("index.lock"));
        let branch = format!("refs/heads/{INTEGRATION_BRANCH}");
        let on = worktree.git().run(&["symbolic-ref", "--quiet", "HEAD"]).await.unwrap_or_default();
        if on.trim() != branch {
            // The files stay: work that an agent did on another branch becomes a change on ours.
            worktree.git().run(&["symbolic-ref", "HEAD", &branch]).await?;
        }
        Ok(worktree)
    }

    /// Forgets worktrees of ours whose directory is gone, and refuses a place or a branch that is in use.
    async fn make_room(&self, dir: &Path, listed: &[Listed]) -> Result<(), GitError> {
        let branch = format!("refs/heads/{INTEGRATION_BRANCH}");
        for worktree in listed {
            let ours = worktree.path == dir || worktree.branch.as_ref() == Some(&branch);
            if ours && worktree.path.exists() {
                return Err(GitError::BranchInUse(worktree.path.clone()));
            }
            if ours {
                let path = worktree.path.to_string_lossy();
                self.git().run(&["worktree", "remove", "--force", "--", &path]).await?;
            }
        }
        match std::fs::read_dir(dir) {
            Ok(mut entries) => entries.next().map_or(Ok(()), |_| Err(GitError::PathTaken(dir.to_owned()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(GitError::Io { path: dir.to_owned(), error }),
        }
    }

    fn worktree(&self, dir: &Path) -> Result<Worktree, GitError> {
        let link = dir.join(".git");
        let points_here = |git_dir: &PathBuf| {
            std::fs::read_to_string(git_dir.join("gitdir")).is_ok_and(|target| Path::new(target.trim_end()) == link)
        };
        let all = std::fs::read_dir(self.common_dir.join("worktrees")).into_iter().flatten().flatten();
        let git_dir =
            all.map(|entry| entry.path()).find(points_here).ok_or_else(|| GitError::PathTaken(dir.to_owned()))?;
        Ok(Worktree {
            dir: dir.to_owned(),
            workdir: dir.join(&self.prefix),
            branch: INTEGRATION_BRANCH.to_owned(),
            git_dir,
            search: self.search.clone(),
        })
    }
}

impl Worktree {
    pub(super) fn git(&self) -> GitCommand {
        GitCommand::new(&self.dir, &self.search).inside(&self.git_dir, &self.dir)
    }
}

/// The path as git lists it; its last part need not exist.
fn canonical(dir: &Path) -> Result<PathBuf, GitError> {
    let failed = |error| GitError::Io { path: dir.to_owned(), error };
    let (Some(parent), Some(name)) = (dir.parent(), dir.file_name()) else {
        return Err(GitError::PathTaken(dir.to_owned()));
    };
    std::fs::create_dir_all(parent).map_err(failed)?;
    Ok(parent.canonicalize().map_err(failed)?.join(name))
}

fn parse_list(listing: &str) -> Vec<Listed> {
    let entry = |text: &str| {
        let field = |name: &str| text.split('\0').find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Some(Listed { path: field("worktree")?.into(), branch: field("branch").map(str::to_owned) })
    };
    listing.split("\0\0").filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_worktrees_is_read() {
        let listing =
            "worktree /a\0HEAD 1\0branch refs/heads/main\0\0worktree /b c\0HEAD 2\0detached\0prunable gone\0\0";
        assert_eq!(
            parse_list(listing),
            [
                Listed { path: "/a".into(), branch: Some("refs/heads/main".into()) },
                Listed { path: "/b c".into(), branch: None },
            ]
        );
        assert_eq!(parse_list(""), []);
    }
}
