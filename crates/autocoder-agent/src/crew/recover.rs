//! Takes over after a crew that died: its processes are ended, its runs closed, its claims handed back.

use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::ids::RunId;
use autocoder_core::ports::RunEnd;
use autocoder_core::run::{Run, RunKind, RunOutcome};
use autocoder_core::workflow::{Fence, end_spec_turn, release_task};

use super::Crew;
use super::tools::Identity;
use crate::supervisor::sweep_orphans;

const TURN_DIED: &str = "My run died. Write to me to try again.";
const DIED: &str = "the process that supervised this run died";

/// Closes every open run of the project and answers how many there were. Only the holder of the crew's lease may.
pub(super) async fn recover(crew: &Crew) -> Result<usize, Refused> {
    let open = crew.store.ledger().open_runs(crew.id()).await?;
    let tags: Vec<String> = open.iter().map(|run| tag(crew, run.id)).collect();
    let _swept = sweep_orphans(&tags);
    for run in &open {
        close(crew, run).await?;
    }
    Ok(open.len())
}

async fn close(crew: &Crew, run: &Run) -> Result<(), Refused> {
    let ledger = crew.store.ledger();
    crew.tools.done(&identity(crew, run)).await;
    if let Some(task) = run.task {
        let fence = Fence { agent: run.agent.clone(), attempt: run.attempt };
        match release_task(&crew.context(&Actor::System), crew.id(), task, &fence, "").await {
            Ok(_) | Err(Refused::LeaseLost { .. } | Refused::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    if let Some(feature) = run.feature.filter(|_| run.kind == RunKind::Spec) {
        let actor = Actor::Agent(run.agent.clone());
        match end_spec_turn(&crew.context(&actor), crew.id(), feature, Some(TURN_DIED)).await {
            Ok(()) | Err(Refused::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let end = RunEnd {
        at: ledger.now().await?,
        outcome: RunOutcome::Crashed,
        detail: Some(DIED.to_owned()),
        tokens: run.tokens,
        cost_reported_nusd: None,
    };
    Ok(ledger.end_run(run.id, end).await?)
}

/// Who the dead run was.
fn identity(crew: &Crew, run: &Run) -> Identity {
    Identity {
        project: crew.id(),
        project_name: crew.project.name.clone(),
        agent: run.agent.clone(),
        role: run.kind.role(),
        run: run.id,
        claim: run.task.map(|task| (task, run.attempt)),
    }
}

/// What marks every process of a run, unique on this machine: the data directory tells installations apart.
pub(super) fn tag(crew: &Crew, run: RunId) -> String {
    let dir = crew.data_dir.to_string_lossy();
    let print = dir
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{print:016x}-{run}")
}
