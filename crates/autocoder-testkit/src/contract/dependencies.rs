//! Tasks that wait for others.

use autocoder_core::error::Refused;
use autocoder_core::ids::TaskId;
use autocoder_core::task::{NewTask, Prerequisite, TaskStatus};
use autocoder_core::workflow::{add_task, create_tasks, set_dependencies, why_task};

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

pub async fn a_task_waits_for_others_in_and_across_features(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("A").task("A 1").after(&["A 2", "B 1"]).task("A 2");
    bed.lay(plan.feature("B").feature_priority(900).tasks(1).phase("Two").feature("C").task("C 1").after(&["A 2"]))
        .await;
    let first = bed.take("a").await;
    assert_eq!((first.task.name.as_str(), bed.task("A 1").await.open_prerequisites), ("A 2", 2));
    bed.pass(&first).await;
    assert_eq!((bed.task("A 1").await.open_prerequisites, bed.task("C 1").await.open_prerequisites), (1, 0));
    let second = bed.take("a").await;
    assert_eq!(second.task.name, "B 1");
    assert_eq!(bed.why_idle("b").await, "all_claimed wait");
    let why = why_task(&bed.cx(), bed.project, bed.id("A 1").await).await.unwrap();
    assert_eq!(why.reasons.iter().map(|reason| reason.code).collect::<Vec<_>>(), ["dependency"]);
    bed.pass(&second).await;
    assert_eq!(bed.take("b").await.task.name, "A 1");
}

pub async fn a_circle_is_refused_and_named(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("A").task("A 1").task("A 2").after(&["A 1"]);
    bed.lay(plan.task("A 3").after(&["A 2"])).await;
    let ids = [bed.id("A 1").await, bed.id("A 2").await, bed.id("A 3").await];
    let rows = bed.rows().await;
    let [first, second, third] = ids;
    for (task, on, circle) in
        [(first, vec![third], vec![first, third, second, first]), (second, vec![second], vec![second, second])]
    {
        match set_dependencies(&bed.cx(), bed.project, task, on).await {
            Err(Refused::Cycle(found)) => assert_eq!(found, circle),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(bed.rows().await, rows);
}

pub async fn a_later_phase_cannot_come_first(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).phase("Two").feature("B").tasks(1)).await;
    let (early, late) = (bed.id("A 1").await, bed.id("B 1").await);
    let refused = set_dependencies(&bed.cx(), bed.project, early, vec![late]).await;
    assert_eq!(refusal(refused), "invalid_field");
    let new = NewTask { name: "A 2".to_owned(), depends_on: vec![Prerequisite::Task(late)], ..NewTask::default() };
    let feature = bed.feature("A").await.id;
    assert_eq!(refusal(add_task(&bed.cx(), bed.project, Some(feature), new).await), "invalid_field");
    set_dependencies(&bed.cx(), bed.project, late, vec![early]).await.unwrap();
    assert_eq!(bed.task("B 1").await.open_prerequisites, 1);
}

pub async fn taking_a_dependency_away_frees_the_task(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(3)).await;
    let ids = [bed.id("A 1").await, bed.id("A 2").await, bed.id("A 3").await];
    let on = vec![ids[1], ids[2], ids[1]];
    let task = set_dependencies(&bed.cx(), bed.project, ids[0], on).await.unwrap();
    assert_eq!((task.open_prerequisites, bed.rows().await.edges.len()), (2, 2));
    bed.assert_counters().await;
    let view = bed.store.queries().task(bed.project, ids[0]).await.unwrap().unwrap();
    assert_eq!(view.depends_on.iter().map(|link| link.id).collect::<Vec<_>>(), ids[1..]);
    assert!(view.is_blocked);
    let first = bed.take("a").await;
    assert_eq!(first.task.name, "A 2");
    bed.pass(&first).await;
    let task = set_dependencies(&bed.cx(), bed.project, ids[0], vec![ids[1]]).await.unwrap();
    assert_eq!(task.open_prerequisites, 0);
    set_dependencies(&bed.cx(), bed.project, ids[0], Vec::new()).await.unwrap();
    assert_eq!(bed.rows().await.edges, []);
    assert_eq!(bed.take("a").await.task.name, "A 1");
}

pub async fn tasks_of_one_request_may_depend_on_each_other(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let feature = bed.feature("A").await.id;
    let new = |name: &str, depends_on| NewTask { name: name.to_owned(), depends_on, ..NewTask::default() };
    let known = Prerequisite::Task(bed.id("A 1").await);
    let list = |second| {
        let last = new("last", vec![Prerequisite::Sibling(1), known, Prerequisite::Sibling(1)]);
        vec![last, new("middle", second), new("first", Vec::new())]
    };
    for (second, code) in [
        (vec![Prerequisite::Sibling(0)], "invalid_field"),
        (vec![Prerequisite::Sibling(3)], "invalid_field"),
        (vec![Prerequisite::Task(TaskId(i64::MAX))], "not_found"),
    ] {
        assert_eq!(refusal(create_tasks(&bed.cx(), bed.project, feature, list(second)).await), code);
    }
    assert_eq!(bed.rows().await.tasks.len(), 1);
    let made = create_tasks(&bed.cx(), bed.project, feature, list(vec![Prerequisite::Sibling(2)])).await.unwrap();
    assert_eq!(made.iter().map(|task| task.open_prerequisites).collect::<Vec<_>>(), [2, 1, 0]);
    let (names, _) = bed.work("a").await;
    assert_eq!(names, ["A 1", "first", "middle", "last"]);
    assert_eq!(bed.task("last").await.status, TaskStatus::Passing);
}
