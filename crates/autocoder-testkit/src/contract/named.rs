//! An agent may name the task it wants, and gets it only where the scheduler could give it.

use std::sync::Arc;

use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, TaskId};
use autocoder_core::scheduler::Claim;
use autocoder_core::workflow::{Context, assign_feature, claim_named_task, pause_project, resume_project};

use super::Bed;
use crate::builder::Plan;
use crate::meter::FixedMeter;

async fn claim(bed: &Bed, agent: &str, id: TaskId) -> Option<Claim> {
    let agent = AgentId(agent.to_owned());
    let actor = Actor::Agent(agent.clone());
    claim_named_task(&bed.cx_of(&actor), bed.project, &agent, None, id).await.unwrap()
}

pub async fn a_named_task_is_claimed_where_the_scheduler_could_give_it(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("A").tasks(2).task("Last").after(&["A 1"]).feature("B").tasks(1);
    bed.lay(plan.feature("C").tasks(1).phase("Two").feature("D").tasks(1)).await;
    assign_feature(&bed.cx(), bed.project, bed.feature("C").await.id, Some(AgentId("c".to_owned()))).await.unwrap();
    let (rows, mark) = (bed.rows().await, bed.mark().await);
    for name in ["Last", "C 1", "D 1"] {
        assert_eq!(claim(bed, "a", bed.id(name).await).await, None, "{name}");
    }
    pause_project(&bed.cx(), bed.project).await.unwrap();
    assert_eq!(claim(bed, "a", bed.id("A 2").await).await, None);
    resume_project(&bed.cx(), bed.project).await.unwrap();
    bed.meter = FixedMeter::left(500);
    assert_eq!(claim(bed, "a", bed.id("A 2").await).await, None);
    bed.meter = FixedMeter::unlimited();
    assert_eq!(bed.rows().await.tasks, rows.tasks);
    assert_eq!(bed.kinds_since(mark).await.len(), 2, "paused and resumed, and nothing else");
    let mine = claim(bed, "a", bed.id("A 2").await).await.expect("it is ready");
    assert_eq!((mine.task.name.as_str(), mine.attempt().0), ("A 2", 1));
    assert_eq!(claim(bed, "b", mine.task.id).await, None);
    assert_eq!(claim(bed, "b", bed.id("A 1").await).await, None, "one writer a feature");
    let again = claim(bed, "a", bed.id("B 1").await).await.expect("who holds a task gets it again");
    assert_eq!((again.task.id, again.attempt()), (mine.task.id, mine.attempt()));
    bed.pass(&mine).await;
    assert_eq!(claim(bed, "a", mine.task.id).await, None, "it passes");
    let other = AgentId("a".to_owned());
    let missing = claim_named_task(&bed.cx(), bed.project, &other, None, TaskId(999)).await;
    assert_eq!(missing.unwrap_err().code(), "not_found");
    bed.assert_counters().await;
}

pub async fn a_task_that_many_name_goes_to_one_of_them(bed: &mut Bed) {
    let project = bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let id = bed.id("A 1").await;
    let claimers = (0..8).map(|number| {
        let (store, agent) = (Arc::clone(&bed.store), AgentId(format!("coder-{number}")));
        tokio::spawn(async move {
            let (actor, meter) = (Actor::Agent(agent.clone()), FixedMeter::unlimited());
            let cx = Context { store: &*store, usage: &meter, actor: &actor, request: None };
            claim_named_task(&cx, project, &agent, None, id).await.unwrap().is_some()
        })
    });
    let mut winners = 0;
    for claimer in claimers.collect::<Vec<_>>() {
        winners += usize::from(claimer.await.unwrap());
    }
    assert_eq!(winners, 1);
}
