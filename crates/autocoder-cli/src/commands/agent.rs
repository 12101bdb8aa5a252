//! `autocoder agent`: the named workers of a project.

mod add;
mod edit;
mod list;
mod logs;
mod settings;
mod show;
mod wanted;

use autocoder_core::agent::Wanted;
use clap::Subcommand;

use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::root::Root;

/// Work with agents and read their logs
#[derive(Subcommand)]
pub(crate) enum Agent {
    List(list::List),
    Add(add::Add),
    Show(show::Show),
    Edit(edit::Edit),
    /// Let an agent work; whoever drives the project follows
    Start(ByAgent),
    /// Stop an agent at once; it hands its task back
    Stop(ByAgent),
    /// Let an agent finish its task and take no other
    Pause(ByAgent),
    /// Let an agent go on after a pause
    Resume(ByAgent),
    Logs(logs::Logs),
}

impl Agent {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Add(verb) => verb.run(root).await,
            Self::Show(verb) => verb.run(root).await,
            Self::Edit(verb) => verb.run(root).await,
            Self::Start(agent) => wanted::tell(root, agent, Wanted::Running, "may work").await,
            Self::Stop(agent) => wanted::tell(root, agent, Wanted::Stopped, "stops and hands its task back").await,
            Self::Pause(agent) => wanted::tell(root, agent, Wanted::Paused, "takes no new task").await,
            Self::Resume(agent) => wanted::tell(root, agent, Wanted::Running, "goes on").await,
            Self::Logs(verb) => verb.run(root).await,
        }
    }
}
