//! Who may come in: the token of a request becomes a [`Caller`], and every operation states what it needs.

mod identify;
mod permit;

pub(crate) use identify::identify;
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
    /// Tells the keys of one caller from those of another.
    pub(crate) fn principal(&self) -> String {
        self.token.as_ref().map_or_else(|| self.actor.to_string(), |token| format!("token:{}", token.id))
    }

    /// Whether it sees this project.
    pub(crate) fn sees(&self, project: ProjectId) -> bool {
        self.project.is_none_or(|own| own == project)
    }
}

/// Decides who comes in.
pub struct Gatekeeper {
    /// The token of the person at this machine; none: everybody on loopback is that person (`--no-auth`).
    pub local_token: Option<String>,
    /// The name of that person.
    pub local_name: String,
}
