//! Rows of runs.

use autocoder_core::ids::{AgentId, Attempt, FeatureId, ProjectId, RunId, TaskId};
use autocoder_core::ports::{RunEnd, StoreError};
use autocoder_core::run::{Run, Tokens};
use autocoder_core::time::Timestamp;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, NotSet};

use super::value::{count, narrow, serde_text, serde_word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "runs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub agent_id: String,
    pub task_id: Option<i64>,
    pub feature_id: Option<i64>,
    pub kind: String,
    pub attempt: i64,
    pub rehearsal: bool,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub outcome: Option<String>,
    pub detail: Option<String>,
    pub input: i64,
    pub output: i64,
    pub cache_read: i64,
    pub cache_write_5m: i64,
    pub cache_write_1h: i64,
    pub cost_reported_nusd: Option<i64>,
    pub log_path: Option<String>,
    pub branch: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A run that has no number yet.
pub(crate) fn unnumbered(run: Run) -> ActiveModel {
    ActiveModel { id: NotSet, ..Model::from(run).into_active_model() }
}

/// What the end of a run writes.
pub(crate) fn ended(end: RunEnd) -> ActiveModel {
    ActiveModel {
        ended_at: Set(Some(end.at.0)),
        outcome: Set(Some(serde_text(&end.outcome))),
        detail: Set(end.detail),
        input: Set(count(end.tokens.input)),
        output: Set(count(end.tokens.output)),
        cache_read: Set(count(end.tokens.cache_read)),
        cache_write_5m: Set(count(end.tokens.cache_write_5m)),
        cache_write_1h: Set(count(end.tokens.cache_write_1h)),
        cost_reported_nusd: Set(end.cost_reported_nusd.map(count)),
        ..Default::default()
    }
}

impl From<Run> for Model {
    fn from(run: Run) -> Self {
        Self {
            id: run.id.0,
            project_id: run.project.0,
            agent_id: run.agent.0,
            task_id: run.task.map(|id| id.0),
            feature_id: run.feature.map(|id| id.0),
            kind: serde_text(&run.kind),
            attempt: run.attempt.0.into(),
            rehearsal: run.rehearsal,
            started_at: run.started_at.0,
            ended_at: run.ended_at.map(|at| at.0),
            outcome: run.outcome.as_ref().map(serde_text),
            detail: run.detail,
            input: count(run.tokens.input),
            output: count(run.tokens.output),
            cache_read: count(run.tokens.cache_read),
            cache_write_5m: count(run.tokens.cache_write_5m),
            cache_write_1h: count(run.tokens.cache_write_1h),
            cost_reported_nusd: run.cost_reported_nusd.map(count),
            log_path: run.log_path,
            branch: run.branch,
        }
    }
}

impl TryFrom<Model> for Run {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: RunId(row.id),
            project: ProjectId(row.project_id),
            agent: AgentId(row.agent_id),
            task: row.task_id.map(TaskId),
            feature: row.feature_id.map(FeatureId),
            kind: serde_word(&row.kind)?,
            attempt: Attempt(narrow(row.attempt)?),
            rehearsal: row.rehearsal,
            started_at: Timestamp(row.started_at),
            ended_at: row.ended_at.map(Timestamp),
            outcome: row.outcome.as_deref().map(serde_word).transpose()?,
            detail: row.detail,
            tokens: Tokens {
                input: narrow(row.input)?,
                output: narrow(row.output)?,
                cache_read: narrow(row.cache_read)?,
                cache_write_5m: narrow(row.cache_write_5m)?,
                cache_write_1h: narrow(row.cache_write_1h)?,
            },
            cost_reported_nusd: row.cost_reported_nusd.map(narrow).transpose()?,
            log_path: row.log_path,
            branch: row.branch,
        })
    }
}
