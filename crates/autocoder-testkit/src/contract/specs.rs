//! How specs come about: requests, the conversation, and proposed tasks.

use autocoder_core::error::Refused;
use autocoder_core::event::{Actor, EventKind};
use autocoder_core::feature::{Feature, FeatureStatus, NewFeature};
use autocoder_core::ids::{AgentId, FeatureId, ProposalId, TaskId};
use autocoder_core::spec::{Proposal, ProposalStatus, ProposedDependency};
use autocoder_core::task::{Edge, NewTask, Prerequisite};
use autocoder_core::workflow::{
    add_feature, add_spec_message, decide_proposals, delete_feature, delete_task, propose_tasks, request_spec,
    start_spec, stop_spec,
};

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

async fn with_feature(bed: &mut Bed) -> Feature {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let new = NewFeature { name: "B".to_owned(), ..NewFeature::default() };
    add_feature(&bed.cx(), bed.project, new).await.unwrap()
}

fn a_task(name: &str, depends_on: &[Prerequisite]) -> NewTask {
    NewTask { name: name.to_owned(), depends_on: depends_on.to_vec(), ..NewTask::default() }
}

async fn proposals(bed: &Bed, feature: FeatureId) -> Vec<Proposal> {
    bed.store.queries().proposals(bed.project, feature).await.unwrap()
}

async fn statuses(bed: &Bed, feature: FeatureId) -> Vec<&'static str> {
    proposals(bed, feature).await.into_iter().map(|proposal| proposal.status.as_str()).collect()
}

pub async fn a_spec_is_asked_for_begun_and_stopped(bed: &mut Bed) {
    let id = with_feature(bed).await.id;
    let (cx, project, mark) = (bed.cx(), bed.project, bed.mark().await);
    let waiting = bed.store.queries().inbox(Some(project)).await.unwrap().len();
    let stopped = stop_spec(&cx, project, id).await.unwrap();
    assert_eq!((stopped.status, stopped.spec_requested_at), (FeatureStatus::Pending, None));
    assert_eq!(bed.store.queries().inbox(Some(project)).await.unwrap().len(), waiting - 1);
    assert_eq!(refusal(stop_spec(&cx, project, id).await), "illegal_transition");
    bed.clock.advance(60);
    let asked = request_spec(&cx, project, id).await.unwrap();
    assert_eq!(asked.spec_requested_at, Some(bed.clock.now()));
    assert_eq!(start_spec(&cx, project, id).await.unwrap().status, FeatureStatus::Speccing);
    assert_eq!(start_spec(&cx, project, id).await.unwrap().status, FeatureStatus::Speccing, "another turn");
    request_spec(&cx, project, id).await.unwrap();
    let stopped = stop_spec(&cx, project, id).await.unwrap();
    assert_eq!((stopped.status, stopped.spec_requested_at), (FeatureStatus::Pending, None));
    assert_eq!(stopped, bed.feature("B").await);
    use EventKind::{SpecRequested, SpecStarted, SpecStopped};
    let kinds = [SpecStopped, SpecRequested, SpecStarted, SpecStarted, SpecRequested, SpecStopped];
    assert_eq!(bed.kinds_since(mark).await, kinds);

    let full = bed.feature("A").await.id;
    assert_eq!(refusal(request_spec(&cx, project, full).await), "illegal_transition");
    assert_eq!(refusal(stop_spec(&cx, project, full).await), "illegal_transition");
    delete_feature(&cx, project, id, false).await.unwrap();
    bed.work("a").await;
    assert_eq!(refusal(request_spec(&cx, project, full).await), "phase_awaiting_approval");
}

pub async fn the_conversation_about_a_spec_is_kept(bed: &mut Bed) {
    let id = with_feature(bed).await.id;
    let writer = Actor::Agent(AgentId("writer".to_owned()));
    let mark = bed.mark().await;
    let first = add_spec_message(&bed.cx(), bed.project, id, "Which database?\n🦀").await.unwrap();
    bed.clock.advance(1);
    let second = add_spec_message(&bed.cx_of(&writer), bed.project, id, "SQLite").await.unwrap();
    assert_eq!((first.author.as_str(), second.author.as_str()), ("person:ann", "agent:writer"));
    let queries = bed.store.queries();
    assert_eq!(queries.spec_messages(bed.project, id).await.unwrap(), [first, second]);
    assert_eq!(refusal(add_spec_message(&bed.cx(), bed.project, id, " ").await), "invalid_field");
    assert_eq!(bed.kinds_since(mark).await, [EventKind::SpecMessage; 2]);
    delete_feature(&bed.cx(), bed.project, id, false).await.unwrap();
    assert_eq!(queries.spec_messages(bed.project, id).await.unwrap(), []);
}

