//! `autocoder token`: what programs and people show to the hosted API.

mod create;
mod list;
mod revoke;

use clap::Subcommand;

use crate::exit::Failure;
use crate::root::Root;

/// Make, list and revoke tokens of the hosted API
#[derive(Subcommand)]
pub(crate) enum Token {
    List(list::List),
    Create(create::Create),
    Revoke(revoke::Revoke),
}

impl Token {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Create(verb) => verb.run(root).await,
            Self::Revoke(verb) => verb.run(root).await,
        }
    }
}
