//! The session that an agent's token stands for.

use std::sync::Arc;

use async_trait::async_trait;
use autocoder_core::agent::RunnerKind;
use autocoder_core::error::Refused;
use autocoder_core::ids::TokenId;
use autocoder_core::ports::{Store, Verifier};
use autocoder_core::token::Token;
use autocoder_mcp::{Session, Sessions};
use autocoder_usage::meter::LedgerMeter;

/// Who checks the work of agents of a kind; the root knows work trees and environments.
pub type VerifierOf = Arc<dyn Fn(RunnerKind) -> Arc<dyn Verifier> + Send + Sync>;

/// The sessions of the tokens in the store.
pub struct AgentSessions {
    /// Where plans and tokens are kept.
    pub store: Arc<dyn Store>,
    /// Who checks finished tasks.
    pub verifier: VerifierOf,
}

#[async_trait]
impl Sessions for AgentSessions {
    async fn session(&self, token: &Token) -> Result<Session, Refused> {
        let missing = || Refused::missing("token", token.id);
        let (ticket, id) = token.agent.clone().zip(token.project).ok_or_else(missing)?;
        let queries = self.store.queries();
        let project = queries.projects().await?.into_iter().find(|project| project.id == id);
        let project = project.ok_or_else(|| Refused::missing("project", id))?;
        let known = queries.agents(id).await?.into_iter().find(|agent| agent.id == ticket.agent);
        let runner = known.as_ref().map_or(RunnerKind::External, |agent| agent.runner);
        let agent = ticket.agent.to_string();
        Ok(Session {
            store: Arc::clone(&self.store),
            usage: Arc::new(LedgerMeter::new(Arc::clone(&self.store), runner)),
            verifier: (self.verifier)(runner),
            project: id,
            project_name: project.name,
            agent: ticket.agent,
            role: known.map(|agent| agent.role),
            run: ticket.run,
            fence: ticket.claim,
            log: Arc::new(move |line| tracing::warn!(agent, "{line}")),
        })
    }

    async fn is_live(&self, token: TokenId) -> Result<bool, Refused> {
        let now = self.store.ledger().now().await?;
        Ok(self.store.queries().token(token).await?.is_some_and(|token| token.is_live(now)))
    }
}
