//! `autocoder usage import`: counts what agents' own logs hold, also of work outside of Autocoder.

mod booking;
mod reading;

use std::path::{Path, PathBuf};
use std::time::Instant;

use autocoder_usage::price::read_prices;
use autocoder_usage::render::{grouped, usd};
use clap::{Args, ValueEnum};
use serde::Serialize;

use self::booking::Booking;
use self::reading::{Part, Reading, files_below};
use crate::exit::Failure;
use crate::output::details;
use crate::root::Root;

/// Whose logs are read.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    /// Claude Code's transcripts.
    ClaudeCode,
}

impl Kind {
    /// The source of its records.
    const fn source(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
        }
    }
}

/// Count what agents' own logs hold, also of work outside of Autocoder
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder usage import claude-code
  autocoder usage import claude-code ~/backup/.claude/projects

Reads what is new since the last time; every message counts once, whatever is read again.
Sessions that Autocoder ran itself are counted already and are passed over.")]
pub(crate) struct Import {
    /// Whose logs
    kind: Kind,
    /// The folder of the logs; left out: where the agent keeps them
    dir: Option<PathBuf>,
}

/// What an import found.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Imported {
    /// The folder that was read.
    directory: String,
    /// Files in it.
    files: u64,
    /// Files that had not changed.
    unchanged: u64,
    /// Files that could not be read, with the reason.
    unreadable: Vec<String>,
    /// Bytes that were read.
    bytes: u64,
    /// Lines that were read.
    lines: u64,
    /// Lines that are not JSON of the expected shape, or too long.
    broken: u64,
    /// Messages with a count that nobody believes; it counts as 0.
    odd: u64,
    /// Messages without a believable time; they got that of their file.
    undated: u64,
    /// Messages that are new.
    new: u64,
    /// Messages that were known with smaller counts.
    grown: u64,
    /// Sessions that Autocoder ran itself.
    own_sessions: u64,
    /// Input and output that were added.
    tokens: u64,
    /// The cost in nano-USD of new messages whose model has a price.
    cost_nusd: u64,
    /// How long it took.
    seconds: f64,
}

impl Import {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let begun = Instant::now();
        let dir = match &self.dir {
            Some(dir) => dir.clone(),
            None => usual_folder(root)?,
        };
        let files = files_below(&dir).map_err(|error| Failure::file("read", &dir, error))?;
        let installation = root.open().await?;
        let ledger = installation.store.ledger();
        let (now, states) = (ledger.now().await?, ledger.imports(self.kind.source()).await?);
        let prices = read_prices(&*installation.store).await?;
        let projects = installation.queries().projects().await?;
        let mut booking = Booking::new(ledger, self.kind.source(), prices, projects);
        booking.report.directory = dir.display().to_string();
        booking.report.files = files.len() as u64;
        let mut reading = Reading::start(self.kind.source(), files, states, now);
        let (progress, total) = (root.output.progress(), booking.report.files);
        let mut done = 0;
        while let Some(part) = reading.next().await {
            if !matches!(part, Part::Entries(_)) {
                done += 1;
                if done % 100 == 1 || done == total {
                    progress.step(done, total, "reading logs");
                }
            }
            booking.take(part).await?;
        }
        let mut report = booking.finish().await?;
        drop(progress);
        report.seconds = begun.elapsed().as_secs_f64();
        root.output.show(&report, card)
    }
}

/// Where Claude Code keeps its transcripts.
fn usual_folder(root: &Root) -> Result<PathBuf, Failure> {
    let set = |name: &str| root.config.environment.get(name).filter(|value| !value.is_empty());
    let below = set("CLAUDE_CONFIG_DIR").map(PathBuf::from);
    let folder = below.or_else(|| set("HOME").map(|home| Path::new(home).join(".claude")));
    let missing = || Failure::wrong("HOME is not set", "name the folder: autocoder usage import claude-code DIR");
    Ok(folder.ok_or_else(missing)?.join("projects"))
}

fn card(report: &Imported) -> String {
    let some = |count: u64, what: &str| if count == 0 { String::new() } else { format!("{} {what}", grouped(count)) };
    let unreadable = report.unreadable.len() as u64;
    details(&[
        ("read", format!("{} files of {}", grouped(report.files - report.unchanged), report.directory)),
        ("unchanged", some(report.unchanged, "files")),
        ("unreadable", [some(unreadable, "files"), report.unreadable.join("\n")].join("\n").trim().to_owned()),
        ("messages", format!("{} new, {} grown", grouped(report.new), grouped(report.grown))),
        ("tokens", format!("{} (input and output)", grouped(report.tokens))),
        ("cost", format!("{} USD by list prices", usd(report.cost_nusd))),
        ("own sessions", some(report.own_sessions, "passed over, they are counted already")),
        ("broken", some(report.broken, "lines passed over")),
        ("odd", some(report.odd, "messages with a count that is none, taken as 0")),
        ("undated", some(report.undated, "messages got the time of their file")),
        ("took", format!("{:.1} s, {} MB", report.seconds, report.bytes / 1_000_000)),
    ])
}
