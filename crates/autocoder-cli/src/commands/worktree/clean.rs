//! `autocoder worktree clean`.

use std::path::Path;

use autocoder_agent::crew::release_ports;
use autocoder_agent::git::Repository;
use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::FeatureId;
use clap::Args;
use serde::Serialize;

use super::{State, WorktreeView, worktrees};
use crate::arguments::{InProject, id};
use crate::exit::{Failure, count};
use crate::root::Root;

/// Remove the worktrees of completed and deleted features
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder worktree clean                        what is finished, as far as no work would be lost
  autocoder worktree clean --feature 12 --force   this one, with whatever is uncommitted in it

Work that is committed is never lost: a branch with commits that autocoder/main has not is kept.")]
pub(crate) struct Clean {
    #[command(flatten)]
    in_project: InProject,
    /// Only this feature's
    #[arg(long, value_name = "FEATURE", value_parser = id)]
    feature: Option<i64>,
    /// Throw uncommitted work away; with --feature, also of a feature that is not completed
    #[arg(long)]
    force: bool,
}

/// What became of the worktrees.
#[derive(Debug, Default, Serialize)]
struct Cleaned {
    removed: Vec<Removed>,
    kept: Vec<Kept>,
}

#[derive(Debug, Serialize)]
struct Removed {
    path: String,
    feature_id: Option<FeatureId>,
    /// The branch, when it has work that is merged nowhere.
    kept_branch: Option<String>,
}

#[derive(Debug, Serialize)]
struct Kept {
    path: String,
    feature_id: Option<FeatureId>,
    reason: String,
}

impl Clean {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let found = worktrees(root, &installation, &project).await?;
        let wanted = self.feature.map(FeatureId);
        let mut cleaned = Cleaned::default();
        if let Some((repository, views)) = found {
            for view in views.into_iter().filter(|view| wanted.is_none() || view.feature_id == wanted) {
                self.clean(&repository, view, root, &mut cleaned).await;
            }
        }
        self.check(&cleaned)?;
        root.output.done(&cleaned, sentence(&cleaned).trim_end())
    }

    async fn clean(&self, repository: &Repository, view: WorktreeView, root: &Root, cleaned: &mut Cleaned) {
        let path = Path::new(&view.path);
        let removed = match self.reason_to_stay(&view) {
            Some(reason) => Err(reason),
            None if self.force => repository.discard_worktree(path).await.map_err(|error| error.to_string()),
            None => repository.remove_worktree(path).await.map_err(|error| error.to_string()),
        };
        let WorktreeView { feature_id, ahead, branch, path: place, .. } = view;
        match removed {
            Ok(()) => {
                release_ports(&root.config.data_dir.value, Path::new(&place));
                let kept_branch = branch.filter(|_| ahead > 0);
                cleaned.removed.push(Removed { path: place, feature_id, kept_branch });
            }
            Err(reason) => cleaned.kept.push(Kept { path: place, feature_id, reason }),
        }
    }

    /// Why it is kept; none: it may go.
    fn reason_to_stay(&self, view: &WorktreeView) -> Option<String> {
        if let Some(agent) = &view.agent {
            return Some(format!("agent `{agent}` works in it; stop the agent first"));
        }
        let unfinished = view.feature_status.filter(|status| *status != FeatureStatus::Completed);
        match unfinished {
            Some(status) if !(self.force && self.feature.is_some()) => {
                return Some(format!("its feature is `{status}`; name it with --feature and add --force"));
            }
            _ if self.force => return None,
            _ => {}
        }
        let commits = count(usize::try_from(view.ahead).unwrap_or(usize::MAX), "commit");
        match view.state {
            State::Uncommitted => Some("it has uncommitted changes; --force throws them away".to_owned()),
            State::Merging => Some("a merge is under way in it; --force throws it away".to_owned()),
            State::Clean | State::Missing if view.ahead > 0 => Some(format!(
                "its branch has {commits} that autocoder/main has not; --force removes the folder and keeps the branch"
            )),
            State::Clean | State::Missing => None,
        }
    }

    /// What was named by hand and stays is a failure.
    fn check(&self, cleaned: &Cleaned) -> Result<(), Failure> {
        let Some(id) = self.feature else { return Ok(()) };
        match cleaned.kept.first() {
            Some(kept) => {
                let message = format!("the worktree of feature `{id}` is kept: {}", kept.reason);
                Err(Failure::Conflict { message, hint: "`autocoder worktree list` shows its state".to_owned() })
            }
            None if cleaned.removed.is_empty() => Err(Failure::Missing {
                message: format!("feature `{id}` has no worktree"),
                hint: "`autocoder worktree list` shows the worktrees of the project".to_owned(),
            }),
            None => Ok(()),
        }
    }
}

fn sentence(cleaned: &Cleaned) -> String {
    let mut text = String::new();
    for removed in &cleaned.removed {
        let branch = removed.kept_branch.as_ref().map(|branch| format!("; the branch {branch} is kept"));
        text.push_str(&format!("removed {}{}\n", removed.path, branch.unwrap_or_default()));
    }
    for kept in &cleaned.kept {
        text.push_str(&format!("kept    {}: {}\n", kept.path, kept.reason));
    }
    if text.is_empty() { "there is no worktree to remove".to_owned() } else { text }
}
