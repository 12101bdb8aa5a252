//! Writes dependencies; a list of any length is one parameter of one statement.

use autocoder_core::ports::Out;
use autocoder_core::task::Edge;
use sea_orm::Value;

use crate::link::{Link, list};

const PAIR: &str = "SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT)";

pub(super) async fn remove(link: &Link, edges: &[Edge]) -> Out<()> {
    if edges.is_empty() {
        return Ok(());
    }
    let pairs = list(link.backend(), 1);
    let sql = format!("DELETE FROM task_dependencies WHERE (task_id, depends_on_id) IN ({PAIR} FROM {pairs})");
    link.run("removing dependencies", &sql, [values(edges)]).await.map(drop)
}

pub(super) async fn add(link: &Link, edges: &[Edge]) -> Out<()> {
    if edges.is_empty() {
        return Ok(());
    }
    // SQLite needs the WHERE to tell the conflict clause from a join's condition.
    let sql = format!(
        "INSERT INTO task_dependencies (task_id, depends_on_id) {PAIR} FROM {} WHERE TRUE ON CONFLICT DO NOTHING",
        list(link.backend(), 1)
    );
    link.run("adding dependencies", &sql, [values(edges)]).await.map(drop)
}

fn values(edges: &[Edge]) -> Value {
    let pairs = edges.iter().map(|edge| format!("[{},{}]", edge.task, edge.depends_on)).collect::<Vec<_>>();
    format!("[{}]", pairs.join(",")).into()
}
