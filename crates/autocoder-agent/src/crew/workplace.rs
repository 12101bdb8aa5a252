//! Where an agent works: a worktree of the feature, a view of what is merged, the folder itself, or nowhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocoder_core::agent::RunnerKind;
use autocoder_core::ids::{AgentId, FeatureId};
use autocoder_core::project::Project;

use super::ports::Ports;
use crate::git::{GitError, Repository, Worktree};

/// A place to work.
pub enum Workplace {
    /// A worktree of the project's repository.
    Worktree(Box<Tree>),
    /// The project's folder itself: it is no git repository, or the agent is not ours.
    InPlace(PathBuf),
    /// An empty folder: a rehearsal writes no files.
    Scratch(PathBuf),
}

/// A worktree and what belongs to it.
pub struct Tree {
    /// Its repository.
    pub repository: Repository,
    /// The worktree.
    pub worktree: Worktree,
    /// The ports of its dev servers.
    pub ports: Option<Ports>,
}

/// What a place is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// Work on a feature.
    Feature(FeatureId),
    /// A look at what is merged, by this agent.
    Look(&'a AgentId),
}

/// What decides where agents of a kind work on a project.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The project.
    pub project: &'a Project,
    /// What drives the agent.
    pub runner: RunnerKind,
    /// Where worktrees are.
    pub data_dir: &'a Path,
    /// The environment to choose from.
    pub environment: &'a BTreeMap<String, String>,
}

/// The folder of the worktrees of a project: `f-12` of feature 12, `main-NAME` of an agent that only looks.
#[must_use]
pub fn worktrees_dir(data_dir: &Path, project: &str) -> PathBuf {
    data_dir.join("worktrees").join(project)
}

impl Site<'_> {
    /// The place for `purpose`, made when it is not there.
    ///
    /// # Errors
    /// What git or the file system says, with the step.
    pub async fn place(&self, purpose: Purpose<'_>) -> Result<Workplace, GitError> {
        if self.runner == RunnerKind::External {
            // It came in by itself and works where the person started it.
            return Ok(Workplace::InPlace(PathBuf::from(&self.project.path)));
        }
        if self.runner == RunnerKind::Rehearsal {
            let dir = self.data_dir.join("scratch").join(&self.project.name);
            std::fs::create_dir_all(&dir).map_err(|error| GitError::Io { path: dir.clone(), error })?;
            return Ok(Workplace::Scratch(dir));
        }
        let Some(repository) = self.repository().await? else {
            return Ok(Workplace::InPlace(PathBuf::from(&self.project.path)));
        };
        let folder = worktrees_dir(self.data_dir, &self.project.name);
        let worktree = match purpose {
            Purpose::Feature(feature) => {
                repository.prepare_worktree(&folder.join(format!("f-{feature}")), feature).await?
            }
            Purpose::Look(agent) => repository.prepare_view(&folder.join(format!("main-{agent}"))).await?,
        };
        let ports = Ports::of(self.data_dir, &worktree.dir);
        Ok(Workplace::Worktree(Box::new(Tree { repository, worktree, ports })))
    }

    /// The repository that the project lies in.
    ///
    /// # Errors
    /// Whatever keeps git from answering.
    pub async fn repository(&self) -> Result<Option<Repository>, GitError> {
        Repository::discover(Path::new(&self.project.path), self.environment).await
    }

    /// The place for `purpose` as an agent finds it at its start: with what others merged meanwhile, and ports.
    ///
    /// # Errors
    /// What git or the file system says, with the step.
    pub async fn ready_place(&self, purpose: Purpose<'_>) -> Result<Workplace, GitError> {
        let mut place = self.place(purpose).await?;
        if let Workplace::Worktree(tree) = &mut place {
            tree.ports = Ports::reserve(self.data_dir, &tree.worktree.dir);
            if let (Purpose::Feature(_), Some(commit)) = (purpose, tree.repository.integration_commit().await?) {
                tree.worktree.bring_up_to_date(&commit).await?;
            }
        }
        Ok(place)
    }
}

impl Workplace {
    /// Where the agent's process starts.
    #[must_use]
    pub fn dir(&self) -> &Path {
        match self {
            Self::Worktree(tree) => &tree.worktree.workdir,
            Self::InPlace(dir) | Self::Scratch(dir) => dir,
        }
    }

    /// What of it the agent may write.
    #[must_use]
    pub fn top(&self) -> &Path {
        match self {
            Self::Worktree(tree) => &tree.worktree.dir,
            Self::InPlace(dir) | Self::Scratch(dir) => dir,
        }
    }

    /// The worktree, when it is one.
    #[must_use]
    pub fn tree(&self) -> Option<&Tree> {
        match self {
            Self::Worktree(tree) => Some(tree),
            Self::InPlace(_) | Self::Scratch(_) => None,
        }
    }

    /// The branch it writes to.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        self.tree().and_then(|tree| tree.worktree.branch.as_deref())
    }

    /// `environment` with the ports of the place, and the names that are allowed on top for that.
    pub(super) fn variables(&self, environment: &BTreeMap<String, String>) -> (BTreeMap<String, String>, Vec<String>) {
        match self.tree().and_then(|tree| tree.ports) {
            Some(ports) => (ports.added_to(environment), Ports::NAMES.map(str::to_owned).into()),
            None => (environment.clone(), Vec::new()),
        }
    }

    /// What an agent has to know of it beside its task.
    pub(super) async fn remarks(&self) -> String {
        let Some(tree) = self.tree() else { return String::new() };
        let mut remarks: Vec<String> = tree.ports.into_iter().map(Ports::remark).collect();
        if tree.worktree.is_merging() {
            // Without an answer the agent finds them by their marks.
            let files = tree.worktree.unmerged().await.unwrap_or_default();
            remarks.push(format!(
                "A merge of `autocoder/main` waits in your work tree. Mend its conflicts first, in: {}.",
                named(&files)
            ));
        }
        remarks.iter().map(|remark| format!("\n{remark}\n")).collect()
    }
}

/// The files, as many as an agent or a person reads.
pub(super) fn named(files: &[String]) -> String {
    const SHOWN: usize = 40;
    let shown: Vec<String> = files.iter().take(SHOWN).map(|file| format!("`{file}`")).collect();
    match files.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
