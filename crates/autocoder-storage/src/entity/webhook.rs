//! Rows of webhooks.

use autocoder_core::ids::{ProjectId, WebhookId};
use autocoder_core::ports::StoreError;
use autocoder_core::time::Timestamp;
use autocoder_core::webhook::Webhook;
use sea_orm::entity::prelude::*;

use super::value::{from_json, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub project_id: Option<i64>,
    pub url: String,
    pub secret: String,
    pub kinds: String,
    pub enabled: bool,
    pub disabled_reason: Option<String>,
    pub created_at: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Webhook> for Model {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id.0,
            project_id: webhook.project.map(|id| id.0),
            url: webhook.url,
            secret: webhook.secret,
            kinds: to_json(&webhook.kinds),
            enabled: webhook.enabled,
            disabled_reason: webhook.disabled_reason,
            created_at: webhook.created_at.0,
            version: webhook.version,
        }
    }
}

impl TryFrom<Model> for Webhook {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: WebhookId(row.id),
            project: row.project_id.map(ProjectId),
            url: row.url,
            secret: row.secret,
            kinds: from_json(&row.kinds)?,
            enabled: row.enabled,
            disabled_reason: row.disabled_reason,
            created_at: Timestamp(row.created_at),
            version: row.version,
        })
    }
}
