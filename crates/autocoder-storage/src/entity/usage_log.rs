//! Rows of usage: one model message each.

use autocoder_core::ids::{AgentId, FeatureId, PhaseId, ProjectId, RunId, TaskId};
use autocoder_core::ports::StoreError;
use autocoder_core::run::Tokens;
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageRecord;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;

use super::value::{count, narrow, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_logs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub source: String,
    pub message_id: String,
    pub project_id: i64,
    pub phase_id: Option<i64>,
    pub feature_id: Option<i64>,
    pub task_id: Option<i64>,
    pub agent_id: String,
    pub run_id: i64,
    pub at: i64,
    pub model: String,
    pub input: i64,
    pub output: i64,
    pub cache_read: i64,
    pub cache_write_5m: i64,
    pub cache_write_1h: i64,
    pub cost_nusd: Option<i64>,
    pub quality: String,
    pub rehearsal: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<UsageRecord> for ActiveModel {
    fn from(record: UsageRecord) -> Self {
        Self {
            id: NotSet,
            source: Set(record.source),
            message_id: Set(record.message_id),
            project_id: Set(record.project.0),
            phase_id: Set(record.phase.map(|id| id.0)),
            feature_id: Set(record.feature.map(|id| id.0)),
            task_id: Set(record.task.map(|id| id.0)),
            agent_id: Set(record.agent.0),
            run_id: Set(record.run.0),
            at: Set(record.at.0),
            model: Set(record.model),
            input: Set(count(record.tokens.input)),
            output: Set(count(record.tokens.output)),
            cache_read: Set(count(record.tokens.cache_read)),
            cache_write_5m: Set(count(record.tokens.cache_write_5m)),
            cache_write_1h: Set(count(record.tokens.cache_write_1h)),
            cost_nusd: Set(record.cost_nusd.map(count)),
            quality: Set(record.quality.to_string()),
            rehearsal: Set(record.rehearsal),
        }
    }
}

impl TryFrom<Model> for UsageRecord {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            source: row.source,
            message_id: row.message_id,
            project: ProjectId(row.project_id),
            phase: row.phase_id.map(PhaseId),
            feature: row.feature_id.map(FeatureId),
            task: row.task_id.map(TaskId),
            agent: AgentId(row.agent_id),
            run: RunId(row.run_id),
            at: Timestamp(row.at),
            model: row.model,
            tokens: Tokens {
                input: narrow(row.input)?,
                output: narrow(row.output)?,
                cache_read: narrow(row.cache_read)?,
                cache_write_5m: narrow(row.cache_write_5m)?,
                cache_write_1h: narrow(row.cache_write_1h)?,
            },
            cost_nusd: row.cost_nusd.map(narrow).transpose()?,
            quality: word(&row.quality)?,
            rehearsal: row.rehearsal,
        })
    }
}
