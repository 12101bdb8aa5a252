//! `autocoder prompt`: what agents are asked to do.

mod show;

use clap::Subcommand;

use crate::exit::Failure;
use crate::root::Root;

/// See what agents are asked to do
#[derive(Subcommand)]
pub(crate) enum Prompt {
    Show(show::Show),
}

impl Prompt {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::Show(verb) => verb.run(root).await,
        }
    }
}
