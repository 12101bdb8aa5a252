//! `autocoder agent logs`: the end of the log of an agent's newest run.

use std::path::{Path, PathBuf};

use autocoder_agent::logs;
use autocoder_core::run::Run;
use clap::Args;
use serde_json::json;

use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::Root;

/// Print the end of the log of an agent's newest run
#[derive(Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    agent: ByAgent,
    /// Go on until the run ends
    #[arg(short, long, conflicts_with = "json")]
    follow: bool,
    /// How many lines
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    lines: u64,
}

impl Logs {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.agent.in_project).await?;
        let agent = installation.agent(&project, &self.agent.agent).await?.id;
        let newest = installation.store.ledger().runs(project.id, Some(&agent), 1).await?.pop();
        let (run, path) = newest.and_then(|run| run.log_path.clone().map(|path| (run, path))).ok_or_else(|| {
            let message = format!("agent `{agent}` has no log yet");
            Failure::Missing { message, hint: format!("it writes one with: autocoder run --project {}", project.name) }
        })?;
        let path = PathBuf::from(path);
        let unreadable = |error| Failure::file("read the log", &path, error);
        let end = logs::last_lines(&path, self.lines).map_err(unreadable)?;
        let text = String::from_utf8_lossy(&end.bytes);
        if root.output.json {
            let lines: Vec<_> = text.lines().collect();
            return root.output.json(&json!({ "run_id": run.id, "path": path, "lines": lines }));
        }
        root.output.text(&text)?;
        if self.follow { follow(root, &installation, &run, &path, end.next_offset).await } else { Ok(()) }
    }
}

/// Prints what is added until the run has ended.
async fn follow(root: &Root, installation: &Installation, run: &Run, path: &Path, from: u64) -> Result<(), Failure> {
    let ledger = installation.store.ledger();
    // A store that does not answer now may at the next look.
    let ended =
        move || async move { ledger.run(run.id).await.is_ok_and(|run| run.is_none_or(|run| run.ended_at.is_some())) };
    let mut log = logs::follow(path.to_owned(), from, ended);
    let unreadable = |error| Failure::file("read the log", path, error);
    while let Some(part) = log.next().await.map_err(unreadable)? {
        root.output.text(&String::from_utf8_lossy(&part.bytes))?;
    }
    Ok(())
}
