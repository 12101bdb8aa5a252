//! Writes tasks, their leases and what they wait for.

use std::collections::BTreeMap;

use autocoder_core::changes::{Renewal, Row};
use autocoder_core::ids::TaskId;
use autocoder_core::ports::Out;
use autocoder_core::task::{Task, TaskStatus};
use autocoder_core::time::Timestamp;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{insert, must_hit, sorted, update};
use crate::entity::task::{ActiveModel, Column, Entity, Model};
use crate::link::{Link, id_list, id_values};

/// Takes the prerequisites of the tasks it writes out of `prerequisites`.
pub(super) async fn write(link: &Link, rows: Vec<Row<Task>>, prerequisites: &mut BTreeMap<TaskId, i32>) -> Out<()> {
    let (mut new, changed) = sorted(rows, |task| task.id.0);
    for task in &mut new {
        task.open_prerequisites += prerequisites.remove(&task.id).unwrap_or(0);
    }
    insert(link, "writing tasks", new.into_iter().map(|row| Model::from(row).into_active_model())).await?;
    for (id, task) in changed {
        let by = prerequisites.remove(&task.id).unwrap_or(0);
        change(link, id, task, by).await?;
    }
    Ok(())
}

async fn change(link: &Link, id: i64, task: Task, by: i32) -> Out<()> {
    let version = task.version;
    let row = ActiveModel {
        id: NotSet,
        project_id: NotSet,
        open_prerequisites: NotSet,
        version: Set(version + 1),
        ..Model::from(task).into_active_model().reset_all()
    };
    let mut query = Entity::update_many().set(row).filter(Column::Id.eq(id)).filter(Column::Version.eq(version));
    if by != 0 {
        query = query.col_expr(Column::OpenPrerequisites, Expr::col(Column::OpenPrerequisites).add(by));
    }
    update(link, "task", id, query).await
}

/// One statement for all tasks that move alike.
pub(super) async fn shift_prerequisites(link: &Link, prerequisites: BTreeMap<TaskId, i32>) -> Out<()> {
    let mut alike: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
    for (id, by) in prerequisites.into_iter().filter(|(_, by)| *by != 0) {
        alike.entry(by).or_default().push(id.0);
    }
    let ids = id_list(link.backend(), 2);
    let sql = format!("UPDATE tasks SET open_prerequisites = open_prerequisites + $1 WHERE id IN {ids}");
    for (by, ids) in alike {
        link.run("counting prerequisites", &sql, [by.into(), id_values(ids)]).await?;
    }
    Ok(())
}

pub(super) async fn renew(link: &Link, renewals: &[Renewal]) -> Out<()> {
    let held = TaskStatus::InProgress.as_str();
    let sql = format!("UPDATE tasks SET lease_expires = $3 WHERE id = $1 AND attempt = $2 AND status = '{held}'");
    for renewal in renewals {
        let attempt = i64::from(renewal.attempt.0);
        let values = [renewal.task.0.into(), attempt.into(), renewal.expires.0.into()];
        must_hit(link.run("renewing a lease", &sql, values).await?, "task", renewal.task.0)?;
    }
    Ok(())
}

pub(super) async fn verify(link: &Link, tasks: &[TaskId], now: Timestamp) -> Out<()> {
    if tasks.is_empty() {
        return Ok(());
    }
    let sql = format!("UPDATE tasks SET verified_at = $1 WHERE id IN {}", id_list(link.backend(), 2));
    let values = [now.0.into(), id_values(tasks.iter().map(|id| id.0))];
    link.run("noting a check", &sql, values).await.map(drop)
}
