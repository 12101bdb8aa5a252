//! A token: what a program or person shows to the hosted API instead of a password.

use crate::ids::{AgentId, Attempt, ProjectId, RunId, TaskId, TokenId};
use crate::limits::{Checks, InvalidField};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// What the bearer of a token may do.
    Access, "access" {
        /// Work on its own task and plan its own feature, by the tools only.
        Agent = "agent",
        /// See everything.
        Viewer = "viewer",
        /// Change plans, decide at gates, start and stop agents.
        Editor = "editor",
        /// Everything: tokens, webhooks, budgets and what programs run too.
        Admin = "admin",
    }
}

impl Access {
    /// Whether it includes what `needed` allows. An agent's token is apart: it includes only itself.
    #[must_use]
    pub fn allows(self, needed: Self) -> bool {
        match (self, needed) {
            (Self::Agent, needed) | (needed, Self::Agent) => self == needed,
            (held, needed) => held >= needed,
        }
    }
}

/// A token; only the hash of its secret is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What a person calls it.
    pub name: String,
    /// What its bearer may do.
    pub access: Access,
    /// SHA-256 of the secret, in hex.
    pub hash: String,
    /// The only project it reaches; none: all. An agent's token always has one.
    pub project: Option<ProjectId>,
    /// Whose claims it may work with, for an agent's token.
    pub agent: Option<AgentTicket>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// What binds a token to one agent, and to one run of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentTicket {
    /// The agent.
    pub agent: AgentId,
    /// Its run.
    pub run: Option<RunId>,
    /// The claim it was made for.
    pub claim: Option<(TaskId, Attempt)>,
}

/// What a new token is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What a person calls it.
    pub name: String,
    /// What its bearer may do.
    pub access: Access,
    /// SHA-256 of the secret, in hex.
    pub hash: String,
    /// The only project it reaches.
    pub project: Option<ProjectId>,
    /// Whose claims it may work with.
    pub agent: Option<AgentTicket>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

impl NewToken {
    /// Every field that breaks a rule.
    ///
    /// # Errors
    /// The fields and their rules.
    pub fn check(&self) -> Result<(), Vec<InvalidField>> {
        let mut checks = Checks::default();
        checks.name("name", &self.name);
        match (self.access, &self.agent, self.project) {
            (Access::Agent, None, _) => checks.refuse("agent_id", "must name the agent of an agent's token"),
            (Access::Agent, Some(_), None) => checks.refuse("project", "must name the project of an agent's token"),
            (_, Some(_), _) if self.access != Access::Agent => {
                checks.refuse("agent_id", "goes only with the access `agent`");
            }
            _ => {}
        }
        if let Some(ticket) = &self.agent {
            checks.agent_name("agent_id", &ticket.agent.0);
        }
        checks.finish()
    }
}

impl Token {
    /// Whether it still counts.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|at| at > now)
    }
}
