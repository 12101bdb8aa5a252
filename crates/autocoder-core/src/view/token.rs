//! A token as its owner sees it: never its secret, nor the hash.

use serde::Serialize;

use crate::ids::{AgentId, ProjectId, RunId, TokenId};
use crate::time::Timestamp;
use crate::token::{Access, Token};

/// A token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenView {
    /// Its id.
    pub id: TokenId,
    /// What a person calls it.
    pub name: String,
    /// What its bearer may do.
    pub access: Access,
    /// The only project it reaches; null: all.
    pub project_id: Option<ProjectId>,
    /// The agent whose claims it may work with.
    pub agent_id: Option<AgentId>,
    /// The run it was made for.
    pub run_id: Option<RunId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// A token that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTokenView {
    /// What is kept of it.
    #[serde(flatten)]
    pub token: TokenView,
    /// What its bearer shows. It is printed this once.
    pub secret: String,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        let (agent_id, run_id) = token.agent.map_or((None, None), |ticket| (Some(ticket.agent), ticket.run));
        Self {
            id: token.id,
            name: token.name,
            access: token.access,
            project_id: token.project,
            agent_id,
            run_id,
            created_at: token.created_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}
