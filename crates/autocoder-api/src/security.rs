//! Who may come in: the token of a request becomes a [`Caller`], and every operation states what it needs.

pub mod code;
mod front;
mod gatekeeper;
mod identify;
mod over;
mod permit;
mod rate;
pub mod secret;

pub use gatekeeper::{Gatekeeper, Rules};

pub(crate) use front::front;
pub(crate) use identify::{identify, source};
pub(crate) use over::over;
pub(crate) use permit::permit;

use autocoder_core::event::Actor;
use autocoder_core::ids::ProjectId;
use autocoder_core::token::{Access, Token};

/// Who asks.
#[derive(Clone, Debug)]
pub struct Caller {
    /// As whom the use cases see it.
    pub actor: Actor,
    /// What it may do.
    pub access: Access,
    /// The only project it sees; none: all.
    pub project: Option<ProjectId>,
    /// The token of the database it showed; none for the person at this machine.
    pub token: Option<Token>,
}

impl Caller {
    fn of(token: Token) -> Self {
        let actor = match &token.agent {
            Some(ticket) => Actor::Agent(ticket.agent.clone()),
            None => Actor::Person(token.name.clone()),
        };
        Self { actor, access: token.access, project: token.project, token: Some(token) }
    }

    /// Tells the keys of one caller from those of another.
    pub(crate) fn principal(&self) -> String {
        self.token.as_ref().map_or_else(|| self.actor.to_string(), |token| format!("token:{}", token.id))
    }

    /// Whether it sees this project.
    pub(crate) fn sees(&self, project: ProjectId) -> bool {
        self.project.is_none_or(|own| own == project)
    }
}
