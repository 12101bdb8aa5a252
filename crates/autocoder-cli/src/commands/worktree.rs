//! `autocoder worktree`: the worktrees in which agents work, and what may go of them.

mod clean;
mod list;

use std::path::Path;

use autocoder_agent::crew::worktrees_dir;
use autocoder_agent::git::{GitError, Listed, Repository, WorktreeState, bytes_below};
use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::{AgentId, FeatureId};
use autocoder_core::view::ProjectView;
use clap::Subcommand;
use serde::Serialize;

use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::Root;

/// See the worktrees of agents; remove those of finished features
#[derive(Subcommand)]
pub(crate) enum Worktree {
    List(list::List),
    Clean(clean::Clean),
}

impl Worktree {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Clean(verb) => verb.run(root).await,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Clean,
    Uncommitted,
    Merging,
    Missing,
}

impl State {
    fn of(listed: &Listed, state: WorktreeState) -> Self {
        match state {
            _ if listed.gone => Self::Missing,
            WorktreeState { merging: true, .. } => Self::Merging,
            WorktreeState { uncommitted: true, .. } => Self::Uncommitted,
            _ => Self::Clean,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Uncommitted => "uncommitted changes",
            Self::Merging => "in a merge",
            Self::Missing => "missing",
        }
    }
}

/// A worktree as `--json` prints it.
#[derive(Debug, Serialize)]
struct WorktreeView {
    /// None: it only shows the passed work to an agent.
    feature_id: Option<FeatureId>,
    /// None: as above, or the feature was deleted.
    feature: Option<String>,
    feature_status: Option<FeatureStatus>,
    branch: Option<String>,
    path: String,
    state: State,
    /// Commits that `autocoder/main` has not.
    ahead: u64,
    /// Commits of `autocoder/main` that it has not.
    behind: u64,
    /// None: it is missing, or has too many files to be counted.
    bytes: Option<u64>,
    /// Who works in it now.
    agent: Option<AgentId>,
}

/// The worktrees of a project's agents; no repository, no worktrees.
async fn worktrees(
    root: &Root,
    installation: &Installation,
    project: &ProjectView,
) -> Result<Option<(Repository, Vec<WorktreeView>)>, Failure> {
    let found = Repository::discover(Path::new(&project.path), &root.config.environment).await?;
    let Some(repository) = found else { return Ok(None) };
    let data_dir = &root.config.data_dir.value;
    let data_dir = data_dir.canonicalize().unwrap_or_else(|_| data_dir.clone());
    let at_work = at_work(installation, project).await?;
    let mut views = Vec::new();
    for listed in repository.worktrees_below(&worktrees_dir(&data_dir, &project.name)).await? {
        let feature_id = listed.feature();
        let feature = match feature_id {
            Some(id) => installation.queries().feature(project.id, id).await?,
            None => None,
        };
        let (state, behind) = (repository.state_of(&listed).await?, repository.behind(&listed).await?);
        let agent = at_work.iter().find(|(_, place)| *place == Place::of(&listed));
        views.push(WorktreeView {
            feature_id,
            feature_status: feature.as_ref().map(|feature| feature.status),
            feature: feature.map(|feature| feature.name),
            state: State::of(&listed, state),
            ahead: state.ahead,
            behind,
            bytes: bytes_below(&listed.path),
            agent: agent.map(|(agent, _)| agent.clone()),
            path: listed.path.display().to_string(),
            branch: listed.branch,
        });
    }
    Ok(Some((repository, views)))
}

/// Where an agent works.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Feature(FeatureId),
    /// The folder's name, of an agent that works on no feature.
    View(String),
}

impl Place {
    fn of(listed: &Listed) -> Self {
        let name = listed.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        listed.feature().map_or(Self::View(name), Self::Feature)
    }
}

/// The agents that run now; runs that a crew left behind when it died are none.
async fn at_work(installation: &Installation, project: &ProjectView) -> Result<Vec<(AgentId, Place)>, Failure> {
    let mut found = Vec::new();
    if project.driven_by.is_none() {
        return Ok(found);
    }
    for run in installation.store.ledger().open_runs(project.id).await? {
        let feature = match run.task {
            Some(task) => installation.queries().task(project.id, task).await?.map(|task| task.feature_id),
            None => run.feature,
        };
        // Who works on a feature without a task of it only reads.
        found.push(match feature.filter(|_| run.task.is_some()) {
            Some(feature) => (run.agent, Place::Feature(feature)),
            None => (run.agent.clone(), Place::View(format!("main-{}", run.agent))),
        });
    }
    Ok(found)
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        let hint = "`autocoder doctor` shows whether git can be used".to_owned();
        match error {
            GitError::NotInstalled(_) | GitError::TimedOut { .. } => {
                Self::Unavailable { message: error.to_string(), hint }
            }
            _ => Self::Conflict { message: error.to_string(), hint },
        }
    }
}
