//! What the budget will finish of a project's plan until the month ends.

use autocoder_core::agent::{Agent, Wanted};
use autocoder_core::ports::{Out, Store};
use autocoder_core::view::ProjectView;

use crate::simulate::{Plays, Policy, PolicyOutcome, Simulation, simulate, stage_of, terms_of};
use crate::view::PlanForecast;

/// The most open tasks of a plan that is played for a screen.
const MOST_TASKS: u64 = 5_000;
/// Tasks played in all: a larger plan is played less often.
const PLAYED_TASKS: u64 = 50_000;
/// Every screen shows the same until something changes.
const SEED: u64 = 1;

pub(super) async fn plan_forecast(store: &dyn Store, project: &ProjectView) -> Out<Option<PlanForecast>> {
    let open = u64::try_from(project.task_count - project.tasks_completed).unwrap_or(0);
    if open == 0 || open > MOST_TASKS {
        return Ok(None);
    }
    let agents = store.queries().agents(project.id).await?;
    let working = |agent: &&Agent| agent.works_on_tasks() && agent.wanted == Wanted::Running;
    let agents = u32::try_from(agents.iter().filter(working).count()).unwrap_or(u32::MAX).clamp(1, 64);
    let stage = stage_of(store, project, agents).await?;
    let plays = Plays { count: (PLAYED_TASKS / open).clamp(20, 200), seed: SEED, policies: vec![Policy::Default] };
    Ok(told(simulate(&stage, &terms_of(store, project).await?, &plays)))
}

fn told(simulation: Simulation) -> Option<PlanForecast> {
    let PolicyOutcome { position, .. } = simulation.policies.first()?;
    let until = if simulation.ends_at.is_some() { "this month" } else { "with this budget" };
    Some(PlanForecast {
        summary: format!("{until}: {}", position.median),
        range: (position.low != position.high).then(|| format!("from {} to {}", position.low, position.high)),
        simulation,
    })
}
