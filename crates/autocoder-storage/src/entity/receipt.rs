//! Rows of receipts.

use autocoder_core::ports::StoreError;
use autocoder_core::request::{Receipt, Reply, RequestKey};
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::narrow;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub fingerprint: String,
    pub at: i64,
    pub subject: String,
    pub status: Option<i32>,
    pub body: Option<String>,
    pub etag: Option<String>,
    pub location: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Receipt> for Model {
    fn from(receipt: Receipt) -> Self {
        let RequestKey { principal, key, fingerprint } = receipt.key;
        let (status, body, etag, location) = match receipt.reply {
            Some(reply) => (Some(reply.status.into()), Some(reply.body), reply.etag, reply.location),
            None => (None, None, None, None),
        };
        Self { principal, key, fingerprint, at: receipt.at.0, subject: receipt.subject, status, body, etag, location }
    }
}

impl TryFrom<Model> for Receipt {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let (etag, location) = (row.etag, row.location);
        let reply =
            row.status.zip(row.body).map(|(status, body)| Ok(Reply { status: narrow(status)?, etag, location, body }));
        Ok(Self {
            key: RequestKey { principal: row.principal, key: row.key, fingerprint: row.fingerprint },
            at: Timestamp(row.at),
            subject: row.subject,
            reply: reply.transpose()?,
        })
    }
}
