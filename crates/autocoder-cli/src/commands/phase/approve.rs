//! `autocoder phase approve`.

use std::path::Path;

use autocoder_agent::git::{Landed, Landing, MergeIntoError, merge_into_checkout};
use autocoder_core::ids::PhaseId;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Accept a phase at its gate; the next one starts
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder phase approve 3 --note 'works on my phone'
  autocoder phase approve 3 --merge     the work goes into the branch of your checkout, which must be clean

What cannot be merged is not approved either, and nothing is changed.")]
pub(crate) struct Approve {
    #[command(flatten)]
    phase: ById,
    /// What you want to keep with the decision
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Merge autocoder/main into the branch of your own checkout before
    #[arg(long)]
    merge: bool,
}

impl Approve {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        let id = PhaseId(self.phase.id);
        let cx = installation.context();
        let mut merged = String::new();
        if self.merge {
            workflow::check_approval(&cx, project.id, id, &self.note).await?;
            let landed = merge_into_checkout(Path::new(&project.path), &root.config.environment).await?;
            merged = format!("; {}", merged_line(&landed));
        }
        workflow::approve_phase(&cx, project.id, id, &self.note).await?;
        let phases = installation.queries().phases(project.id).await?;
        let view = installation.phase(&project, self.phase.id).await?;
        let next = next_line(&phases, &project.name);
        root.output.done(&view, &format!("phase {id} \"{}\" approved{merged}; {next}", view.name))
    }
}

fn next_line(phases: &[PhaseView], project: &str) -> String {
    match phases.iter().find(|phase| phase.status == PhaseStatus::InProgress) {
        Some(next) => format!("phase {} \"{}\" has started", next.id, next.name),
        None => format!("it was the last one: project \"{project}\" is completed"),
    }
}

fn merged_line(landed: &Landed) -> String {
    let (branch, commit) = (&landed.branch, landed.commit.get(..12).unwrap_or(&landed.commit));
    match landed.how {
        Landing::Nothing => format!("`{branch}` had everything already"),
        Landing::FastForward => format!("`{branch}` was moved forward to {commit}"),
        Landing::MergeCommit => format!("autocoder/main was merged into `{branch}` by {commit}"),
    }
}

impl From<MergeIntoError> for Failure {
    fn from(error: MergeIntoError) -> Self {
        Self::Conflict { message: error.to_string(), hint: error.hint().to_owned() }
    }
}
