//! The approval gate: what opens it, what closes it, and who decides.

use autocoder_core::changes::Node;
use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::feature::{FeatureStatus, NewFeature};
use autocoder_core::ids::{AgentId, TaskId};
use autocoder_core::phase::{NewPhase, Phase, PhaseStatus};
use autocoder_core::project::ProjectStatus;
use autocoder_core::task::{Evidence, NewTask, TaskStatus};
use autocoder_core::workflow::{
    Rejection, add_feature, add_phase, add_task, approve_phase, delete_feature, delete_phase, delete_task, pass_task,
    reject_phase, reopen_phase, reopen_task, set_dependencies, start_phase, submit_phase,
};

use super::Bed;
use super::bed::{fence, refusal};
use crate::builder::Plan;

/// A project of one phase `One` at its gate: `A 2` depends on `A 1`.
async fn at_gate(bed: &mut Bed) -> Phase {
    bed.lay(Plan::new("p").phase("One").feature("A").task("A 1").task("A 2").after(&["A 1"])).await;
    bed.work("a").await;
    bed.phase("One").await
}

async fn reject(bed: &Bed, phase: &Phase, reason: &str, reopen: Vec<TaskId>) -> Result<Phase, Refused> {
    reject_phase(&bed.cx(), bed.project, phase.id, &Rejection { reason: reason.to_owned(), reopen }).await
}

pub async fn rejecting_reopens_the_named_tasks(bed: &mut Bed) {
    let phase = at_gate(bed).await;
    let ids = [bed.id("A 1").await, bed.id("A 2").await];
    let rejected = reject(bed, &phase, "too slow", vec![ids[1], ids[0], ids[1]]).await.unwrap();
    assert_eq!((rejected.status, rejected.decision.unwrap().note.as_str()), (PhaseStatus::InProgress, "too slow"));
    assert_eq!(bed.feature("A").await.status, FeatureStatus::InProgress);
    let second = bed.task("A 2").await;
    assert_eq!((second.status, second.open_prerequisites), (TaskStatus::Pending, 1));
    bed.assert_counters().await;
    let (names, idle) = bed.work("a").await;
    assert_eq!((names, idle.reason.as_str()), (vec!["A 1".into(), "A 2".into()], "phase_awaiting_approval"));
    reject(bed, &phase, "still too slow", vec![ids[0]]).await.unwrap();
    let second = bed.task("A 2").await;
    assert_eq!((second.status, second.open_prerequisites), (TaskStatus::Passing, 1));
    bed.assert_counters().await;
    assert_eq!(bed.work("a").await.0, ["A 1"]);
}

pub async fn rejecting_without_tasks_adds_a_finding(bed: &mut Bed) {
    let phase = at_gate(bed).await;
    assert_eq!(refusal(reject(bed, &phase, " ", Vec::new()).await), "invalid_field");
    reject(bed, &phase, "The list\nis empty", Vec::new()).await.unwrap();
    let finding = bed.task("Address review: The list").await;
    assert_eq!((finding.category.as_str(), finding.description.as_str()), ("review", "The list\nis empty"));
    assert_eq!(bed.feature("Review findings").await.id, finding.feature);
    assert_eq!(bed.feature("A").await.status, FeatureStatus::Completed);
    assert_eq!(bed.work("a").await.0, ["Address review: The list"]);
}

pub async fn a_second_rejection_adds_to_the_same_findings(bed: &mut Bed) {
    let phase = at_gate(bed).await;
    for (reason, tasks) in [("one", vec!["one"]), ("Again:\n- two\n- three", vec!["two", "three"])] {
        reject(bed, &phase, reason, Vec::new()).await.unwrap();
        let named: Vec<_> = tasks.iter().map(|task| format!("Address review: {task}")).collect();
        assert_eq!(bed.work("a").await.0, named);
    }
    let findings = bed.feature("Review findings").await;
    assert_eq!((findings.tally.tasks, bed.rows().await.features.len()), (3, 2));
}

