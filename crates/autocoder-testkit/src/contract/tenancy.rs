//! Projects beside each other, their edits and their agents.

use autocoder_core::agent::{AgentOptions, AgentStatus, Role, RunnerKind, Wanted};
use autocoder_core::event::{Actor, EventKind};
use autocoder_core::feature::FeaturePatch;
use autocoder_core::ids::{AgentId, FeatureId, PhaseId, TaskId};
use autocoder_core::phase::PhasePatch;
use autocoder_core::project::{NewProject, ProjectPatch};
use autocoder_core::task::{NewTask, Prerequisite, TaskPatch};
use autocoder_core::workflow::{
    AgentPatch, Fence, Rejection, add_task, answer_task, approve_phase, assign_feature, create_project, create_tasks,
    delete_feature, delete_phase, delete_task, edit_agent, edit_feature, edit_phase, edit_project, edit_task,
    note_agent, pass_task, register_agent, reject_phase, reopen_task, set_dependencies, set_spec, skip_task_as_person,
    start_phase, submit_phase, why_task,
};

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

pub async fn a_foreign_id_is_as_missing_as_none(bed: &mut Bed) {
    bed.lay(Plan::new("theirs").phase("One").feature("A").tasks(1)).await;
    let foreign = (bed.phase("One").await.id, bed.feature("A").await.id, bed.id("A 1").await);
    let theirs = bed.rows().await;
    bed.lay(Plan::new("ours").phase("One").feature("A").tasks(1)).await;
    let ours = bed.id("A 1").await;
    let mixed_up = (PhaseId(ours.0), FeatureId(ours.0), TaskId(bed.feature("A").await.id.0));
    let missing = (PhaseId(i64::MAX), FeatureId(i64::MAX), TaskId(i64::MAX));
    for (phase, feature, task) in [missing, foreign, mixed_up] {
        assert_eq!(refusals(bed, ours, phase, feature, task).await, ["not_found"; 21]);
        let queries = bed.store.queries();
        assert!(queries.feature(bed.project, feature).await.unwrap().is_none());
        assert!(queries.task(bed.project, task).await.unwrap().is_none());
        assert_eq!(queries.evidence(bed.project, task).await.unwrap(), []);
        assert_eq!(queries.features(bed.project, Some(phase)).await.unwrap(), []);
    }
    let of_task = bed.store.queries().project_of_task(ours).await.unwrap();
    assert_eq!(of_task.as_deref(), Some("ours"));
    assert_eq!(bed.store.queries().project_of_task(missing.2).await.unwrap(), None);
    bed.project = bed.store.queries().project("theirs").await.unwrap().unwrap().id;
    assert_eq!(bed.rows().await, theirs);
}

async fn refusals(bed: &Bed, ours: TaskId, phase: PhaseId, feature: FeatureId, task: TaskId) -> [&'static str; 21] {
    let (cx, project) = (&bed.cx(), bed.project);
    let new = NewTask { name: "x".to_owned(), ..NewTask::default() };
    let waiting = NewTask { depends_on: vec![Prerequisite::Task(task)], ..new.clone() };
    let rejection = Rejection { reason: "no".to_owned(), reopen: Vec::new() };
    let fence = Fence { agent: AgentId("a".to_owned()), attempt: Default::default() };
    [
        refusal(edit_phase(cx, project, phase, PhasePatch::default()).await),
        refusal(start_phase(cx, project, phase).await),
        refusal(submit_phase(cx, project, phase).await),
        refusal(approve_phase(cx, project, phase, "").await),
        refusal(reject_phase(cx, project, phase, &rejection).await),
        refusal(delete_phase(cx, project, phase, true).await),
        refusal(edit_feature(cx, project, feature, FeaturePatch::default()).await),
        refusal(set_spec(cx, project, feature, String::new()).await),
        refusal(assign_feature(cx, project, feature, None).await),
        refusal(create_tasks(cx, project, feature, vec![new.clone()]).await),
        refusal(delete_feature(cx, project, feature, true).await),
        refusal(add_task(cx, project, Some(feature), new).await),
        refusal(add_task(cx, project, None, waiting).await),
        refusal(edit_task(cx, project, task, TaskPatch::default()).await),
        refusal(set_dependencies(cx, project, task, Vec::new()).await),
        refusal(set_dependencies(cx, project, ours, vec![task]).await),
        refusal(skip_task_as_person(cx, project, task, "").await),
        refusal(answer_task(cx, project, task, "x").await),
        refusal(reopen_task(cx, project, task, "").await),
        refusal(delete_task(cx, project, task, true).await),
        match pass_task(cx, project, task, &fence, Vec::new()).await {
            Err(error) if why_task(cx, project, task).await.is_err() => error.code(),
            other => panic!("{other:?}"),
        },
    ]
}

pub async fn a_name_is_taken_once(bed: &mut Bed) {
    let new = |name: &str| NewProject { name: name.to_owned(), path: "/same".to_owned(), ..NewProject::default() };
    let first = create_project(&bed.cx(), new("p")).await.unwrap();
    let mark = bed.mark().await;
    assert_eq!(refusal(create_project(&bed.cx(), new("p")).await), "name_taken");
    assert_eq!(refusal(create_project(&bed.cx(), new("P")).await), "invalid_field");
    assert_eq!(bed.kinds_since(mark).await, []);
    let second = create_project(&bed.cx(), new("a")).await.unwrap();
    assert_ne!(first.id, second.id);
    let names: Vec<_> = bed.store.queries().projects().await.unwrap().into_iter().map(|p| p.name).collect();
    assert_eq!(names, ["a", "p"]);
}

