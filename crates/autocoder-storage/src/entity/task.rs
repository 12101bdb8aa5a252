//! Rows of tasks.

use autocoder_core::ids::{AgentId, Attempt, FeatureId, ProjectId, RunId, TaskId};
use autocoder_core::ports::StoreError;
use autocoder_core::task::{Lease, Task};
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::{from_json, narrow, to_json, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub project_id: i64,
    pub feature_id: i64,
    pub key: String,
    pub priority: i32,
    pub category: String,
    pub name: String,
    pub description: String,
    pub steps: String,
    pub status: String,
    pub complexity: i32,
    pub attempt: i64,
    pub failures: i64,
    pub not_before: Option<i64>,
    pub eligible_since: i64,
    pub lease_agent: Option<String>,
    pub lease_run: Option<i64>,
    pub lease_expires: Option<i64>,
    pub skip_count: i64,
    pub blocked_reason: Option<String>,
    pub question: Option<String>,
    pub answer: Option<String>,
    pub created_at: i64,
    pub completed_at: Option<i64>,
    pub verified_at: Option<i64>,
    pub open_prerequisites: i32,
    pub rank: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Task> for Model {
    fn from(task: Task) -> Self {
        let rank = task.rank();
        let (lease_agent, lease_run, lease_expires) = match task.lease {
            Some(lease) => (Some(lease.agent.0), lease.run.map(|run| run.0), Some(lease.expires.0)),
            None => (None, None, None),
        };
        Self {
            id: task.id.0,
            project_id: task.project.0,
            feature_id: task.feature.0,
            key: task.key,
            priority: task.priority,
            category: task.category,
            name: task.name,
            description: task.description,
            steps: to_json(&task.steps),
            status: task.status.to_string(),
            complexity: task.complexity.into(),
            attempt: task.attempt.0.into(),
            failures: task.failures.into(),
            not_before: task.not_before.map(|at| at.0),
            eligible_since: task.eligible_since.0,
            lease_agent,
            lease_run,
            lease_expires,
            skip_count: task.skip_count.into(),
            blocked_reason: task.blocked_reason,
            question: task.question.as_ref().map(to_json),
            answer: task.answer,
            created_at: task.created_at.0,
            completed_at: task.completed_at.map(|at| at.0),
            verified_at: task.verified_at.map(|at| at.0),
            open_prerequisites: task.open_prerequisites,
            rank,
            version: task.version,
        }
    }
}

impl TryFrom<Model> for Task {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let run = row.lease_run.map(RunId);
        let lease = row.lease_agent.zip(row.lease_expires);
        Ok(Self {
            id: TaskId(row.id),
            project: ProjectId(row.project_id),
            feature: FeatureId(row.feature_id),
            key: row.key,
            priority: row.priority,
            category: row.category,
            name: row.name,
            description: row.description,
            steps: from_json(&row.steps)?,
            status: word(&row.status)?,
            complexity: narrow(row.complexity)?,
            attempt: Attempt(narrow(row.attempt)?),
            failures: narrow(row.failures)?,
            not_before: row.not_before.map(Timestamp),
            eligible_since: Timestamp(row.eligible_since),
            lease: lease.map(|(agent, expires)| Lease { agent: AgentId(agent), run, expires: Timestamp(expires) }),
            skip_count: narrow(row.skip_count)?,
            blocked_reason: row.blocked_reason,
            question: row.question.as_deref().map(from_json).transpose()?,
            answer: row.answer,
            created_at: Timestamp(row.created_at),
            completed_at: row.completed_at.map(Timestamp),
            verified_at: row.verified_at.map(Timestamp),
            open_prerequisites: row.open_prerequisites,
            version: row.version,
        })
    }
}
