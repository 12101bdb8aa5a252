//! Rows of deliveries to webhooks.

use autocoder_core::ids::{DeliveryId, EventId, WebhookId};
use autocoder_core::ports::StoreError;
use autocoder_core::time::Timestamp;
use autocoder_core::webhook::Delivery;
use sea_orm::ActiveValue::NotSet;
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use super::value::{narrow, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub webhook_id: i64,
    pub event_id: i64,
    pub kind: String,
    pub body: String,
    pub status: String,
    pub tries: i32,
    pub next_at: i64,
    pub last_status: Option<i32>,
    pub last_error: Option<String>,
    pub created_at: i64,
    pub delivered_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A delivery that has no number yet.
pub(crate) fn unnumbered(delivery: Delivery) -> ActiveModel {
    ActiveModel { id: NotSet, ..Model::from(delivery).into_active_model() }
}

impl From<Delivery> for Model {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.0,
            webhook_id: delivery.webhook.0,
            event_id: delivery.event.0,
            kind: delivery.kind.to_string(),
            body: delivery.body,
            status: delivery.status.to_string(),
            tries: i32::try_from(delivery.tries).unwrap_or(i32::MAX),
            next_at: delivery.next_at.0,
            last_status: delivery.last_status.map(i32::from),
            last_error: delivery.last_error,
            created_at: delivery.created_at.0,
            delivered_at: delivery.delivered_at.map(|at| at.0),
        }
    }
}

impl TryFrom<Model> for Delivery {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: DeliveryId(row.id),
            webhook: WebhookId(row.webhook_id),
            event: EventId(row.event_id),
            kind: word(&row.kind)?,
            body: row.body,
            status: word(&row.status)?,
            tries: narrow(row.tries)?,
            next_at: Timestamp(row.next_at),
            last_status: row.last_status.map(narrow).transpose()?,
            last_error: row.last_error,
            created_at: Timestamp(row.created_at),
            delivered_at: row.delivered_at.map(Timestamp),
        })
    }
}
