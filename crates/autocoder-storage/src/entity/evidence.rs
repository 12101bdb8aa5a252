//! Rows of what verification gave.

use autocoder_core::ids::{Attempt, TaskId};
use autocoder_core::ports::StoreError;
use autocoder_core::task::Evidence;
use autocoder_core::time::Timestamp;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;

use super::value::narrow;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub task_id: i64,
    pub attempt: i64,
    pub command: String,
    pub exit_code: Option<i32>,
    pub output_end: String,
    pub commit: Option<String>,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Evidence> for ActiveModel {
    fn from(evidence: Evidence) -> Self {
        Self {
            id: NotSet,
            task_id: Set(evidence.task.0),
            attempt: Set(evidence.attempt.0.into()),
            command: Set(evidence.command),
            exit_code: Set(evidence.exit_code),
            output_end: Set(evidence.output_end),
            commit: Set(evidence.commit),
            at: Set(evidence.at.0),
        }
    }
}

impl TryFrom<Model> for Evidence {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            task: TaskId(row.task_id),
            attempt: Attempt(narrow(row.attempt)?),
            command: row.command,
            exit_code: row.exit_code,
            output_end: row.output_end,
            commit: row.commit,
            at: Timestamp(row.at),
        })
    }
}
