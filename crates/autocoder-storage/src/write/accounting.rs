//! Writes budgets, schedules and settings.

use autocoder_core::budget::Budget;
use autocoder_core::changes::Row;
use autocoder_core::ports::Out;
use autocoder_core::schedule::Schedule;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::Value;

use super::{insert, sorted, update};
use crate::entity::{budget, schedule};
use crate::link::Link;

pub(super) async fn budgets(link: &Link, rows: Vec<Row<Budget>>) -> Out<()> {
    let (new, changed) = sorted(rows, |budget| budget.id.0);
    insert(link, "writing budgets", new.into_iter().map(|row| budget::Model::from(row).into_active_model())).await?;
    for (id, row) in changed {
        let version = row.version;
        let row = budget::ActiveModel {
            id: NotSet,
            version: Set(version + 1),
            ..budget::Model::from(row).into_active_model().reset_all()
        };
        let query = budget::Entity::update_many().set(row);
        let query = query.filter(budget::Column::Id.eq(id)).filter(budget::Column::Version.eq(version));
        update(link, "budget", id, query).await?;
    }
    Ok(())
}

pub(super) async fn schedules(link: &Link, rows: Vec<Row<Schedule>>) -> Out<()> {
    let (new, changed) = sorted(rows, |schedule| schedule.id.0);
    let new = new.into_iter().map(|row| schedule::Model::from(row).into_active_model());
    insert(link, "writing schedules", new).await?;
    for (id, row) in changed {
        let version = row.version;
        let row = schedule::ActiveModel {
            id: NotSet,
            version: Set(version + 1),
            ..schedule::Model::from(row).into_active_model().reset_all()
        };
        let query = schedule::Entity::update_many().set(row);
        let query = query.filter(schedule::Column::Id.eq(id)).filter(schedule::Column::Version.eq(version));
        update(link, "schedule", id, query).await?;
    }
    Ok(())
}

pub(crate) async fn settings(link: &Link, settings: Vec<(String, Value)>) -> Out<()> {
    let sql = r#"INSERT INTO settings ("key", value) VALUES ($1, $2)
                 ON CONFLICT ("key") DO UPDATE SET value = excluded.value"#;
    for (key, value) in settings {
        link.run("writing a setting", sql, [key.into(), value.to_string().into()]).await?;
    }
    Ok(())
}
