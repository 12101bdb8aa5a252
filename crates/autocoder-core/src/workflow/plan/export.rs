//! The plan of a project as a plan file's document.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::error::Refused;
use crate::ids::TaskId;
use crate::plan::{PlanDocument, PlanFeature, PlanPhase, PlanProject, PlanTask, Stood};
use crate::ports::PlanRows;
use crate::task::Task;

/// The plan of a project; importing it again changes nothing. A task without a key that others wait for, or whose name
/// stands twice in its feature, is given `t` and its id as a key.
///
/// # Errors
/// A missing project.
pub async fn export_plan(cx: &Context<'_>, name: &str) -> Result<PlanDocument, Refused> {
    let queries = cx.store.queries();
    let project = queries.project(name).await?.ok_or_else(|| Refused::missing("project", name))?;
    let rows = queries.plan(project.id).await?;
    Ok(PlanDocument {
        project: PlanProject {
            title: Some(project.title).filter(|title| *title != project.name),
            name: Some(project.name),
            description: project.description,
            spec: project.spec,
        },
        phases: phases(rows),
    })
}

fn phases(rows: PlanRows) -> Vec<PlanPhase> {
    let waited_for: BTreeSet<TaskId> = rows.edges.iter().map(|edge| edge.depends_on).collect();
    let mut named: BTreeMap<_, usize> = BTreeMap::new();
    for task in &rows.tasks {
        *named.entry((task.feature, task.name.clone())).or_default() += 1;
    }
    let stands_twice = |task: &Task| named.get(&(task.feature, task.name.clone())).is_some_and(|count| *count > 1);
    let keyed = rows.tasks.iter().filter(|task| waited_for.contains(&task.id) || stands_twice(task));
    let keys: BTreeMap<TaskId, String> = keyed.map(|task| (task.id, key_of(task))).collect();
    let mut depends_on: BTreeMap<TaskId, Vec<(String, u32)>> = BTreeMap::new();
    for edge in &rows.edges {
        let key = keys.get(&edge.depends_on).cloned().unwrap_or_default();
        depends_on.entry(edge.task).or_default().push((key, 0));
    }
    let mut tasks: BTreeMap<_, Vec<PlanTask>> = BTreeMap::new();
    for task in rows.tasks {
        let before = depends_on.remove(&task.id).unwrap_or_default();
        let key = keys.get(&task.id).cloned().or_else(|| some(task.key));
        tasks.entry(task.feature).or_default().push(PlanTask {
            key,
            name: task.name,
            category: task.category,
            description: task.description,
            steps: task.steps,
            complexity: task.complexity,
            priority: task.priority,
            depends_on: before,
            stood: Stood::Open,
            answered: None,
            line: 0,
        });
    }
    let mut features: BTreeMap<_, Vec<PlanFeature>> = BTreeMap::new();
    for feature in rows.features {
        features.entry(feature.phase).or_default().push(PlanFeature {
            key: some(feature.key),
            name: feature.name,
            description: feature.description,
            spec: feature.spec,
            priority: feature.priority,
            tasks: tasks.remove(&feature.id).unwrap_or_default(),
            line: 0,
        });
    }
    let phases = rows.phases.into_iter().map(|phase| PlanPhase {
        key: some(phase.key),
        name: phase.name,
        description: phase.description,
        features: features.remove(&phase.id).unwrap_or_default(),
        begun: false,
        line: 0,
    });
    phases.collect()
}

fn key_of(task: &Task) -> String {
    if task.key.is_empty() { format!("t{}", task.id) } else { task.key.clone() }
}

fn some(key: String) -> Option<String> {
    Some(key).filter(|key| !key.is_empty())
}
