//! The merge queue: checks finished work on the tree that it would make, and brings it into the integration branch.
//!
//! One piece of work at a time, also between processes: merge, verify, move the branch forward. The pass is recorded after
//! that; killed anywhere in between, the same call again finds the work merged and passes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use autocoder_core::agent::{Isolation, RunnerKind};
use autocoder_core::ports::{Verdict, Verifier};
use autocoder_core::project::Project;
use autocoder_core::task::{Branch, Evidence};
use autocoder_core::time::Timestamp;

use super::ports::Ports;
use super::workplace::{Purpose, Site, Tree, Workplace, named};
use crate::git::{GitError, Merge};
use crate::isolation::{Confines, Enclosure, Room, enclosure};
use crate::verify::{VerifyOptions, verify};

/// How often the branch may move under a verification, by somebody who takes no turn.
const TRIES: usize = 3;

/// Runs the project's verification where the agent worked, and merges what it wrote.
pub struct WorktreeVerifier {
    /// What drives the agent.
    pub runner: RunnerKind,
    /// Where worktrees are.
    pub data_dir: PathBuf,
    /// The environment to choose from.
    pub environment: BTreeMap<String, String>,
    /// How far the commands are kept from the machine; left out: as the project says.
    pub isolation: Option<Isolation>,
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
        let (data_dir, environment) = (&*self.data_dir, &self.environment);
        let site = Site { project, runner: self.runner, data_dir, environment };
        let checking = Checking { verifier: self, project, branch };
        match site.place(Purpose::Feature(branch.feature.id)).await {
            Ok(Workplace::Worktree(tree)) => {
                checking.merge(&tree).await.unwrap_or_else(|error| cannot("merged", &error))
            }
            Ok(Workplace::InPlace(dir) | Workplace::Scratch(dir)) => checking.in_place(&dir).await,
            Err(error) => cannot("found", &error),
        }
    }
}

/// A finished task that is checked.
struct Checking<'a> {
    verifier: &'a WorktreeVerifier,
    project: &'a Project,
    branch: &'a Branch,
}

/// What the commands gave.
enum Checked {
    Passed(Vec<Evidence>),
    Failed { evidence: Vec<Evidence>, report: String },
}

impl Checking<'_> {
    async fn in_place(&self, dir: &Path) -> Verdict {
        match self.check(dir, None).await {
            Checked::Passed(evidence) => Verdict::Passed(evidence),
            Checked::Failed { evidence, report } => Verdict::Failed { evidence, report },
        }
    }

    async fn merge(&self, tree: &Tree) -> Result<Verdict, GitError> {
        let (repository, worktree, task) = (&tree.repository, &tree.worktree, &self.branch.task);
        let _turn = repository.merge_turn().await?;
        let unresolved = worktree.unresolved().await?;
        if !unresolved.is_empty() {
            return Ok(conflict(unresolved));
        }
        worktree.commit_all(&task.name, task.id).await?;
        for _ in 0..TRIES {
            let own = worktree.head_commit().await?;
            let main = repository.integration_start().await?;
            let merged = match worktree.merge_integration(&main).await? {
                Merge::Merged(commit) => commit,
                Merge::Conflict(files) => return Ok(conflict(files)),
            };
            let evidence = match self.check(&worktree.workdir, Some((tree, &merged))).await {
                Checked::Passed(evidence) => evidence,
                Checked::Failed { evidence, report } if merged == own => {
                    return Ok(Verdict::Failed { evidence, report });
                }
                Checked::Failed { evidence, report } => {
                    let report =
                        format!("merged with what others finished meanwhile (it is in your work tree now): {report}");
                    return Ok(Verdict::Failed { evidence, report });
                }
            };
            if repository.advance_integration(worktree, &main, &merged).await? {
                return Ok(Verdict::Passed(evidence));
            }
        }
        let report = "`autocoder/main` was moved by somebody else at every try; call `task_mark_passing` again";
        Ok(Verdict::Failed { evidence: Vec::new(), report: report.to_owned() })
    }

    /// Runs the commands on the files at `dir`, in a worktree those of a commit.
    async fn check(&self, dir: &Path, merged: Option<(&Tree, &str)>) -> Checked {
        let settings = &self.project.settings;
        let environment = &self.verifier.environment;
        let (tree, commit) = merged.unzip();
        let ports = tree.and_then(|tree| tree.ports);
        let inside = match self.sandbox(dir, tree).await {
            Ok(inside) => inside,
            Err(report) => return Checked::Failed { evidence: Vec::new(), report },
        };
        let options = VerifyOptions {
            environment: ports.map_or_else(|| environment.clone(), |ports| ports.added_to(environment)),
            allow: ports.iter().flat_map(|_| Ports::NAMES).map(str::to_owned).collect(),
            time_limit: Duration::from_secs(settings.verify_timeout_s.into()),
            inside,
        };
        let ran = verify(dir, &settings.verify, &options).await;
        let report = ran.iter().find(|evidence| !evidence.passed()).map(|failed| {
            let how = match failed.exit_code {
                Some(code) => format!("ended with exit code {code}"),
                None => "did not end in time, or was killed".to_owned(),
            };
            format!("`{}` {how}; the end of its output:\n{}", failed.command, failed.output_end)
        });
        let evidence = ran.into_iter().map(|ran| self.evidence(ran, commit)).collect();
        match report {
            Some(report) => Checked::Failed { evidence, report },
            None => Checked::Passed(evidence),
        }
    }

    /// An agent wrote what the commands run, so they get no more than it had; one that came in by itself had everything.
    async fn sandbox(&self, dir: &Path, tree: Option<&Tree>) -> Result<Option<(Enclosure, Confines)>, String> {
        let WorktreeVerifier { runner, isolation, data_dir, environment, .. } = self.verifier;
        if *runner == RunnerKind::External {
            return Ok(None);
        }
        let wanted = isolation.unwrap_or(self.project.settings.isolation);
        let enclosure = enclosure(wanted, environment).await.map_err(|error| error.to_string())?;
        let (top, git_dir) = tree.map(|tree| (&*tree.worktree.dir, tree.repository.common_dir())).unzip();
        let room = Room { project: self.project, data_dir, environment, top: top.unwrap_or(dir), git_dir };
        Ok(Some((enclosure, room.confines(&[]).map_err(|error| error.to_string())?)))
    }

    fn evidence(&self, ran: crate::verify::Evidence, commit: Option<&str>) -> Evidence {
        let task = &self.branch.task;
        Evidence {
            task: task.id,
            attempt: task.attempt,
            command: ran.command,
            exit_code: ran.exit_code.filter(|_| !ran.timed_out),
            output_end: ran.output_end.replace('\0', "\u{fffd}"),
            commit: commit.map(str::to_owned),
            at: (self.verifier.clock)(),
        }
    }
}

fn conflict(files: Vec<String>) -> Verdict {
    let report = format!(
        "what others finished meanwhile and your work do not go together in: {}. The merge waits in your work tree, and \
         these files have both sides in them, between `<<<<<<<` and `>>>>>>>`; a file without such marks was deleted by one \
         side, or is no text. Make of each what both sides want",
        named(&files)
    );
    Verdict::Conflict { files, report }
}

fn cannot(step: &str, error: &GitError) -> Verdict {
    Verdict::Failed { evidence: Vec::new(), report: format!("your work tree cannot be {step}: {error}") }
}
