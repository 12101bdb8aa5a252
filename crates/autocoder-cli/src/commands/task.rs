//! `autocoder task`: the smallest work items.

mod add;
mod answer;
mod delete;
mod depends;
mod edit;
mod list;
mod next;
mod reopen;
mod show;
mod skip;

use clap::Subcommand;

use crate::exit::Failure;
use crate::root::Root;

/// Work with tasks
#[derive(Subcommand)]
pub(crate) enum Task {
    List(list::List),
    Add(add::Add),
    Show(show::Show),
    Next(next::Next),
    Skip(skip::Skip),
    Reopen(reopen::Reopen),
    Answer(answer::Answer),
    Depends(depends::Depends),
    Edit(edit::Edit),
    Delete(delete::Delete),
}

impl Task {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Add(verb) => verb.run(root).await,
            Self::Show(verb) => verb.run(root).await,
            Self::Next(verb) => verb.run(root).await,
            Self::Skip(verb) => verb.run(root).await,
            Self::Reopen(verb) => verb.run(root).await,
            Self::Answer(verb) => verb.run(root).await,
            Self::Depends(verb) => verb.run(root).await,
            Self::Edit(verb) => verb.run(root).await,
            Self::Delete(verb) => verb.run(root).await,
        }
    }
}
