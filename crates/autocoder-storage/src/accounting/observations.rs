//! What finished tasks took: the newest ones with their usage, by task and model.

use autocoder_core::ids::ProjectId;
use autocoder_core::ports::Out;
use autocoder_core::task::TaskStatus;
use autocoder_core::usage_record::{Observation, ObservationQuery};
use sea_orm::QueryResult;

use crate::entity::field;
use crate::link::Link;

pub(crate) async fn observations(link: &Link, query: &ObservationQuery) -> Out<Vec<Observation>> {
    let limit = i64::try_from(query.tasks).unwrap_or(i64::MAX);
    let rows = link.all("learning from finished tasks", &sql(), [query.rehearsal.into(), limit.into()]).await?;
    rows.iter().map(observation).collect()
}

/// A task counts only when it has usage of the wanted sort.
pub(crate) fn sql() -> String {
    format!(
        "SELECT t.project_id AS project_id, u.model AS model, t.complexity AS complexity, \
         CAST(SUM(u.input + u.output) AS BIGINT) AS tokens \
         FROM (SELECT n.id, n.project_id, n.complexity, n.completed_at FROM tasks n WHERE n.status = '{}' \
         AND EXISTS (SELECT 1 FROM usage_logs e WHERE e.task_id = n.id AND e.rehearsal = $1) \
         ORDER BY n.completed_at DESC, n.id DESC LIMIT $2) t \
         JOIN usage_logs u ON u.task_id = t.id AND u.rehearsal = $1 \
         GROUP BY t.id, t.project_id, t.complexity, t.completed_at, u.model \
         ORDER BY t.completed_at DESC, t.id DESC, u.model",
        TaskStatus::Passing.as_str()
    )
}

fn observation(row: &QueryResult) -> Out<Observation> {
    let (tokens, complexity): (i64, i32) = (field(row, "tokens")?, field(row, "complexity")?);
    Ok(Observation {
        project: ProjectId(field(row, "project_id")?),
        model: field(row, "model")?,
        complexity: u8::try_from(complexity).unwrap_or(u8::MAX),
        tokens: tokens.try_into().unwrap_or(0),
    })
}
