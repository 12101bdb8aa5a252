//! What screens look for across a plan: the graph of tasks, and the search by name.

use autocoder_core::changes::Node;
use autocoder_core::ids::{ProjectId, TaskId};
use autocoder_core::ports::Out;
use autocoder_core::view::{GraphEdge, GraphView, SearchHit};
use sea_orm::QueryResult;

use super::tasks::{card, card_columns, containing, lowered};
use crate::entity::field;
use crate::link::Link;

pub(super) async fn graph(link: &Link, project: ProjectId, within: Option<Node>) -> Out<GraphView> {
    let (below, id) = match within.unwrap_or(Node::Project(project)) {
        Node::Project(id) => ("project_id = $2", id.0),
        Node::Phase(id) => ("feature_id IN (SELECT id FROM features WHERE phase_id = $2)", id.0),
        Node::Feature(id) => ("feature_id = $2", id.0),
        Node::Task(id) => ("id = $2", id.0),
        Node::Webhook(_) | Node::Budget(_) | Node::Schedule(_) => {
            return Ok(GraphView { nodes: Vec::new(), edges: Vec::new() });
        }
    };
    let sql =
        format!("SELECT {} FROM tasks WHERE project_id = $1 AND {below} ORDER BY id", card_columns(link.backend()));
    let rows = link.all("loading a graph", &sql, [project.0.into(), id.into()]).await?;
    let nodes = rows.iter().map(card).collect::<Out<Vec<_>>>()?;
    let sql = format!(
        "SELECT d.task_id, d.depends_on_id FROM task_dependencies d JOIN tasks a ON a.id = d.task_id \
         JOIN tasks b ON b.id = d.depends_on_id WHERE a.project_id = $1 AND a.{below} AND b.{below} \
         ORDER BY d.task_id, d.depends_on_id"
    );
    let rows = link.all("loading dependencies", &sql, [project.0.into(), id.into()]).await?;
    Ok(GraphView { nodes, edges: rows.iter().map(edge).collect::<Out<_>>()? })
}

fn edge(row: &QueryResult) -> Out<GraphEdge> {
    Ok(GraphEdge { task_id: TaskId(field(row, "task_id")?), depends_on: TaskId(field(row, "depends_on_id")?) })
}

/// The tables that are searched, the highest first.
const KINDS: [(&str, &str); 4] =
    [("project", "projects"), ("phase", "phases"), ("feature", "features"), ("task", "tasks")];

pub(super) async fn search(link: &Link, project: Option<ProjectId>, text: &str, limit: u64) -> Out<Vec<SearchHit>> {
    let mut hits = Vec::new();
    for (kind, table) in KINDS {
        let left = i64::try_from(limit).unwrap_or(i64::MAX) - hits.len() as i64;
        if left <= 0 {
            break;
        }
        // A project is found by its title and by its name, and shown by its title.
        let (owner, shown, searched) = match kind {
            "project" => ("x.id", "x.title", "(x.title || ' ' || x.name)"),
            _ => ("x.project_id", "x.name", "x.name"),
        };
        let within = project.map_or(String::new(), |project| format!("AND p.id = {project}"));
        let sql = format!(
            "SELECT x.id, {shown} AS name, p.name AS project_name FROM {table} x JOIN projects p ON p.id = {owner} \
             WHERE {} LIKE $1 ESCAPE '\\' {within} ORDER BY x.id LIMIT $2",
            lowered(link.backend(), searched)
        );
        let rows = link.all("searching", &sql, [containing(text).into(), left.into()]).await?;
        for row in &rows {
            let (id, name) = (field(row, "id")?, field(row, "name")?);
            hits.push(SearchHit { kind, id, project_name: field(row, "project_name")?, name });
        }
    }
    Ok(hits)
}
