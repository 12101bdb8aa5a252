//! Dependencies between tasks: inside one project, never in a circle, never on a later phase.

use super::task::branch;
use super::{Context, must_be_open};
use crate::changes::Node;
use crate::dependency::find_cycle;
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::{ProjectId, TaskId};
use crate::limits::{Checks, DEPENDENCIES};
use crate::phase::Phase;
use crate::ports::UnitOfWork;
use crate::task::{Branch, Edge, Task, TaskStatus};

/// Makes the task wait for exactly these others.
///
/// # Errors
/// A circle, with its tasks; a missing task; one of a later phase; a phase that is closed or at its gate.
pub async fn set_dependencies(
    cx: &Context<'_>,
    project: ProjectId,
    id: TaskId,
    mut depends_on: Vec<TaskId>,
) -> Result<Task, Refused> {
    let mut checks = Checks::default();
    checks.range("depends_on", depends_on.len() as i64, 0..=DEPENDENCIES as i64);
    checks.finish()?;
    depends_on.sort_unstable();
    depends_on.dedup();
    let (mut unit, mut changes) = cx.begin(project).await?;
    let Branch { phase, task, .. } = branch(&mut *unit, id).await?;
    must_be_open(&phase)?;
    changes.check_version(Node::Task(id), task.version);
    let passing = check_prerequisites(&mut *unit, &phase, &depends_on).await?;
    let wanted: Vec<Edge> = depends_on.iter().map(|on| Edge { task: id, depends_on: *on }).collect();
    let mut graph = unit.upstream(&depends_on).await?;
    let before = unit.upstream(&[id]).await?.into_iter().filter(|edge| edge.task == id).collect::<Vec<_>>();
    graph.retain(|edge| edge.task != id);
    graph.extend(&wanted);
    if let Some(circle) = find_cycle(&graph) {
        return Err(Refused::Cycle(circle));
    }
    changes.edges(
        before.iter().filter(|edge| !wanted.contains(edge)).copied(),
        wanted.iter().filter(|edge| !before.contains(edge)).copied(),
    );
    let open = depends_on.len() as i32 - passing;
    changes.prerequisites(&task, open - task.open_prerequisites);
    changes.event(
        EventKind::TaskUpdated,
        crate::event::Subject::Task(id),
        serde_json::json!({ "name": task.name, "depends_on": depends_on }),
    );
    unit.commit(changes).await?;
    Ok(Task { open_prerequisites: open, ..task })
}

/// How many of these tasks pass already. Refuses a missing one and one of a phase behind `phase`, which could never
/// pass in time.
pub(super) async fn check_prerequisites(
    unit: &mut dyn UnitOfWork,
    phase: &Phase,
    ids: &[TaskId],
) -> Result<i32, Refused> {
    let mut passing = 0;
    for id in ids {
        let on = branch(unit, *id).await?;
        if on.phase.place() > phase.place() {
            let rule =
                format!("names task `{id}` of the later phase `{}`, which starts only after this one", on.phase.name);
            return Err(Refused::field("depends_on", rule));
        }
        passing += i32::from(on.task.status == TaskStatus::Passing);
    }
    Ok(passing)
}
