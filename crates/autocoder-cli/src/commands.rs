//! The commands, one file a verb.

#[cfg(feature = "acp")]
mod acp;
mod agent;
mod backup;
mod completions;
mod doctor;
mod feature;
mod health;
mod import_legacy;
mod inbox;
mod init;
mod man;
mod mcp;
mod migrate;
mod open;
mod openapi;
mod phase;
mod plan;
mod project;
mod prompt;
mod rehearse;
mod restore;
mod run;
mod schedule;
mod seed;
mod serve;
mod simulate;
mod status;
mod task;
mod token;
mod usage;
mod webhook;
mod why;
mod worktree;

use clap::Subcommand;

use crate::exit::Failure;
use crate::root::Root;

/// What `autocoder` can do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Init(init::Init),
    #[command(subcommand)]
    Plan(plan::Plan),
    #[command(about = "Let agents work until the plan is finished or needs you")]
    Run(run::Run),
    Status(status::Status),
    Inbox(inbox::Inbox),
    #[command(subcommand)]
    Phase(phase::Phase),
    Why(why::Why),
    #[command(subcommand)]
    Project(project::Project),
    #[command(subcommand)]
    Prompt(prompt::Prompt),
    #[command(subcommand)]
    Feature(feature::Feature),
    #[command(subcommand)]
    Task(task::Task),
    #[command(subcommand)]
    Agent(agent::Agent),
    #[command(subcommand)]
    Worktree(worktree::Worktree),
    Usage(usage::Usage),
    Simulate(simulate::Simulate),
    #[command(subcommand)]
    Schedule(schedule::Schedule),
    Mcp(mcp::Mcp),
    Serve(serve::Serve),
    Open(open::Open),
    Openapi(openapi::OpenApi),
    #[command(hide = true)]
    Rehearse(rehearse::Rehearse),
    #[cfg(feature = "acp")]
    #[command(hide = true)]
    Acp(acp::Acp),
    #[command(hide = true)]
    Seed(seed::Seed),
    #[command(subcommand)]
    Token(token::Token),
    #[command(subcommand)]
    Webhook(webhook::Webhook),
    ImportLegacy(import_legacy::ImportLegacy),
    Health(health::Health),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Doctor(doctor::Doctor),
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::Init(verb) => verb.run(root).await,
            Self::Plan(noun) => noun.run(root).await,
            Self::Run(verb) => verb.run(root).await,
            Self::Status(verb) => verb.run(root).await,
            Self::Inbox(verb) => verb.run(root).await,
            Self::Phase(noun) => noun.run(root).await,
            Self::Why(verb) => verb.run(root).await,
            Self::Project(noun) => noun.run(root).await,
            Self::Prompt(noun) => noun.run(root).await,
            Self::Feature(noun) => noun.run(root).await,
            Self::Task(noun) => noun.run(root).await,
            Self::Agent(noun) => noun.run(root).await,
            Self::Worktree(noun) => noun.run(root).await,
            Self::Usage(noun) => noun.run(root).await,
            Self::Simulate(verb) => verb.run(root).await,
            Self::Schedule(noun) => noun.run(root).await,
            Self::Mcp(verb) => verb.run(root).await,
            Self::Serve(verb) => verb.run(root).await,
            Self::Open(verb) => verb.run(root),
            Self::Openapi(verb) => verb.run(root),
            Self::Rehearse(verb) => verb.run().await,
            #[cfg(feature = "acp")]
            Self::Acp(verb) => verb.run().await,
            Self::Seed(verb) => verb.run(root).await,
            Self::Token(noun) => noun.run(root).await,
            Self::Webhook(noun) => noun.run(root).await,
            Self::ImportLegacy(verb) => verb.run(root).await,
            Self::Health(verb) => verb.run(root).await,
            Self::Backup(verb) => verb.run(root).await,
            Self::Restore(verb) => verb.run(root).await,
            Self::Doctor(verb) => verb.run(root).await,
            Self::Migrate(noun) => noun.run(root).await,
            Self::Completions(verb) => verb.run(root),
            Self::Man(verb) => verb.run(root),
        }
    }
}
