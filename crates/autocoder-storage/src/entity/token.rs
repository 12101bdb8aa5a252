//! Rows of tokens.

use autocoder_core::ids::{AgentId, Attempt, ProjectId, RunId, TaskId, TokenId};
use autocoder_core::ports::StoreError;
use autocoder_core::time::Timestamp;
use autocoder_core::token::{AgentTicket, Token};
use sea_orm::entity::prelude::*;

use super::value::{narrow, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub name: String,
    pub access: String,
    pub hash: String,
    pub project_id: Option<i64>,
    pub agent_id: Option<String>,
    pub run_id: Option<i64>,
    pub task_id: Option<i64>,
    pub attempt: Option<i64>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Token> for Model {
    fn from(token: Token) -> Self {
        let ticket = token.agent;
        let claim = ticket.as_ref().and_then(|ticket| ticket.claim);
        Self {
            id: token.id.0,
            name: token.name,
            access: token.access.to_string(),
            hash: token.hash,
            project_id: token.project.map(|id| id.0),
            run_id: ticket.as_ref().and_then(|ticket| ticket.run).map(|id| id.0),
            agent_id: ticket.map(|ticket| ticket.agent.0),
            task_id: claim.map(|(task, _)| task.0),
            attempt: claim.map(|(_, attempt)| attempt.0.into()),
            created_at: token.created_at.0,
            expires_at: token.expires_at.map(|at| at.0),
            revoked_at: token.revoked_at.map(|at| at.0),
        }
    }
}

impl TryFrom<Model> for Token {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let attempt = row.attempt.map(narrow).transpose()?.map(Attempt);
        let (run, claim) = (row.run_id.map(RunId), row.task_id.map(TaskId).zip(attempt));
        Ok(Self {
            id: TokenId(row.id),
            name: row.name,
            access: word(&row.access)?,
            hash: row.hash,
            project: row.project_id.map(ProjectId),
            agent: row.agent_id.map(|agent| AgentTicket { agent: AgentId(agent), run, claim }),
            created_at: Timestamp(row.created_at),
            expires_at: row.expires_at.map(Timestamp),
            revoked_at: row.revoked_at.map(Timestamp),
        })
    }
}
