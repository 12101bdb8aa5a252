//! Rows of schedules.

use autocoder_core::ids::{ProjectId, ScheduleId};
use autocoder_core::ports::StoreError;
use autocoder_core::schedule::Schedule;
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::{from_json, to_json, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "schedules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub project_id: i64,
    pub kind: String,
    pub max_cost_nusd: Option<i64>,
    pub days: String,
    pub starts: String,
    pub ends: String,
    pub time_zone: String,
    pub enabled: bool,
    pub created_at: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Schedule> for Model {
    fn from(schedule: Schedule) -> Self {
        Self {
            id: schedule.id.0,
            project_id: schedule.project.0,
            kind: schedule.kind.to_string(),
            max_cost_nusd: schedule.max_cost_nusd.and_then(|cost| i64::try_from(cost).ok()),
            days: to_json(&schedule.days),
            starts: schedule.starts.to_string(),
            ends: schedule.ends.to_string(),
            time_zone: schedule.time_zone,
            enabled: schedule.enabled,
            created_at: schedule.created_at.0,
            version: schedule.version,
        }
    }
}

impl TryFrom<Model> for Schedule {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: ScheduleId(row.id),
            project: ProjectId(row.project_id),
            kind: word(&row.kind)?,
            max_cost_nusd: row.max_cost_nusd.and_then(|cost| u64::try_from(cost).ok()),
            days: from_json(&row.days)?,
            starts: word(&row.starts)?,
            ends: word(&row.ends)?,
            time_zone: row.time_zone,
            enabled: row.enabled,
            created_at: Timestamp(row.created_at),
            version: row.version,
        })
    }
}
