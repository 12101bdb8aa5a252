//! Runs of agents.

use autocoder_core::ids::{AgentId, ProjectId, RunId};
use autocoder_core::ports::{Out, RunEnd, StoreError};
use autocoder_core::run::Run;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

use crate::entity::run::{self, Column, Entity, Model};
use crate::entity::{columns, field};
use crate::link::Link;
use crate::read::{every, first};

pub(super) async fn start(link: &Link, run: Run) -> Out<RunId> {
    let mut insert = Entity::insert_many([run::unnumbered(run)]).into_query();
    insert.returning(Query::returning().column(Column::Id));
    let rows = link.rows("starting a run", link.backend().build(&insert)).await?;
    let gone = || StoreError::Failed { step: "starting a run", detail: "no id".to_owned() };
    field(rows.first().ok_or_else(gone)?, "id").map(RunId)
}

pub(super) async fn end(link: &Link, id: RunId, end: RunEnd) -> Out<()> {
    let query = Entity::update_many().set(run::ended(end));
    let query = query.filter(Column::Id.eq(id.0)).filter(Column::EndedAt.is_null());
    link.run_built("ending a run", &query).await.map(drop)
}

pub(super) async fn open(link: &Link, project: ProjectId) -> Out<Vec<Run>> {
    let columns = columns::<Entity>("r", "");
    let sql = format!("SELECT {columns} FROM runs r WHERE r.project_id = $1 AND r.ended_at IS NULL ORDER BY r.id");
    every::<Model, _>(&link.all("loading open runs", &sql, [project.0.into()]).await?, "")
}

pub(super) async fn run(link: &Link, id: RunId) -> Out<Option<Run>> {
    let sql = format!("SELECT {} FROM runs r WHERE r.id = $1", columns::<Entity>("r", ""));
    let row = link.one("loading a run", &sql, [id.0.into()]).await?;
    first::<Model, _>(row.as_ref(), "")
}

pub(super) async fn newest(link: &Link, project: ProjectId, agent: Option<&AgentId>, limit: u64) -> Out<Vec<Run>> {
    let owner = if agent.is_some() { "r.agent_id = $3" } else { "$3 = ''" };
    let columns = columns::<Entity>("r", "");
    let sql = format!("SELECT {columns} FROM runs r WHERE r.project_id = $1 AND {owner} ORDER BY r.id DESC LIMIT $2");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [project.0.into(), limit.into(), agent.map_or("", |agent| &agent.0).into()];
    every::<Model, _>(&link.all("loading runs", &sql, values).await?, "")
}
