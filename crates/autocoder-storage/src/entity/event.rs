//! Rows of events.

use autocoder_core::event::{Event, NewEvent};
use autocoder_core::ids::{EventId, ProjectId};
use autocoder_core::ports::StoreError;
use autocoder_core::time::Timestamp;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;

use super::value::{from_json, to_json, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub at: i64,
    pub actor: String,
    pub kind: String,
    pub subject: String,
    pub payload: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<NewEvent> for ActiveModel {
    fn from(event: NewEvent) -> Self {
        Self {
            id: NotSet,
            project_id: Set(event.project.0),
            at: Set(event.at.0),
            actor: Set(event.actor.to_string()),
            kind: Set(event.kind.to_string()),
            subject: Set(event.subject.to_string()),
            payload: Set(to_json(&event.payload)),
        }
    }
}

impl TryFrom<Model> for Event {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: EventId(row.id),
            project_id: ProjectId(row.project_id),
            at: Timestamp(row.at),
            actor: row.actor,
            kind: word(&row.kind)?,
            subject: row.subject,
            payload: from_json(&row.payload)?,
        })
    }
}
