//! Counts a whole store anew and compares: counters and statuses never drift from the tasks.

use std::collections::{BTreeMap, BTreeSet};

use autocoder_core::feature::{Feature, FeatureStatus, Tally};
use autocoder_core::ids::{AgentId, TaskId};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::ports::{PlanRows, Store};
use autocoder_core::task::{Task, TaskStatus};
use autocoder_core::view::ProjectView;

/// Compares every counter and status of every project with a new count of its tasks and edges.
///
/// # Panics
/// When something differs.
pub async fn assert_counters(store: &dyn Store) {
    for project in store.queries().projects().await.unwrap() {
        assert_counters_of(store, &project).await;
    }
}

/// Compares every counter and status of one project with a new count of its tasks and edges.
///
/// # Panics
/// When something differs.
pub async fn assert_counters_of(store: &dyn Store, project: &ProjectView) {
    let rows = store.queries().plan(project.id).await.unwrap();
    for feature in &rows.features {
        assert_feature(&rows, feature);
    }
    assert_tasks(&rows);
    assert_phases(&rows);
    assert_project(&rows, project);
    let counts = store.queries().counts(project.id).await.unwrap();
    let of = |status| rows.tasks.iter().filter(|task| task.status == status).count() as i64;
    let counted = [counts.pending, counts.in_progress, counts.passing, counts.needs_input, counts.blocked];
    use TaskStatus::{Blocked, InProgress, NeedsInput, Passing, Pending};
    assert_eq!(counted, [of(Pending), of(InProgress), of(Passing), of(NeedsInput), of(Blocked)]);
}

fn assert_feature(rows: &PlanRows, feature: &Feature) {
    let tasks: Vec<&Task> = rows.tasks.iter().filter(|task| task.feature == feature.id).collect();
    let is_ready = |task: &Task| task.status == TaskStatus::Pending && open_prerequisites(rows, task.id) == 0;
    let count = |wanted: &dyn Fn(&Task) -> bool| tasks.iter().filter(|task| wanted(task)).count() as i32;
    let tally = Tally {
        tasks: tasks.len() as i32,
        ready: count(&is_ready),
        in_progress: count(&|task| task.status == TaskStatus::InProgress),
        passing: count(&|task| task.status == TaskStatus::Passing),
    };
    let name = &feature.name;
    assert_eq!(feature.tally, tally, "counters of feature `{name}`");
    let highest = tasks.iter().map(|task| task.priority).max().unwrap_or(i32::MIN);
    assert!(feature.last_priority >= highest, "last priority of feature `{name}`");
    let fits = match feature.status {
        FeatureStatus::Pending | FeatureStatus::Speccing => tally.tasks == 0,
        FeatureStatus::Ready | FeatureStatus::InProgress => tally.open() > 0,
        FeatureStatus::Completed => tally.tasks > 0 && tally.open() == 0,
    };
    assert!(fits, "feature `{name}` is {} with {tally:?}", feature.status);
    assert_eq!(feature.completed_at.is_some(), feature.status == FeatureStatus::Completed, "end of feature `{name}`");
}

fn open_prerequisites(rows: &PlanRows, task: TaskId) -> i32 {
    let passing: BTreeSet<TaskId> =
        rows.tasks.iter().filter(|task| task.status == TaskStatus::Passing).map(|task| task.id).collect();
    rows.edges.iter().filter(|edge| edge.task == task && !passing.contains(&edge.depends_on)).count() as i32
}

fn assert_tasks(rows: &PlanRows) {
    let mut holders: BTreeMap<&AgentId, &str> = BTreeMap::new();
    for task in &rows.tasks {
        let name = &task.name;
        assert_eq!(task.open_prerequisites, open_prerequisites(rows, task.id), "open prerequisites of `{name}`");
        assert_eq!(task.lease.is_some(), task.status == TaskStatus::InProgress, "lease of `{name}`");
        assert_eq!(task.completed_at.is_some(), task.status == TaskStatus::Passing, "end of `{name}`");
        let second = task.lease.as_ref().and_then(|lease| holders.insert(&lease.agent, name));
        assert_eq!(second, None, "the agent of `{name}` holds another task");
    }
    let ids: BTreeSet<TaskId> = rows.tasks.iter().map(|task| task.id).collect();
    assert!(rows.edges.iter().all(|edge| ids.contains(&edge.task) && ids.contains(&edge.depends_on)), "a loose edge");
}

fn assert_phases(rows: &PlanRows) {
    let rank = |status| match status {
        PhaseStatus::Completed => 0,
        PhaseStatus::InProgress | PhaseStatus::AwaitingApproval => 1,
        PhaseStatus::Pending => 2,
    };
    let ranks: Vec<_> = rows.phases.iter().map(|phase| rank(phase.status)).collect();
    assert!(ranks.is_sorted(), "phases go one after the other: {ranks:?}");
    assert!(ranks.iter().filter(|rank| **rank == 1).count() <= 1, "one phase is active at most");
    for phase in rows.phases.iter().filter(|phase| rank(phase.status) < 2 && phase.status != PhaseStatus::InProgress) {
        let mut features = rows.features.iter().filter(|feature| feature.phase == phase.id);
        assert!(features.all(|feature| feature.status == FeatureStatus::Completed), "phase `{}`", phase.name);
    }
}

fn assert_project(rows: &PlanRows, project: &ProjectView) {
    let completed = rows.phases.iter().filter(|phase| phase.status == PhaseStatus::Completed).count();
    let passing = rows.tasks.iter().filter(|task| task.status == TaskStatus::Passing).count();
    let counted = [rows.phases.len(), completed, rows.features.len(), rows.tasks.len(), passing];
    let shown = [
        project.phase_count,
        project.phases_completed,
        project.feature_count,
        project.task_count,
        project.tasks_completed,
    ];
    assert_eq!(shown, counted.map(|count| count as i64), "counts of project `{}`", project.name);
}
