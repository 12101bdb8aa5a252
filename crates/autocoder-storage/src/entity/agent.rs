//! Rows of agents.

use autocoder_core::agent::Agent;
use autocoder_core::ids::{AgentId, ProjectId, TaskId};
use autocoder_core::ports::StoreError;
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::{from_json, to_json, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub project_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub role: String,
    pub runner: String,
    pub model: Option<String>,
    pub wanted: String,
    pub status: String,
    pub detail: String,
    pub host: String,
    pub task_id: Option<i64>,
    pub heartbeat_at: Option<i64>,
    pub options: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Agent> for Model {
    fn from(agent: Agent) -> Self {
        Self {
            project_id: agent.project.0,
            id: agent.id.0,
            role: agent.role.to_string(),
            runner: agent.runner.to_string(),
            model: agent.model,
            wanted: agent.wanted.to_string(),
            status: agent.status.to_string(),
            detail: agent.detail,
            host: agent.host,
            task_id: agent.task.map(|task| task.0),
            heartbeat_at: agent.heartbeat_at.map(|at| at.0),
            options: to_json(&agent.options),
        }
    }
}

impl TryFrom<Model> for Agent {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            project: ProjectId(row.project_id),
            id: AgentId(row.id),
            role: word(&row.role)?,
            runner: word(&row.runner)?,
            model: row.model,
            wanted: word(&row.wanted)?,
            status: word(&row.status)?,
            detail: row.detail,
            host: row.host,
            task: row.task_id.map(TaskId),
            heartbeat_at: row.heartbeat_at.map(Timestamp),
            options: from_json(&row.options)?,
        })
    }
}