pub async fn accepted_proposals_become_tasks(bed: &mut Bed) {
    let id = with_feature(bed).await.id;
    let (cx, project, known) = (bed.cx(), bed.project, bed.id("A 1").await);
    let (mark, writer) = (bed.mark().await, Actor::Agent(AgentId("writer".to_owned())));
    let new = vec![
        a_task("B 1", &[Prerequisite::Task(known)]),
        a_task("B 2", &[Prerequisite::Sibling(0)]),
        a_task("B 3", &[Prerequisite::Sibling(1), Prerequisite::Sibling(0)]),
        a_task("B 4", &[Prerequisite::Sibling(2)]),
        a_task("B 5", &[]),
    ];
    let made = propose_tasks(&bed.cx_of(&writer), project, id, new).await.unwrap();
    assert_eq!(proposals(bed, id).await, made);
    assert_eq!((made[0].author.as_str(), made[0].status), ("agent:writer", ProposalStatus::Open));
    assert_eq!(made[1].task.depends_on, [ProposedDependency::Proposal(made[0].id.0)]);
    assert_eq!(bed.feature("B").await.status, FeatureStatus::Pending);
    let [first, second, third, fourth, fifth] = [0, 1, 2, 3, 4].map(|place: usize| made[place].id);

    let tasks = decide_proposals(&cx, project, id, vec![second, first], vec![fifth]).await.unwrap();
    let names: Vec<_> = tasks.iter().map(|task| task.name.as_str()).collect();
    assert_eq!(names, ["B 1", "B 2"]);
    assert_eq!(statuses(bed, id).await, ["accepted", "accepted", "open", "open", "declined"]);
    assert_eq!(bed.feature("B").await.status, FeatureStatus::Ready);
    let edge = |task: TaskId, depends_on: TaskId| Edge { task, depends_on };
    assert_eq!(bed.rows().await.edges, [edge(tasks[0].id, known), edge(tasks[1].id, tasks[0].id)]);

    let later = decide_proposals(&cx, project, id, vec![third], Vec::new()).await.unwrap();
    let edges = bed.rows().await.edges;
    assert!(edges.contains(&edge(later[0].id, tasks[0].id)) && edges.contains(&edge(later[0].id, tasks[1].id)));
    delete_task(&cx, project, later[0].id, false).await.unwrap();
    let last = decide_proposals(&cx, project, id, vec![fourth], Vec::new()).await.unwrap();
    assert_eq!(last[0].open_prerequisites, 0);
    let kinds = bed.kinds_since(mark).await;
    assert_eq!(kinds.iter().filter(|kind| **kind == EventKind::ProposalsDecided).count(), 3);
    assert_eq!(kinds[0], EventKind::TasksProposed);
    delete_feature(&cx, project, id, true).await.unwrap();
    assert_eq!(proposals(bed, id).await, []);
}

pub async fn a_bad_decision_is_refused_as_a_whole(bed: &mut Bed) {
    let id = with_feature(bed).await.id;
    let (cx, project) = (bed.cx(), bed.project);
    let new = vec![a_task("B 1", &[]), a_task("B 2", &[Prerequisite::Sibling(0)]), a_task("B 3", &[])];
    let made = propose_tasks(&cx, project, id, new).await.unwrap();
    let [first, second, third] = [0, 1, 2].map(|place: usize| made[place].id);
    decide_proposals(&cx, project, id, Vec::new(), vec![third]).await.unwrap();
    assert_eq!(bed.feature("B").await.status, FeatureStatus::Pending);
    let (rows, mark) = (bed.rows().await, bed.mark().await);
    let unknown = ProposalId(i64::MAX);
    type Case = (Vec<ProposalId>, Vec<ProposalId>, &'static [&'static str]);
    let cases: [Case; 5] = [
        (Vec::new(), Vec::new(), &["accept"]),
        (vec![first, unknown], vec![third], &["accept[1]", "decline[0]"]),
        (vec![first], vec![first], &["decline[0]"]),
        (vec![second], Vec::new(), &["accept[0]"]),
        (vec![second], vec![first], &["accept[0]"]),
    ];
    for (accept, decline, fields) in cases {
        let refused = decide_proposals(&cx, project, id, accept, decline).await.unwrap_err();
        let Refused::Invalid(found) = refused else { panic!("{refused}") };
        assert_eq!(found.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), fields);
    }
    let other = bed.feature("A").await.id;
    assert_eq!(refusal(decide_proposals(&cx, project, other, vec![first], Vec::new()).await), "invalid_field");
    let agent = Actor::Agent(AgentId("a".to_owned()));
    let by_agent = decide_proposals(&bed.cx_of(&agent), project, id, vec![first], Vec::new()).await;
    assert_eq!(refusal(by_agent), "person_needed");
    let circle = vec![a_task("x", &[Prerequisite::Sibling(1)]), a_task("y", &[Prerequisite::Sibling(0)])];
    let bad = [circle, vec![a_task(" ", &[])], Vec::new(), vec![a_task("x", &[Prerequisite::Sibling(1)])]];
    for new in bad {
        assert_eq!(refusal(propose_tasks(&cx, project, id, new).await), "invalid_field");
    }
    let missing = vec![a_task("x", &[Prerequisite::Task(TaskId(i64::MAX))])];
    assert_eq!(refusal(propose_tasks(&cx, project, id, missing).await), "not_found");
    bed.assert_unchanged(&rows, mark).await;
    assert_eq!(statuses(bed, id).await, ["open", "open", "declined"]);
}

pub async fn a_foreign_feature_has_no_spec(bed: &mut Bed) {
    let foreign = with_feature(bed).await.id;
    add_spec_message(&bed.cx(), bed.project, foreign, "theirs").await.unwrap();
    propose_tasks(&bed.cx(), bed.project, foreign, vec![a_task("theirs", &[])]).await.unwrap();
    bed.lay(Plan::new("ours").phase("One").feature("A").tasks(1)).await;
    let (cx, project, queries) = (bed.cx(), bed.project, bed.store.queries());
    for id in [foreign, FeatureId(i64::MAX)] {
        let codes = [
            refusal(request_spec(&cx, project, id).await),
            refusal(start_spec(&cx, project, id).await),
            refusal(stop_spec(&cx, project, id).await),
            refusal(add_spec_message(&cx, project, id, "x").await),
            refusal(propose_tasks(&cx, project, id, vec![a_task("x", &[])]).await),
            refusal(decide_proposals(&cx, project, id, vec![ProposalId(1)], Vec::new()).await),
        ];
        assert_eq!(codes, ["not_found"; 6]);
        assert_eq!(queries.spec_messages(project, id).await.unwrap(), []);
        assert_eq!(queries.proposals(project, id).await.unwrap(), []);
    }
}
