//! Where an agent works, and how its work is checked there before a task passes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use autocoder_core::agent::RunnerKind;
use autocoder_core::ports::{Verdict, Verifier};
use autocoder_core::project::Project;
use autocoder_core::task::{Branch, Evidence};
use autocoder_core::time::Timestamp;

use crate::git::{GitError, Repository, Worktree};
use crate::verify::{VerifyOptions, verify};

/// A place to work.
pub enum Workplace {
    /// A worktree of the project's repository, on the integration branch.
    Worktree(Box<Worktree>),
    /// The project's folder itself: it is no git repository, or the agent is not ours.
    InPlace(PathBuf),
    /// An empty folder: a rehearsal writes no files.
    Scratch(PathBuf),
}

impl Workplace {
    /// Where the agent's process starts.
    #[must_use]
    pub fn dir(&self) -> &Path {
        match self {
            Self::Worktree(worktree) => &worktree.workdir,
            Self::InPlace(dir) | Self::Scratch(dir) => dir,
        }
    }

    /// The branch it writes to.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        match self {
            Self::Worktree(worktree) => Some(&worktree.branch),
            Self::InPlace(_) | Self::Scratch(_) => None,
        }
    }
}

/// The place where agents of `runner` work on `project`.
///
/// # Errors
/// What git or the file system says, with the step.
pub async fn workplace_of(
    project: &Project,
    runner: RunnerKind,
    data_dir: &Path,
    environment: &BTreeMap<String, String>,
) -> Result<Workplace, GitError> {
    if runner == RunnerKind::External {
        // It came in by itself and works where the person started it.
        return Ok(Workplace::InPlace(PathBuf::from(&project.path)));
    }
    if runner == RunnerKind::Rehearsal {
        let dir = data_dir.join("scratch").join(&project.name);
        std::fs::create_dir_all(&dir).map_err(|error| GitError::Io { path: dir.clone(), error })?;
        return Ok(Workplace::Scratch(dir));
    }
    match Repository::discover(Path::new(&project.path), environment).await? {
        None => Ok(Workplace::InPlace(PathBuf::from(&project.path))),
        Some(repository) => {
            let dir = data_dir.join("worktrees").join(&project.name);
            Ok(Workplace::Worktree(Box::new(repository.prepare_worktree(&dir).await?)))
        }
    }
}

/// Runs the project's verification where the agent worked, and commits what it wrote.
pub struct WorktreeVerifier {
    /// What drives the agent.
    pub runner: RunnerKind,
    /// Where worktrees are.
    pub data_dir: PathBuf,
    /// The environment to choose from.
    pub environment: BTreeMap<String, String>,
    /// The clock that stamps evidence.
    pub clock: fn() -> Timestamp,
}

#[async_trait]
impl Verifier for WorktreeVerifier {
    async fn verify(&self, project: &Project, branch: &Branch) -> Verdict {
        // A rehearsal writes no files, so there is nothing to check.
        if self.runner == RunnerKind::Rehearsal {
            return Verdict::Passed(Vec::new());
        }
        match workplace_of(project, self.runner, &self.data_dir, &self.environment).await {
            Ok(place) => self.verify_at(&place, project, branch).await,
            Err(error) => failed(Vec::new(), format!("the worktree cannot be used: {error}")),
        }
    }
}

impl WorktreeVerifier {
    async fn verify_at(&self, place: &Workplace, project: &Project, branch: &Branch) -> Verdict {
        let time_limit = Duration::from_secs(project.settings.verify_timeout_s.into());
        let options = VerifyOptions { environment: self.environment.clone(), allow: Vec::new(), time_limit };
        let ran = verify(place.dir(), &project.settings.verify, &options).await;
        let report = ran.iter().find(|evidence| !evidence.passed()).map(|failed| {
            let how = match failed.exit_code {
                Some(code) => format!("ended with exit code {code}"),
                None => "did not end in time, or was killed".to_owned(),
            };
            format!("`{}` {how}; the end of its output:\n{}", failed.command, failed.output_end)
        });
        let mut evidence: Vec<Evidence> = ran.into_iter().map(|ran| self.evidence(branch, ran)).collect();
        if let Some(report) = report {
            return failed(evidence, report);
        }
        match commit(place, branch).await {
            Ok(commit) => {
                evidence.iter_mut().for_each(|evidence| evidence.commit.clone_from(&commit));
                Verdict::Passed(evidence)
            }
            Err(error) => failed(evidence, format!("the work cannot be committed: {error}")),
        }
    }

    fn evidence(&self, branch: &Branch, ran: crate::verify::Evidence) -> Evidence {
        Evidence {
            task: branch.task.id,
            attempt: branch.task.attempt,
            command: ran.command,
            exit_code: ran.exit_code.filter(|_| !ran.timed_out),
            output_end: ran.output_end.replace('\0', "\u{fffd}"),
            commit: None,
            at: (self.clock)(),
        }
    }
}

async fn commit(place: &Workplace, branch: &Branch) -> Result<Option<String>, GitError> {
    match place {
        Workplace::Worktree(worktree) => match worktree.commit_all(&branch.task.name, branch.task.id).await? {
            Some(commit) => Ok(Some(commit)),
            None => worktree.head_commit().await.map(Some),
        },
        Workplace::InPlace(_) | Workplace::Scratch(_) => Ok(None),
    }
}

fn failed(evidence: Vec<Evidence>, report: String) -> Verdict {
    Verdict::Failed { evidence, report }
}
