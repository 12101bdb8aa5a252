//! Runs: the processes of agents, and their logs.

mod follow;
mod list;
mod log;
mod show;

use autocoder_core::ids::{ProjectId, RunId};
use autocoder_core::run::Run;
use autocoder_core::view::ProjectView;

use crate::call::Call;
use crate::operations::{Operations, operations};
use crate::problem::Problem;

pub(super) fn add(list: &mut Operations) {
    operations!(list, "runs"; Viewer list, Viewer show, Viewer log);
}

/// A run with its project, when this caller may see it.
async fn find(call: &Call, id: i64) -> Result<(Run, ProjectView), Problem> {
    let missing = || Problem::missing("run", id);
    let run = call.store().ledger().run(RunId(id)).await?.ok_or_else(missing)?;
    let project = named(call, run.project).await?.ok_or_else(missing)?;
    Ok((run, project))
}

async fn named(call: &Call, id: ProjectId) -> Result<Option<ProjectView>, Problem> {
    let projects = call.queries().projects().await?;
    Ok(projects.into_iter().find(|project| project.id == id && call.caller.sees(id)))
}
