//! Plans that come in and go out as files.

use autocoder_core::error::Refused;
use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::ProjectId;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::plan::{PlanDocument, parse, write};
use autocoder_core::task::{NewTask, Prerequisite, TaskStatus};
use autocoder_core::workflow::{add_task, approve_phase, export_plan, import_plan};

use super::Bed;
use crate::builder::{Plan, document};

const PLAN: &str = r"
version: 1
project: { name: todo, description: A list. }
phases:
  - key: base
    name: Foundation
    description: What all the rest stands on.
    features:
      - key: page
        name: Page
        priority: 10
        spec: '# Page'
        tasks:
          - { key: title, name: The title, category: style, steps: [Open it, See it], complexity: 1, priority: 3 }
          - { name: The list, description: 'Items, in rows', depends_on: [title] }
      - name: Later
  - name: Polish
    features:
      - name: Colours
        tasks:
          - { name: Dark, depends_on: [title, store] }
          - { key: store, name: The store }
";

/// Brings `text` into a new project of that name.
async fn lay(bed: &mut Bed, name: &str, text: &str) -> ProjectId {
    bed.lay(Plan::from_text(name, text)).await
}

/// The plan without what an export adds or leaves out: lines, and the project's own words.
async fn exported(bed: &Bed, name: &str) -> PlanDocument {
    let exported = export_plan(&bed.cx(), name).await.unwrap();
    let (mut text, mut again) = (String::new(), String::new());
    write(&exported, &mut text).unwrap();
    write(&parse(text.as_bytes()).unwrap(), &mut again).unwrap();
    assert_eq!(again, text, "a written plan is read as it was");
    PlanDocument { project: Default::default(), ..exported }
}

pub async fn a_plan_comes_back_as_it_went_in(bed: &mut Bed) {
    lay(bed, "first", PLAN).await;
    let out = exported(bed, "first").await;
    let copy = Plan::new("second").create(&bed.cx()).await.unwrap();
    let report = import_plan(&bed.cx(), copy, out.clone()).await.unwrap();
    assert_eq!((report.phases.added, report.features.added, report.tasks.added), (2, 3, 4));
    assert_eq!(exported(bed, "second").await, out);
    let report = import_plan(&bed.cx(), copy, out.clone()).await.unwrap();
    assert_eq!((report.phases.unchanged, report.features.unchanged, report.tasks.unchanged), (2, 3, 4));
    assert_eq!(exported(bed, "second").await, out);
    let dark = bed.task("Dark").await;
    assert_eq!((dark.open_prerequisites, dark.priority, dark.complexity), (2, 500, 3));
    let title = bed.task("The title").await;
    assert_eq!(
        (title.category.as_str(), title.steps, title.priority),
        ("style", vec!["Open it".into(), "See it".into()], 3)
    );
    assert_eq!(bed.feature("Later").await.status, FeatureStatus::Pending);
    assert_eq!(bed.feature("Page").await.spec.as_deref(), Some("# Page"));
}

pub async fn importing_again_loses_no_status(bed: &mut Bed) {
    lay(bed, "todo", PLAN).await;
    let title = bed.take("a").await;
    bed.pass(&title).await;
    let list = bed.take("a").await;
    let before = bed.rows().await;
    let edited = PLAN.replace("Items, in rows", "Items, in columns").replace("The title,", "The heading,");
    let report = import_plan(&bed.cx(), bed.project, document(&edited)).await.unwrap();
    assert_eq!((report.tasks.added, report.tasks.updated, report.tasks.unchanged), (0, 2, 2));
    let after = bed.rows().await;
    let standing = |rows: &autocoder_core::ports::PlanRows| -> Vec<_> {
        rows.tasks
            .iter()
            .map(|task| (task.id, task.status, task.lease.clone(), task.attempt, task.open_prerequisites))
            .collect()
    };
    assert_eq!(standing(&after), standing(&before));
    assert_eq!((after.edges, after.phases), (before.edges, before.phases));
    assert_eq!(bed.task("The heading").await.status, TaskStatus::Passing);
    assert_eq!(bed.pass(&list).await.description, "Items, in columns");
    let added = edited.replace("      - name: Later\n", "          - { name: The footer }\n");
    let report = import_plan(&bed.cx(), bed.project, document(&added)).await.unwrap();
    assert_eq!((report.tasks.added, report.features.unchanged), (1, 2));
    assert_eq!(bed.feature("Page").await.status, FeatureStatus::InProgress);
    assert_eq!(bed.feature("Later").await.status, FeatureStatus::Pending);
}