pub async fn deciding_on_a_phase_that_does_not_wait_is_a_conflict(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let phase = bed.phase("One").await;
    for status in [PhaseStatus::Pending, PhaseStatus::InProgress, PhaseStatus::Completed] {
        match status {
            PhaseStatus::InProgress => drop(start_phase(&bed.cx(), bed.project, phase.id).await.unwrap()),
            PhaseStatus::Completed => {
                bed.work("a").await;
                approve_phase(&bed.cx(), bed.project, phase.id, "").await.unwrap();
            }
            PhaseStatus::Pending | PhaseStatus::AwaitingApproval => {}
        }
        assert_eq!(bed.phase("One").await.status, status);
        assert_eq!(refusal(reject(bed, &phase, "no", Vec::new()).await), "illegal_transition");
        assert_eq!(refusal(approve_phase(&bed.cx(), bed.project, phase.id, "").await), "illegal_transition");
    }
}

pub async fn agents_cannot_decide(bed: &mut Bed) {
    let phase = at_gate(bed).await;
    let actor = Actor::Agent(AgentId("a".to_owned()));
    let (cx, rejection) = (bed.cx_of(&actor), Rejection { reason: "no".to_owned(), reopen: Vec::new() });
    assert_eq!(refusal(approve_phase(&cx, bed.project, phase.id, "").await), "person_needed");
    assert_eq!(refusal(reject_phase(&cx, bed.project, phase.id, &rejection).await), "person_needed");
    assert_eq!(refusal(reopen_phase(&cx, bed.project, phase.id, "").await), "person_needed");
    assert_eq!(bed.phase("One").await, phase);
}

pub async fn an_approval_is_taken_back_only_while_no_later_phase_has_started(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).phase("Two").feature("B").tasks(1)).await;
    let [one, two] = [bed.phase("One").await.id, bed.phase("Two").await.id];
    assert_eq!(refusal(start_phase(&bed.cx(), bed.project, two).await), "phase_too_early");
    bed.work("a").await;
    approve_phase(&bed.cx(), bed.project, one, "").await.unwrap();
    assert_eq!(refusal(reopen_phase(&bed.cx(), bed.project, one, "").await), "later_phase_started");
    bed.work("a").await;
    approve_phase(&bed.cx(), bed.project, two, "").await.unwrap();
    assert_eq!(bed.view().await.status, ProjectStatus::Completed);
    let reopened = reopen_phase(&bed.cx(), bed.project, two, "look again").await.unwrap();
    assert_eq!((reopened.status, reopened.completed_at), (PhaseStatus::InProgress, None));
    assert_eq!(bed.view().await.status, ProjectStatus::Active);
    submit_phase(&bed.cx(), bed.project, two).await.unwrap();
    approve_phase(&bed.cx(), bed.project, two, "").await.unwrap();
    assert_eq!(bed.view().await.status, ProjectStatus::Completed);
}

pub async fn nothing_is_added_or_reopened_at_the_gate(bed: &mut Bed) {
    let phase = at_gate(bed).await;
    let (cx, project, feature, task) = (bed.cx(), bed.project, bed.feature("A").await.id, bed.id("A 1").await);
    let rows = bed.rows().await;
    let new = || NewTask { name: "more".to_owned(), ..NewTask::default() };
    let codes = [
        refusal(add_task(&cx, project, Some(feature), new()).await),
        refusal(add_task(&cx, project, None, new()).await),
        refusal(add_feature(&cx, project, NewFeature { name: "B".to_owned(), ..NewFeature::default() }).await),
        refusal(reopen_task(&cx, project, task, "broken").await),
        refusal(set_dependencies(&cx, project, task, Vec::new()).await),
        refusal(delete_task(&cx, project, task, true).await),
        refusal(delete_feature(&cx, project, feature, true).await),
        refusal(delete_phase(&cx, project, phase.id, true).await),
    ];
    assert_eq!(codes, ["phase_awaiting_approval"; 8]);
    assert_eq!(bed.rows().await, rows);
}

