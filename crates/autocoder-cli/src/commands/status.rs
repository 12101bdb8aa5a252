//! `autocoder status`: the tree with progress, agents, budget, and what needs the person.

mod facts;
mod text;

use std::time::Duration;

use clap::Args;

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::Root;
use facts::Facts;

/// How often `--watch` looks for changes.
const POLL: Duration = Duration::from_millis(500);
/// After so many looks it draws anew even when nothing happened: clocks and heartbeats go on.
const REDRAW_AFTER: u32 = 10;

/// Show how far the plan is, what agents do, and what needs you
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder status
  autocoder status --project todo-app --watch")]
pub(crate) struct Status {
    #[command(flatten)]
    in_project: InProject,
    /// Go on showing it until Ctrl-C
    #[arg(short, long)]
    watch: bool,
}

impl Status {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?.name;
        if self.watch {
            return watch(root, &installation, &project).await;
        }
        let facts = Facts::load(&installation, &project).await?;
        root.output.show(&facts, |facts| text::text(root, facts))
    }
}

/// Draws over the last picture on a terminal, prints every change elsewhere.
async fn watch(root: &Root, installation: &Installation, project: &str) -> Result<(), Failure> {
    let output = &root.output;
    loop {
        let facts = Facts::load(installation, project).await?;
        if output.is_terminal() && !output.json {
            output.redraw(&text::text(root, &facts))?;
        } else {
            output.show(&facts, |facts| text::text(root, facts))?;
        }
        let mut looks = 0;
        while installation.store.feed().newest().await? == facts.last_event_id {
            looks += 1;
            if output.is_terminal() && looks > REDRAW_AFTER {
                break;
            }
            tokio::time::sleep(POLL).await;
        }
    }
}