pub async fn a_problem_changes_nothing(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).phase("Two").feature("B").tasks(1)).await;
    bed.work("a").await;
    let (rows, mark) = (bed.rows().await, bed.mark().await);
    let wanted = Plan::new("p").phase("One").feature("A").tasks(2).phase("Two").feature("B").tasks(3);
    for status in [PhaseStatus::AwaitingApproval, PhaseStatus::Completed] {
        match import_plan(&bed.cx(), bed.project, wanted.clone().into_document()).await {
            Err(Refused::Plan(problems)) => assert_eq!(problems.len(), 1, "{problems:?}"),
            other => panic!("{other:?}"),
        }
        if status == PhaseStatus::AwaitingApproval {
            bed.assert_unchanged(&rows, mark).await;
            approve_phase(&bed.cx(), bed.project, bed.phase("One").await.id, "").await.unwrap();
        }
    }
}

pub async fn a_moved_task_takes_its_status_along(bed: &mut Bed) {
    let plan = |a: &[&str], b: &[&str]| {
        let with = |plan: Plan, names: &[&str]| names.iter().fold(plan, |plan, name| plan.task(name));
        with(with(Plan::new("p").phase("One").feature("A"), a).feature("B"), b)
    };
    bed.lay(plan(&["x", "y"], &["z"])).await;
    let claim = bed.take("a").await;
    bed.pass(&claim).await;
    import_plan(&bed.cx(), bed.project, plan(&["y"], &["x", "z"]).into_document()).await.unwrap();
    let moved = bed.task("x").await;
    assert_eq!(
        (moved.id, moved.status, moved.feature),
        (claim.task.id, TaskStatus::Passing, bed.feature("B").await.id)
    );
    bed.assert_counters().await;
    import_plan(&bed.cx(), bed.project, plan(&["y", "z"], &["x"]).into_document()).await.unwrap();
    assert_eq!(bed.feature("B").await.status, FeatureStatus::Completed);
    bed.assert_counters().await;
    let fresh = plan(&["y", "z"], &[]).feature("C").task("x");
    import_plan(&bed.cx(), bed.project, fresh.into_document()).await.unwrap();
    assert_eq!(bed.feature("C").await.status, FeatureStatus::Completed);
    assert_eq!(bed.feature("B").await.status, FeatureStatus::Pending);
    import_plan(&bed.cx(), bed.project, plan(&["y", "z"], &["x"]).into_document()).await.unwrap();
    assert_eq!(bed.feature("B").await.status, FeatureStatus::Completed);
    import_plan(&bed.cx(), bed.project, plan(&["y"], &["z"]).after(&["y"]).into_document()).await.unwrap();
    bed.assert_counters().await;
    import_plan(&bed.cx(), bed.project, plan(&["y", "z"], &[]).into_document()).await.unwrap();
}

pub async fn tasks_of_one_name_are_told_apart(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").task("a")).await;
    let feature = bed.feature("A").await.id;
    for priority in [1, 2] {
        let depends_on = vec![Prerequisite::Task(bed.id("a").await)];
        let new = NewTask { name: "twin".to_owned(), priority, depends_on, ..NewTask::default() };
        add_task(&bed.cx(), bed.project, Some(feature), new).await.unwrap();
    }
    let before = bed.rows().await;
    let out = exported(bed, "p").await;
    let report = import_plan(&bed.cx(), bed.project, out.clone()).await.unwrap();
    assert_eq!((report.tasks.added, report.tasks.updated, report.tasks.unchanged), (0, 2, 1));
    let after = bed.rows().await;
    assert_eq!(after.edges, before.edges);
    assert!(after.tasks.iter().zip(&before.tasks).all(|(a, b)| (a.id, a.priority) == (b.id, b.priority)));
    assert_eq!(exported(bed, "p").await, out);
}

pub async fn a_file_of_a_thousand_tasks_comes_in_at_once(bed: &mut Bed) {
    let plan = (0..25).fold(Plan::new("p").phase("One"), |plan, number| {
        let name = format!("F{number}");
        let plan = plan.feature(&name).tasks(40);
        if number == 0 { plan } else { plan.after(&[&format!("F{} 40", number - 1)]) }
    });
    bed.lay(plan.clone()).await;
    let rows = bed.rows().await;
    assert_eq!((rows.features.len(), rows.tasks.len(), rows.edges.len()), (25, 1_000, 24));
    let report = import_plan(&bed.cx(), bed.project, plan.into_document()).await.unwrap();
    assert_eq!((report.tasks.unchanged, report.tasks.added), (1_000, 0));
    assert_eq!(bed.rows().await, rows);
}
