//! Rows of proposed tasks.

use autocoder_core::ids::{FeatureId, ProposalId};
use autocoder_core::ports::StoreError;
use autocoder_core::spec::Proposal;
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::{from_json, to_json, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "proposals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub feature_id: i64,
    pub at: i64,
    pub author: String,
    pub status: String,
    pub task: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Proposal> for Model {
    fn from(proposal: Proposal) -> Self {
        Self {
            id: proposal.id.0,
            feature_id: proposal.feature.0,
            at: proposal.at.0,
            author: proposal.author,
            status: proposal.status.to_string(),
            task: to_json(&proposal.task),
        }
    }
}

impl TryFrom<Model> for Proposal {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProposalId(row.id),
            feature: FeatureId(row.feature_id),
            at: Timestamp(row.at),
            author: row.author,
            status: word(&row.status)?,
            task: from_json(&row.task)?,
        })
    }
}
