//! `autocoder phase`: the milestones of a project and the gates at their ends.

mod add;
mod approve;
mod delete;
mod edit;
mod list;
mod reject;
mod reopen;
mod show;
mod start;
mod submit;

use clap::Subcommand;

use crate::exit::Failure;
use crate::root::Root;

/// Work with phases; approve or reject one at its gate
#[derive(Subcommand)]
pub(crate) enum Phase {
    List(list::List),
    Add(add::Add),
    Show(show::Show),
    Start(start::Start),
    Submit(submit::Submit),
    Approve(approve::Approve),
    Reject(reject::Reject),
    Reopen(reopen::Reopen),
    Edit(edit::Edit),
    Delete(delete::Delete),
}

impl Phase {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Add(verb) => verb.run(root).await,
            Self::Show(verb) => verb.run(root).await,
            Self::Start(verb) => verb.run(root).await,
            Self::Submit(verb) => verb.run(root).await,
            Self::Approve(verb) => verb.run(root).await,
            Self::Reject(verb) => verb.run(root).await,
            Self::Reopen(verb) => verb.run(root).await,
            Self::Edit(verb) => verb.run(root).await,
            Self::Delete(verb) => verb.run(root).await,
        }
    }
}
