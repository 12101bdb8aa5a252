//! Units of work: all or nothing, one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use autocoder_core::changes::{Changes, Row};
use autocoder_core::event::{Actor, EventKind};
use autocoder_core::ids::TaskId;
use autocoder_core::ports::{Scope, StoreError};
use autocoder_core::task::{Task, TaskPatch};
use autocoder_core::workflow::edit_task;

use super::Bed;
use crate::builder::Plan;

pub async fn a_stale_row_is_refused_and_nothing_is_written(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    let (old, other) = (bed.task("A 1").await, bed.task("A 2").await);
    let patch = TaskPatch { description: Some("new".to_owned()), ..TaskPatch::default() };
    edit_task(&bed.cx(), bed.project, old.id, patch).await.unwrap();
    let (rows, mark) = (bed.rows().await, bed.mark().await);
    let phase = bed.phase("One").await;
    let old_phase = autocoder_core::phase::Phase { version: phase.version - 1, ..phase.clone() };
    let writes: [&dyn Fn(&mut Changes); 2] = [
        &|changes| {
            changes.task(&other, Task { name: "lost".to_owned(), ..other.clone() }, EventKind::TaskUpdated);
            changes.task(&old, Task { name: "late".to_owned(), ..old.clone() }, EventKind::TaskUpdated);
        },
        &|changes| {
            changes.task(&other, Task { name: "lost".to_owned(), ..other.clone() }, EventKind::TaskUpdated);
            changes.phase(Row::Changed(old_phase.clone()), EventKind::PhaseUpdated);
        },
    ];
    for write in writes {
        let unit = bed.store.begin(Scope::Project(bed.project)).await.unwrap();
        let mut changes = Changes::new(bed.project, Actor::System, unit.now());
        write(&mut changes);
        let refused = unit.commit(changes).await.unwrap_err();
        assert!(matches!(refused, StoreError::Stale { .. }), "{refused:?}");
        bed.assert_unchanged(&rows, mark).await;
    }
}

pub async fn a_unit_that_is_dropped_changes_nothing(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let (rows, mark) = (bed.rows().await, bed.mark().await);
    let mut unit = bed.store.begin(Scope::Project(bed.project)).await.unwrap();
    assert_eq!(unit.now(), bed.clock.now());
    assert!(unit.branch(rows.tasks[0].id).await.unwrap().is_some());
    unit.new_ids(3).await.unwrap();
    drop(unit);
    bed.assert_unchanged(&rows, mark).await;
    bed.take("a").await;
}

pub async fn units_of_one_project_wait_for_each_other(bed: &mut Bed) {
    let project = bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let unit = bed.store.begin(Scope::Project(project)).await.unwrap();
    let (store, has_begun) = (Arc::clone(&bed.store), Arc::new(AtomicBool::new(false)));
    let begun = Arc::clone(&has_begun);
    let second = tokio::spawn(async move {
        let mut unit = store.begin(Scope::Project(project)).await.unwrap();
        begun.store(true, Ordering::SeqCst);
        unit.standing(None).await.unwrap().project.title
    });
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(!has_begun.load(Ordering::SeqCst));
    let mut unit = unit;
    let before = unit.standing(None).await.unwrap().project;
    let mut changes = Changes::new(project, Actor::System, unit.now());
    let after = autocoder_core::project::Project { title: "second".to_owned(), ..before };
    changes.project(Row::Changed(after), EventKind::ProjectUpdated);
    unit.commit(changes).await.unwrap();
    assert_eq!(second.await.unwrap(), "second");
}

pub async fn ids_are_consecutive_and_never_given_twice(bed: &mut Bed) {
    let project = bed.lay(Plan::new("p").phase("One").feature("A").tasks(3)).await;
    let highest = bed.rows().await.tasks.iter().map(|task| task.id).max().unwrap_or(TaskId(0));
    let mut next = highest.0 + 1;
    for count in [1, 500, 2] {
        let mut unit = bed.store.begin(Scope::Project(project)).await.unwrap();
        let first = unit.new_ids(count).await.unwrap();
        assert!(first >= next, "{first} is not behind {next}");
        next = first + i64::from(count);
        unit.commit(Changes::new(project, Actor::System, bed.clock.now())).await.unwrap();
    }
}
