//! Projects, phases, features and tasks by their ids and names.

use std::sync::LazyLock;

use autocoder_core::changes::Node;
use autocoder_core::feature::Feature;
use autocoder_core::ids::{FeatureId, PhaseId, ProjectId, TaskId};
use autocoder_core::phase::Phase;
use autocoder_core::ports::Out;
use autocoder_core::project::Project;
use autocoder_core::task::{Branch, Task, TaskStatus};
use autocoder_core::time::Timestamp;
use sea_orm::QueryResult;

use super::{FEATURE, PHASE, PROJECT, TASK, every, first};
use crate::entity::{feature, phase, project, read, task};
use crate::link::Link;

static BRANCH: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, {}, {} FROM tasks t JOIN features f ON f.id = t.feature_id JOIN phases ph ON ph.id = f.phase_id",
        *TASK, *FEATURE, *PHASE
    )
});

pub(crate) async fn project(link: &Link, name: &str) -> Out<Option<Project>> {
    let sql = format!("SELECT {} FROM projects p WHERE p.name = $1", *PROJECT);
    let row = link.one("loading a project", &sql, [name.into()]).await?;
    first::<project::Model, _>(row.as_ref(), "p_")
}

pub(crate) async fn phases(link: &Link, project: ProjectId) -> Out<Vec<Phase>> {
    let sql = format!(r#"SELECT {} FROM phases ph WHERE ph.project_id = $1 ORDER BY ph."order", ph.id"#, *PHASE);
    every::<phase::Model, _>(&link.all("loading phases", &sql, [project.0.into()]).await?, "ph_")
}

pub(crate) async fn feature(link: &Link, project: ProjectId, id: FeatureId) -> Out<Option<Feature>> {
    let sql = format!("SELECT {} FROM features f WHERE f.id = $1 AND f.project_id = $2", *FEATURE);
    let row = link.one("loading a feature", &sql, [id.0.into(), project.0.into()]).await?;
    first::<feature::Model, _>(row.as_ref(), "f_")
}

pub(crate) async fn feature_named(
    link: &Link,
    (project, phase): (ProjectId, PhaseId),
    name: &str,
) -> Out<Option<Feature>> {
    let sql = format!(
        "SELECT {} FROM features f WHERE f.phase_id = $1 AND f.project_id = $2 AND f.name = $3 ORDER BY f.id LIMIT 1",
        *FEATURE
    );
    let row = link.one("loading a feature", &sql, [phase.0.into(), project.0.into(), name.into()]).await?;
    first::<feature::Model, _>(row.as_ref(), "f_")
}

pub(crate) async fn branch(link: &Link, project: ProjectId, id: TaskId) -> Out<Option<Branch>> {
    let sql = format!("{} WHERE t.id = $1 AND t.project_id = $2", *BRANCH);
    let row = link.one("loading a task", &sql, [id.0.into(), project.0.into()]).await?;
    row.as_ref().map(read_branch).transpose()
}

pub(crate) async fn lapsed(link: &Link, project: ProjectId, now: Timestamp) -> Out<Vec<Branch>> {
    let held = TaskStatus::InProgress.as_str();
    let sql = format!(
        "{} WHERE t.project_id = $1 AND t.lease_expires <= $2 AND t.status = '{held}' ORDER BY t.id LIMIT 100",
        *BRANCH
    );
    let rows = link.all("loading lapsed tasks", &sql, [project.0.into(), now.0.into()]).await?;
    rows.iter().map(read_branch).collect()
}

pub(crate) async fn tasks_in(link: &Link, project: ProjectId, node: Node) -> Out<Vec<Task>> {
    let (below, id) = match node {
        Node::Project(id) => ("t.project_id = $2", id.0),
        Node::Phase(id) => ("t.feature_id IN (SELECT id FROM features WHERE phase_id = $2)", id.0),
        Node::Feature(id) => ("t.feature_id = $2", id.0),
        Node::Task(id) => ("t.id = $2", id.0),
        Node::Webhook(_) | Node::Budget(_) | Node::Schedule(_) => return Ok(Vec::new()),
    };
    let sql = format!("SELECT {} FROM tasks t WHERE t.project_id = $1 AND {below} ORDER BY t.id", *TASK);
    every::<task::Model, _>(&link.all("loading tasks", &sql, [project.0.into(), id.into()]).await?, "t_")
}

fn read_branch(row: &QueryResult) -> Out<Branch> {
    Ok(Branch {
        phase: read::<phase::Model, _>(row, "ph_")?,
        feature: read::<feature::Model, _>(row, "f_")?,
        task: read::<task::Model, _>(row, "t_")?,
    })
}
