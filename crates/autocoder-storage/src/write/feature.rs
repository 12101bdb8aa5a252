//! Writes features and the counters of features in one statement each.

use std::collections::BTreeMap;

use autocoder_core::changes::Row;
use autocoder_core::feature::{Feature, Tally};
use autocoder_core::ids::FeatureId;
use autocoder_core::ports::Out;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{insert, sorted, update};
use crate::entity::feature::{ActiveModel, Column, Entity, Model};
use crate::link::Link;

/// How far the counters of a feature move, and the highest priority number that came in.
type Shift = (Tally, i32);

pub(super) async fn write(link: &Link, rows: Vec<Row<Feature>>, mut shifts: BTreeMap<FeatureId, Shift>) -> Out<()> {
    let (mut new, changed) = sorted(rows, |feature| feature.id.0);
    for feature in &mut new {
        if let Some((tally, priority)) = shifts.remove(&feature.id) {
            feature.tally = feature.tally.plus(tally);
            feature.last_priority = Ord::max(feature.last_priority, priority);
        }
    }
    insert(link, "writing features", new.into_iter().map(|row| Model::from(row).into_active_model())).await?;
    for (id, feature) in changed {
        let shift = shifts.remove(&feature.id).unwrap_or((Tally::default(), i32::MIN));
        change(link, id, feature, shift).await?;
    }
    for (id, shift) in shifts {
        shift_only(link, id, shift).await?;
    }
    Ok(())
}

async fn change(link: &Link, id: i64, feature: Feature, (tally, priority): Shift) -> Out<()> {
    let version = feature.version;
    let row = ActiveModel {
        id: NotSet,
        project_id: NotSet,
        tasks: NotSet,
        ready: NotSet,
        in_progress: NotSet,
        passing: NotSet,
        last_priority: NotSet,
        version: Set(version + 1),
        ..Model::from(feature).into_active_model().reset_all()
    };
    let mut query = Entity::update_many().set(row).filter(Column::Id.eq(id)).filter(Column::Version.eq(version));
    let counters = [
        (Column::Tasks, tally.tasks),
        (Column::Ready, tally.ready),
        (Column::InProgress, tally.in_progress),
        (Column::Passing, tally.passing),
    ];
    for (column, by) in counters.into_iter().filter(|(_, by)| *by != 0) {
        query = query.col_expr(column, Expr::col(column).add(by));
    }
    if priority > i32::MIN {
        let higher = CaseStatement::new().case(Expr::col(Column::LastPriority).lt(priority), priority);
        query = query.col_expr(Column::LastPriority, higher.finally(Expr::col(Column::LastPriority)).into());
    }
    update(link, "feature", id, query).await
}

async fn shift_only(link: &Link, id: FeatureId, (tally, priority): Shift) -> Out<()> {
    if tally == Tally::default() && priority == i32::MIN {
        return Ok(());
    }
    let sql = "UPDATE features SET tasks = tasks + $2, ready = ready + $3, in_progress = in_progress + $4, \
               passing = passing + $5, last_priority = CASE WHEN last_priority < $6 THEN $6 ELSE last_priority END \
               WHERE id = $1";
    let values = [
        id.0.into(),
        tally.tasks.into(),
        tally.ready.into(),
        tally.in_progress.into(),
        tally.passing.into(),
        priority.into(),
    ];
    link.run("counting a feature", sql, values).await.map(drop)
}
