//! The agents of a project as people see them: what each does now, for how long, and how fast it uses tokens.

use crate::ids::ProjectId;
use crate::ports::{Out, Store};
use crate::run::Run;
use crate::usage_record::UsageSum;
use crate::view::AgentView;

/// The agents of a project, with the numbers of the runs that are going on.
///
/// # Errors
/// The store does not answer.
pub async fn agents_at_work(store: &dyn Store, project: ProjectId) -> Out<Vec<AgentView>> {
    let agents = store.queries().agents(project).await?;
    let runs = store.ledger().open_runs(project).await?;
    let mut views = Vec::with_capacity(agents.len());
    for agent in agents {
        let mut view = AgentView::from(agent);
        if let Some(id) = view.task_id {
            view.task_name = store.queries().task(project, id).await?.map(|task| task.name);
        }
        // The newest: an older one belongs to a crew that died.
        if let Some(run) = runs.iter().filter(|run| run.agent == view.id).max_by_key(|run| run.started_at) {
            measure(store, run, &mut view).await?;
        }
        views.push(view);
    }
    Ok(views)
}

async fn measure(store: &dyn Store, run: &Run, view: &mut AgentView) -> Out<()> {
    let of_the_run = UsageSum {
        project: Some(run.project),
        agent: Some(run.agent.clone()),
        from: Some(run.started_at),
        rehearsal: run.rehearsal,
        ..UsageSum::default()
    };
    let tokens = store.ledger().used(&of_the_run).await?.total();
    let seconds = store.ledger().now().await?.0.saturating_sub(run.started_at.0).max(0) / 1_000_000;
    let seconds = u64::try_from(seconds).expect("it is not negative");
    view.run_id = Some(run.id);
    view.minutes = Some(seconds / 60);
    view.tokens = Some(tokens);
    // Of less than a minute nothing can be said of a minute.
    view.tokens_per_minute = Some(tokens.saturating_mul(60) / seconds.max(60));
    Ok(())
}
