//! `autocoder feature`: the larger work items of a phase.

mod add;
mod assign;
mod delete;
mod edit;
mod list;
mod show;
mod spec;

use clap::Subcommand;

use crate::exit::Failure;
use crate::root::Root;

/// Work with features, their specs and who they are assigned to
#[derive(Subcommand)]
pub(crate) enum Feature {
    List(list::List),
    Add(add::Add),
    Show(show::Show),
    Spec(spec::Spec),
    Assign(assign::Assign),
    Edit(edit::Edit),
    Delete(delete::Delete),
}

impl Feature {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Add(verb) => verb.run(root).await,
            Self::Show(verb) => verb.run(root).await,
            Self::Spec(verb) => verb.run(root).await,
            Self::Assign(verb) => verb.run(root).await,
            Self::Edit(verb) => verb.run(root).await,
            Self::Delete(verb) => verb.run(root).await,
        }
    }
}
