//! The main path from an empty project to an approved phase.

use autocoder_core::changes::{Changes, Row};
use autocoder_core::event::EventKind;
use autocoder_core::feature::NewFeature;
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::phase::{NewPhase, PhaseStatus};
use autocoder_core::ports::{Scope, Store, StoreError, TaskFilter};
use autocoder_core::project::{NewProject, ProjectStatus};
use autocoder_core::task::{Evidence, NewTask, Prerequisite, TaskStatus};
use autocoder_core::view::InboxKind;
use autocoder_core::workflow::{
    Claiming, Fence, add_feature, add_phase, approve_phase, claim_task, create_project, create_tasks, delete_feature,
    pass_task, renew_claim,
};

use crate::opened::{Opened, on_each};

async fn planned(at: &Opened) -> ProjectId {
    let cx = at.cx();
    let new = NewProject { name: "todo".to_owned(), path: "/todo".to_owned(), ..NewProject::default() };
    let project = create_project(&cx, new).await.unwrap().id;
    let phase = add_phase(&cx, project, NewPhase { name: "One".to_owned(), ..NewPhase::default() }).await.unwrap();
    let new = NewFeature { phase: Some(phase.id), name: "Lists".to_owned(), ..NewFeature::default() };
    let feature = add_feature(&cx, project, new).await.unwrap();
    let task = |name: &str, depends_on| NewTask { name: name.to_owned(), depends_on, ..NewTask::default() };
    let tasks = vec![task("100% first_", vec![]), task("Second", vec![Prerequisite::Sibling(0)])];
    create_tasks(&cx, project, feature.id, tasks).await.unwrap();
    project
}

#[tokio::test]
async fn a_project_goes_from_nothing_to_an_approved_phase() {
    on_each(async |at| {
        let (cx, project) = (at.cx(), planned(&at).await);
        let agent = AgentId("coder-1".to_owned());
        for (name, dependents) in [("100% first_", 1), ("Second", 0)] {
            at.clock.advance(1);
            let Claiming::Task(claim) = claim_task(&cx, project, &agent, None).await.unwrap() else { panic!("{name}") };
            assert_eq!(claim.task.name, name);
            let fence = Fence { agent: agent.clone(), attempt: claim.attempt() };
            at.clock.advance(30);
            let expires = renew_claim(&cx, project, claim.task.id, &fence).await.unwrap();
            let view = at.store.queries().task(project, claim.task.id).await.unwrap().unwrap();
            assert_eq!((view.lease_expires, view.blocks.len()), (Some(expires), dependents));
            let evidence = Evidence {
                task: claim.task.id,
                attempt: claim.attempt(),
                command: "true".to_owned(),
                exit_code: Some(0),
                output_end: String::new(),
                commit: None,
                at: at.clock.now(),
            };
            pass_task(&cx, project, claim.task.id, &fence, vec![evidence.clone()]).await.unwrap();
            assert_eq!(at.store.queries().evidence(project, claim.task.id).await.unwrap(), [evidence]);
        }
        let inbox = at.store.queries().inbox(Some(project)).await.unwrap();
        assert_eq!(
            inbox.iter().map(|item| (item.kind, item.since)).collect::<Vec<_>>(),
            [(InboxKind::Gate, at.clock.now())]
        );
        let phase = at.store.queries().phases(project).await.unwrap().remove(0);
        assert_eq!((phase.status, phase.tasks_completed), (PhaseStatus::AwaitingApproval, 2));
        approve_phase(&cx, project, phase.id, "well done").await.unwrap();
        let view = at.store.queries().project("todo").await.unwrap().unwrap();
        assert_eq!((view.status, view.phases_completed, view.task_count), (ProjectStatus::Completed, 1, 2));
        let phase = at.store.queries().phases(project).await.unwrap().remove(0);
        assert_eq!(phase.decision.unwrap().note, "well done");
    })
    .await;
}

#[tokio::test]
async fn a_taken_project_name_is_a_conflict_even_behind_the_rules() {
    on_each(async |at| {
        let project = planned(&at).await;
        let mut unit = at.store.begin(Scope::Installation).await.unwrap();
        let mut row = unit.project("todo").await.unwrap().unwrap();
        row.id = ProjectId(unit.new_ids(1).await.unwrap());
        assert!(row.id > project);
        let mut changes = Changes::new(row.id, at.actor.clone(), unit.now());
        changes.project(Row::New(row), EventKind::ProjectCreated);
        let refused = unit.commit(changes).await.unwrap_err();
        assert!(matches!(refused, StoreError::Taken { noun: "project", ref name } if name == "todo"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn wildcards_in_a_filter_are_letters() {
    on_each(async |at| {
        let project = planned(&at).await;
        for (text, found) in [("0% FIRST_", 1), ("%", 1), ("_", 1), ("sec_nd", 0), ("SECOND", 1), ("", 2)] {
            let filter = TaskFilter { text: Some(text.to_owned()), ..TaskFilter::default() };
            let page = at.store.queries().tasks(project, &filter).await.unwrap();
            assert_eq!(page.items.len(), found, "{text}");
        }
        let filter = TaskFilter { status: Some(TaskStatus::Pending), limit: 1, ..TaskFilter::default() };
        let page = at.store.queries().tasks(project, &filter).await.unwrap();
        assert_eq!(page.next_cursor, Some(page.items[0].id.to_string()));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_feature_takes_its_tasks_and_their_edges_along() {
    on_each(async |at| {
        let (cx, project) = (at.cx(), planned(&at).await);
        let feature = at.store.queries().features(project, None).await.unwrap().remove(0);
        assert_eq!(delete_feature(&cx, project, feature.id, false).await.unwrap(), 2);
        let plan = at.store.queries().plan(project).await.unwrap();
        assert_eq!((plan.features.len(), plan.tasks.len(), plan.edges.len()), (0, 0, 0));
    })
    .await;
}
