//! Rows of messages about specs.

use autocoder_core::ids::{FeatureId, MessageId};
use autocoder_core::ports::StoreError;
use autocoder_core::spec::SpecMessage;
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "spec_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub feature_id: i64,
    pub at: i64,
    pub author: String,
    pub text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<SpecMessage> for Model {
    fn from(message: SpecMessage) -> Self {
        Self {
            id: message.id.0,
            feature_id: message.feature.0,
            at: message.at.0,
            author: message.author,
            text: message.text,
        }
    }
}

impl TryFrom<Model> for SpecMessage {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let (id, feature) = (MessageId(row.id), FeatureId(row.feature_id));
        Ok(Self { id, feature, at: Timestamp(row.at), author: row.author, text: row.text })
    }
}