pub async fn new_work_makes_a_completed_project_active_again(bed: &mut Bed) {
    let phase = at_gate(bed).await;
    approve_phase(&bed.cx(), bed.project, phase.id, "").await.unwrap();
    let feature = bed.feature("A").await.id;
    let new = |name: &str| NewTask { name: name.to_owned(), ..NewTask::default() };
    assert_eq!(refusal(add_task(&bed.cx(), bed.project, Some(feature), new("x")).await), "phase_completed");
    add_task(&bed.cx(), bed.project, None, new("quick")).await.unwrap();
    assert_eq!(bed.view().await.status, ProjectStatus::Active);
    assert_eq!(bed.phase("Phase 2").await.order, 2);
    assert_eq!(bed.feature("Quick tasks").await.phase, bed.phase("Phase 2").await.id);
    assert_eq!(bed.work("a").await.0, ["quick"]);
    let order = Some(1);
    let early = NewPhase { name: "Early".to_owned(), order, ..NewPhase::default() };
    assert_eq!(refusal(add_phase(&bed.cx(), bed.project, early).await), "invalid_field");
}

pub async fn a_phase_is_submitted_by_hand_only_when_it_is_finished(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).phase("Empty")).await;
    let one = bed.phase("One").await.id;
    assert_eq!(refusal(submit_phase(&bed.cx(), bed.project, one).await), "illegal_transition");
    start_phase(&bed.cx(), bed.project, one).await.unwrap();
    match submit_phase(&bed.cx(), bed.project, one).await {
        Err(Refused::PhaseUnfinished { unfinished, .. }) => assert_eq!(unfinished, ["A"]),
        other => panic!("{other:?}"),
    }
    bed.work("a").await;
    let mark = bed.mark().await;
    assert_eq!(submit_phase(&bed.cx(), bed.project, one).await.unwrap().status, PhaseStatus::AwaitingApproval);
    assert_eq!(bed.kinds_since(mark).await, []);
    approve_phase(&bed.cx(), bed.project, one, "").await.unwrap();
    let empty = bed.phase("Empty").await;
    assert_eq!(empty.status, PhaseStatus::InProgress);
    assert_eq!(refusal(submit_phase(&bed.cx(), bed.project, empty.id).await), "phase_empty");
}

pub async fn a_review_shows_the_tasks_of_a_phase_with_their_last_evidence(bed: &mut Bed) {
    bed.lay(Plan::new("theirs").phase("One").feature("A").tasks(1)).await;
    let (foreign, ours) = (bed.phase("One").await.id, Plan::new("ours").phase("One").feature("A").tasks(2));
    bed.lay(ours.phase("Two").feature("B").tasks(1)).await;
    let phase = bed.phase("One").await.id;
    let claim = bed.take("a").await;
    let evidence = |command: &str| Evidence {
        task: claim.task.id,
        attempt: claim.task.attempt,
        command: command.to_owned(),
        exit_code: Some(0),
        output_end: "green".to_owned(),
        commit: Some("c0ffee".to_owned()),
        at: bed.clock.now(),
    };
    let given = vec![evidence("npm run lint"), evidence("npm test")];
    pass_task(&bed.cx(), bed.project, claim.task.id, &fence(&claim), given).await.unwrap();
    let queries = bed.store.queries();
    let review = queries.review(bed.project, phase, 10).await.unwrap();
    let cards = queries.graph(bed.project, Some(Node::Phase(phase))).await.unwrap().nodes;
    assert_eq!(review.iter().map(|task| task.card.clone()).collect::<Vec<_>>(), cards);
    let commands: Vec<_> = review.iter().map(|task| task.evidence.as_ref().map(|one| one.command.as_str())).collect();
    assert_eq!(commands, [Some("npm test"), None]);
    assert_eq!(queries.review(bed.project, phase, 1).await.unwrap(), review[..1]);
    assert_eq!(queries.review(bed.project, foreign, 10).await.unwrap(), []);
}
