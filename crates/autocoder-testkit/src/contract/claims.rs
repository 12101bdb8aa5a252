//! Who gets which task, and that nobody else gets it.

use std::collections::BTreeSet;
use std::sync::Arc;

use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, TaskId};
use autocoder_core::project::ProjectSettings;
use autocoder_core::task::Task;
use autocoder_core::workflow::{self, Claiming, Context, assign_feature, claim_task, pass_task, peek_task};

use super::Bed;
use super::bed::fence;
use crate::builder::Plan;
use crate::meter::FixedMeter;

pub async fn a_claim_is_exclusive(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let claim = bed.take("a").await;
    assert_eq!(claim.attempt().0, 1);
    assert_eq!(claim.task.lease.as_ref().map(|lease| lease.expires), Some(bed.clock.now().plus_seconds(120)));
    // A use case answers the version that it loaded; the store has counted it up since.
    assert_eq!(claim.task, Task { version: claim.task.version, ..bed.task("A 1").await });
    assert_eq!(bed.why_idle("b").await, "all_claimed wait");
}

pub async fn asking_again_while_holding_gives_the_same_task(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2).feature("B").tasks(2)).await;
    let first = bed.take("a").await;
    let mark = bed.mark().await;
    bed.clock.advance(119);
    let again = bed.take("a").await;
    assert_eq!((again.task.id, again.attempt()), (first.task.id, first.attempt()));
    assert_eq!(again.task.lease, first.task.lease);
    assert_eq!(bed.kinds_since(mark).await, []);
}

pub async fn looking_ahead_takes_nothing(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let mark = bed.mark().await;
    let peeked = peek_task(&bed.cx(), bed.project, &AgentId("a".to_owned())).await.unwrap();
    assert!(matches!(peeked, Claiming::Task(claim) if claim.task.name == "A 1" && claim.task.lease.is_none()));
    assert_eq!(bed.kinds_since(mark).await, []);
    assert_eq!(bed.take("b").await.task.name, "A 1");
}

pub async fn one_agent_writes_to_a_feature_unless_more_are_allowed(bed: &mut Bed) {
    let plan = |name| Plan::new(name).phase("One").feature("A").tasks(3).feature("B").tasks(3);
    bed.lay(plan("alone")).await;
    let names = [bed.take("a").await.task.name, bed.take("b").await.task.name];
    assert_eq!(names, ["A 1", "B 1"]);
    assert_eq!(bed.why_idle("c").await, "all_claimed wait");
    bed.lay(plan("pairs").settings(ProjectSettings { writers_per_feature: 2, ..ProjectSettings::default() })).await;
    let mut names = Vec::new();
    for agent in ["a", "b", "c", "d"] {
        names.push(bed.take(agent).await.task.name);
    }
    names.sort();
    assert_eq!(names, ["A 1", "A 2", "B 1", "B 2"]);
    assert_eq!(bed.why_idle("e").await, "all_claimed wait");
}

pub async fn assigned_features_are_the_only_ones_an_agent_gets(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).feature("B").tasks(2)).await;
    let feature = bed.feature("B").await.id;
    assign_feature(&bed.cx(), bed.project, feature, Some(AgentId("a".to_owned()))).await.unwrap();
    assert_eq!(bed.take("b").await.task.name, "A 1");
    assert_eq!(bed.why_idle("c").await, "all_claimed wait");
    let mine = bed.take("a").await;
    assert_eq!(mine.task.name, "B 1");
    workflow::skip_task(&bed.cx(), bed.project, mine.task.id, &fence(&mine), "").await.unwrap();
    let other = bed.take("a").await;
    assert_eq!(other.task.name, "B 2");
    assign_feature(&bed.cx(), bed.project, feature, None).await.unwrap();
    bed.pass(&other).await;
    assert_eq!(bed.take("c").await.task.name, "B 1");
    assert_eq!(bed.feature("B").await.agent, None);
}

pub async fn many_claimers_never_get_the_same_task(bed: &mut Bed) {
    let plan = (1..=20).fold(Plan::new("p").phase("One"), |plan, number| plan.feature(&format!("F{number}")).tasks(10));
    let project = bed.lay(plan).await;
    let claimers = (0..8).map(|number| {
        let (store, agent) = (Arc::clone(&bed.store), AgentId(format!("coder-{number}")));
        tokio::spawn(async move {
            let (actor, meter) = (Actor::Agent(agent.clone()), FixedMeter::unlimited());
            let cx = Context { store: &*store, usage: &meter, actor: &actor, request: None };
            let mut taken: Vec<(TaskId, u32)> = Vec::new();
            while let Claiming::Task(claim) = claim_task(&cx, project, &agent, None).await.unwrap() {
                taken.push((claim.task.id, claim.attempt().0));
                pass_task(&cx, project, claim.task.id, &fence(&claim), Vec::new()).await.unwrap();
            }
            taken
        })
    });
    let (mut taken, mut handed_out) = (BTreeSet::new(), 0);
    for claimer in claimers.collect::<Vec<_>>() {
        let mine = claimer.await.unwrap();
        handed_out += mine.len();
        taken.extend(mine);
    }
    assert_eq!((taken.len(), handed_out), (200, 200));
    assert!(taken.iter().all(|(_, attempt)| *attempt == 1));
    assert_eq!(bed.why_idle("coder-0").await, "phase_awaiting_approval stop");
}