pub async fn edits_change_what_they_name(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).phase("Two").feature("B").tasks(1)).await;
    let (cx, project) = (bed.cx(), bed.project);
    let patch = ProjectPatch { title: Some("The P".to_owned()), spec: Some("# P".to_owned()), ..Default::default() };
    edit_project(&cx, project, patch).await.unwrap();
    let view = bed.view().await;
    assert_eq!((view.title.as_str(), view.spec.as_deref(), view.version), ("The P", Some("# P"), 2));
    let (one, two, task) = (bed.phase("One").await, bed.phase("Two").await, bed.task("A 1").await);
    let patch = PhasePatch { name: Some("Eins".to_owned()), order: Some(9), ..PhasePatch::default() };
    edit_phase(&cx, project, one.id, patch).await.unwrap();
    let order: Vec<_> = bed.rows().await.phases.into_iter().map(|phase| (phase.name, phase.order)).collect();
    assert_eq!(order, [("Two".to_owned(), two.order), ("Eins".to_owned(), 9)]);
    start_phase(&cx, project, two.id).await.unwrap();
    for (phase, order) in [(two.id, 10), (one.id, 0), (one.id, two.order)] {
        let patch = PhasePatch { order: Some(order), ..PhasePatch::default() };
        assert_eq!(refusal(edit_phase(&cx, project, phase, patch).await), "invalid_field");
    }
    let feature = set_spec(&cx, project, task.feature, "# A\n\"ä\" 🦀".to_owned()).await.unwrap();
    let shown = bed.store.queries().feature(project, feature.id).await.unwrap().unwrap();
    assert_eq!(shown.spec, feature.spec);
    let listed = bed.store.queries().features(project, None).await.unwrap();
    assert!(listed.iter().all(|feature| feature.spec.is_none()));
    let steps = Some(vec!["it's \"done\"".to_owned(), "\\".to_owned()]);
    let patch = TaskPatch { steps: steps.clone(), priority: Some(-5), complexity: Some(5), ..TaskPatch::default() };
    edit_task(&cx, project, task.id, patch).await.unwrap();
    let edited = bed.task("A 1").await;
    assert_eq!((Some(edited.steps), edited.priority, edited.complexity, edited.version), (steps, -5, 5, 2));
    let patch = TaskPatch { complexity: Some(6), name: Some(String::new()), ..TaskPatch::default() };
    assert_eq!(refusal(edit_task(&cx, project, task.id, patch).await), "invalid_field");
}

pub async fn agents_are_registered_and_told_what_to_do(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let (cx, project, id) = (bed.cx(), bed.project, AgentId("coder-1".to_owned()));
    assert_eq!(refusal(edit_agent(&cx, project, &id, AgentPatch::default()).await), "not_found");
    let patch = AgentPatch {
        role: Some(Role::Tester),
        runner: Some(RunnerKind::Rehearsal),
        model: Some("small".to_owned()),
        options: Some(AgentOptions { speed: 60.0, seed: 7, fail_rate: 0.25, ..AgentOptions::default() }),
        wanted: Some(Wanted::Paused),
    };
    let mark = bed.mark().await;
    let made = register_agent(&cx, project, &id, patch).await.unwrap();
    assert_eq!(bed.store.queries().agents(project).await.unwrap(), [made]);
    bed.clock.advance(3);
    let task = Some(bed.id("A 1").await);
    note_agent(&cx, project, &id, (AgentStatus::Working, task), ("host:1", "on it")).await.unwrap();
    note_agent(&cx, project, &id, (AgentStatus::Crashed, None), ("host:1", "signal 9")).await.unwrap();
    let patch = AgentPatch { model: Some(String::new()), wanted: Some(Wanted::Running), ..AgentPatch::default() };
    let edited = edit_agent(&cx, project, &id, patch).await.unwrap();
    assert_eq!(
        (edited.status, edited.detail.as_str(), edited.host.as_str()),
        (AgentStatus::Crashed, "signal 9", "host:1")
    );
    assert_eq!((edited.model.clone(), edited.heartbeat_at), (None, Some(bed.clock.now())));
    assert_eq!(bed.store.queries().agents(project).await.unwrap(), [edited]);
    use EventKind::{AgentCrashed, AgentRegistered, AgentUpdated};
    assert_eq!(bed.kinds_since(mark).await, [AgentRegistered, AgentCrashed, AgentUpdated]);
    let options = Some(AgentOptions { command: vec!["./agent".to_owned()], ..AgentOptions::default() });
    let patch = AgentPatch { runner: Some(RunnerKind::Command), options, ..AgentPatch::default() };
    let an_agent = Actor::Agent(id.clone());
    assert_eq!(refusal(edit_agent(&bed.cx_of(&an_agent), project, &id, patch.clone()).await), "person_needed");
    let new = register_agent(&cx, project, &AgentId("coder-2".to_owned()), patch).await.unwrap();
    assert_eq!((new.wanted, new.status), (Wanted::Stopped, AgentStatus::Stopped), "nobody asked it to work");
    let bad = AgentId("a b".to_owned());
    assert_eq!(refusal(register_agent(&cx, project, &bad, AgentPatch::default()).await), "invalid_field");
}
