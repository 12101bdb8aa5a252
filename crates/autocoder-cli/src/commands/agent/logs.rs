//! `autocoder agent logs`: the end of the log of an agent's newest run.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use autocoder_core::ids::ProjectId;
use autocoder_core::run::Run;
use clap::Args;
use serde_json::json;

use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::Root;

/// How often a followed log is looked at.
const POLL: Duration = Duration::from_millis(200);
/// Bytes read at a time, from the end.
const CHUNK: u64 = 64 * 1024;

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
        let mut file = File::open(&path).map_err(unreadable)?;
        let text = last_lines(&mut file, self.lines).map_err(unreadable)?;
        if root.output.json {
            let lines: Vec<_> = text.lines().collect();
            return root.output.json(&json!({ "run_id": run.id, "path": path, "lines": lines }));
        }
        root.output.text(&text)?;
        if self.follow { follow(root, &installation, project.id, &run, &mut file, &path).await } else { Ok(()) }
    }
}

/// Prints what is added until the run has ended.
async fn follow(
    root: &Root,
    installation: &Installation,
    project: ProjectId,
    run: &Run,
    file: &mut File,
    path: &Path,
) -> Result<(), Failure> {
    loop {
        let newest = installation.store.ledger().runs(project, Some(&run.agent), 1).await?;
        let ended = newest.first().is_none_or(|newest| newest.id != run.id || newest.ended_at.is_some());
        let mut added = Vec::new();
        file.read_to_end(&mut added).map_err(|error| Failure::file("read the log", path, error))?;
        root.output.text(&String::from_utf8_lossy(&added))?;
        if ended {
            return Ok(());
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The last `count` lines; the file then stands at its end.
fn last_lines(file: &mut File, count: u64) -> io::Result<String> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut start = end;
    let mut tail = Vec::new();
    while start > 0 && line_feeds(&tail) <= count {
        let length = CHUNK.min(start);
        start -= length;
        file.seek(SeekFrom::Start(start))?;
        let mut chunk = Vec::new();
        file.by_ref().take(length).read_to_end(&mut chunk)?;
        chunk.extend_from_slice(&tail);
        tail = chunk;
    }
    file.seek(SeekFrom::Start(end))?;
    let text = String::from_utf8_lossy(&tail).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let skipped = lines.len().saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
    Ok(lines.into_iter().skip(skipped).map(|line| format!("{line}\n")).collect())
}

fn line_feeds(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_found_in_files_of_every_size() {
        let dir = tempfile::tempdir().unwrap();
        for (written, wanted, first, found) in
            [(0, 5, "", 0), (3, 5, "line 0", 3), (9, 5, "line 4", 5), (50_000, 7, "line 49993", 7)]
        {
            let path = dir.path().join(written.to_string());
            std::fs::write(&path, (0..written).map(|line| format!("line {line}\n")).collect::<String>()).unwrap();
            let text = last_lines(&mut File::open(path).unwrap(), wanted).unwrap();
            assert_eq!((text.lines().next().unwrap_or_default(), text.lines().count()), (first, found));
        }
    }
}
