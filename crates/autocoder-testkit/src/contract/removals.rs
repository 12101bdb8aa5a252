//! What deleting does to what stays.

use autocoder_core::event::EventKind;
use autocoder_core::feature::{FeatureStatus, NewFeature};
use autocoder_core::ids::EventId;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::task::NewTask;
use autocoder_core::workflow::{
    add_feature, add_task, create_project, delete_feature, delete_phase, delete_project, delete_task, pause_project,
};

use super::Bed;
use super::bed::{fence, refusal};
use crate::builder::Plan;

pub async fn deleting_the_last_open_task_submits_the_phase(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    let claim = bed.take("a").await;
    bed.pass(&claim).await;
    delete_task(&bed.cx(), bed.project, bed.id("A 2").await, false).await.unwrap();
    assert_eq!(bed.feature("A").await.status, FeatureStatus::Completed);
    assert_eq!(bed.phase("One").await.status, PhaseStatus::AwaitingApproval);

    bed.lay(Plan::new("q").phase("One").feature("A").tasks(1).feature("B").tasks(1)).await;
    let claim = bed.take("a").await;
    bed.pass(&claim).await;
    delete_feature(&bed.cx(), bed.project, bed.feature("B").await.id, false).await.unwrap();
    assert_eq!(bed.phase("One").await.status, PhaseStatus::AwaitingApproval);
}

pub async fn deleting_frees_what_depended_on_it(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("A").tasks(3).feature("B").task("B 1").after(&["A 1", "A 2", "A 3"]);
    bed.lay(plan.phase("Two").feature("C").task("C 1").after(&["A 3", "B 1"])).await;
    assert_eq!(bed.feature("B").await.tally.ready, 0);
    let claim = bed.take("a").await;
    assert_eq!(bed.pass(&claim).await.name, "A 1");
    delete_task(&bed.cx(), bed.project, claim.task.id, false).await.unwrap();
    assert_eq!(bed.task("B 1").await.open_prerequisites, 2);
    delete_task(&bed.cx(), bed.project, bed.id("A 2").await, false).await.unwrap();
    assert_eq!(bed.task("B 1").await.open_prerequisites, 1);
    bed.assert_counters().await;
    assert_eq!(delete_feature(&bed.cx(), bed.project, bed.feature("A").await.id, false).await.unwrap(), 1);
    assert_eq!((bed.task("B 1").await.open_prerequisites, bed.task("C 1").await.open_prerequisites), (0, 1));
    bed.assert_counters().await;
    assert_eq!(delete_phase(&bed.cx(), bed.project, bed.phase("One").await.id, false).await.unwrap(), 1);
    assert_eq!(bed.rows().await.edges, []);
    assert_eq!(bed.take("a").await.task.name, "C 1");
}

pub async fn what_an_agent_holds_is_deleted_only_by_force(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(3)).await;
    let claim = bed.take("a").await;
    let (cx, project, task, feature, phase) =
        (bed.cx(), bed.project, claim.task.id, claim.feature.id, bed.phase("One").await.id);
    let codes = [
        refusal(delete_task(&cx, project, task, false).await),
        refusal(delete_feature(&cx, project, feature, false).await),
        refusal(delete_phase(&cx, project, phase, false).await),
        refusal(delete_project(&cx, project, false).await),
    ];
    assert_eq!(codes, ["held_by_agent"; 4]);
    delete_task(&cx, project, task, true).await.unwrap();
    let late = autocoder_core::workflow::pass_task(&cx, project, task, &fence(&claim), Vec::new()).await;
    assert_eq!(refusal(late), "not_found");
    assert_eq!(bed.take("a").await.task.name, "A 2");
    bed.clock.advance(120);
    assert_eq!(delete_phase(&bed.cx(), project, phase, false).await.unwrap(), 2);
}

pub async fn a_feature_without_tasks_waits_for_its_spec(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let new = NewFeature { name: "B".to_owned(), ..NewFeature::default() };
    let feature = add_feature(&bed.cx(), bed.project, new).await.unwrap();
    assert_eq!((feature.status, feature.spec_requested_at), (FeatureStatus::Pending, Some(bed.clock.now())));
    let (_, idle) = bed.work("a").await;
    assert_eq!(idle.reason.as_str(), "no_spec");
    bed.clock.advance(60);
    let new = NewTask { name: "B 1".to_owned(), ..NewTask::default() };
    let task = add_task(&bed.cx(), bed.project, Some(feature.id), new).await.unwrap();
    let ready = bed.feature("B").await;
    assert_eq!((ready.status, ready.spec_requested_at), (FeatureStatus::Ready, None));
    assert_eq!(ready.eligible_since, bed.clock.now());
    delete_task(&bed.cx(), bed.project, task.id, false).await.unwrap();
    assert_eq!(bed.feature("B").await.status, FeatureStatus::Pending);
    assert_eq!(bed.phase("One").await.status, PhaseStatus::InProgress);
}

pub async fn a_deleted_project_is_gone(bed: &mut Bed) {
    let kept = bed.lay(Plan::new("kept").phase("One").feature("A").tasks(2)).await;
    let gone = bed.lay(Plan::new("gone").phase("One").feature("A").tasks(3)).await;
    bed.take("a").await;
    assert_eq!(delete_project(&bed.cx(), gone, true).await.unwrap(), 3);
    assert_eq!(bed.rows().await, Default::default());
    assert!(bed.store.queries().project("gone").await.unwrap().is_none());
    assert!(bed.store.queries().agents(gone).await.unwrap().is_empty());
    let events = bed.store.feed().after(EventId(0), Some(gone), 100).await.unwrap();
    assert_eq!(events.last().map(|event| event.kind), Some(EventKind::ProjectDeleted));
    assert_eq!(refusal(pause_project(&bed.cx(), gone).await), "stale");
    bed.project = kept;
    assert_eq!(bed.rows().await.tasks.len(), 2);
    let again = autocoder_core::project::NewProject { name: "gone".into(), path: "/x".into(), ..Default::default() };
    assert_ne!(create_project(&bed.cx(), again).await.unwrap().id, gone);
}
