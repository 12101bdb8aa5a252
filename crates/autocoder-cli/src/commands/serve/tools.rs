//! How agents that the server starts reach their tools: `/mcp`, with a token for each run.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use autocoder_agent::crew::{Identity, Tools};
use autocoder_agent::runner::{BearerToken, McpEndpoint};
use autocoder_api::security::secret::Secret;
use autocoder_core::agent::RunnerKind;
use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::ports::{Store, StoreError};
use autocoder_core::token::{Access, AgentTicket, NewToken};
use autocoder_core::workflow::{self, Context};

use crate::root;

/// How much longer a token lives than its run may.
const MARGIN: Duration = Duration::from_secs(300);

/// Makes a token when a run begins; it counts until the run ends.
pub(super) struct RunTokens {
    pub(super) store: Arc<dyn Store>,
    /// Where agents on this machine find `/mcp`.
    pub(super) url: String,
    /// The longest time that a run may take.
    pub(super) wall: Duration,
}

#[async_trait]
impl Tools for RunTokens {
    async fn endpoint(&self, identity: &Identity) -> Result<McpEndpoint, Refused> {
        let secret = Secret::generate()
            .map_err(|error| StoreError::Failed { step: "making a token", detail: error.to_string() })?;
        let lives = i64::try_from((self.wall + MARGIN).as_secs()).unwrap_or(i64::MAX);
        let claim = identity.claim;
        let new = NewToken {
            name: format!("run {} of {}", identity.run, identity.agent),
            access: Access::Agent,
            hash: secret.hash(),
            project: Some(identity.project),
            agent: Some(AgentTicket { agent: identity.agent.clone(), run: Some(identity.run), claim }),
            expires_at: Some(self.store.ledger().now().await?.plus_seconds(lives)),
        };
        let usage = root::meter(Arc::clone(&self.store), RunnerKind::External);
        let cx = Context { store: &*self.store, usage: &*usage, actor: &Actor::System, request: None };
        let token = workflow::create_token(&cx, new).await?;
        let bearer = secret.issued(token.access, token.id).to_string();
        Ok(McpEndpoint::Http { url: format!("{}/mcp", self.url), token: BearerToken(bearer) })
    }
}
