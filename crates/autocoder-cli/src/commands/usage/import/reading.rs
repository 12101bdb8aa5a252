//! Reads log files in a few threads; what they say comes in order of each file.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use autocoder_core::ports::ImportState;
use autocoder_core::time::Timestamp;
use autocoder_usage::transcript::claude::{self, Entry, Said};
use autocoder_usage::transcript::{LineRead, Lines};
use tokio::sync::mpsc;

/// Threads that read.
const READERS: usize = 2;
/// Entries that travel together.
const AT_ONCE: usize = 500;
/// Parts that wait; the readers wait then.
const WAITING: usize = 16;
/// Bytes at the beginning that tell whether a file is still the same.
const HEAD: u64 = 256;
const BUFFER: usize = 256 * 1024;

/// Something that a reader found.
pub(super) enum Part {
    /// Usage of messages.
    Entries(Vec<Entry>),
    /// A file was read to its last complete line.
    Done(ImportState, Counts),
    /// A file has not changed.
    Unchanged,
    /// A file could not be read.
    Unreadable(String),
}

/// What was counted in a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) bytes: u64,
    pub(super) lines: u64,
    pub(super) broken: u64,
    pub(super) undated: u64,
}

/// Every `*.jsonl` file below a folder, by path. Links are not followed.
pub(super) fn files_below(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut folders, mut files) = (vec![dir.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if folder == dir => return Err(error),
            // A folder that went away, or is somebody else's, hides only its own files.
            Err(_) => continue,
            Ok(entries) => entries,
        };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() && entry.path().extension().is_some_and(|name| name == "jsonl") => {
                    files.push(entry.path());
                }
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Readers at work.
pub(super) struct Reading(mpsc::Receiver<Part>);

impl Reading {
    pub(super) fn start(kind: &'static str, files: Vec<PathBuf>, states: Vec<ImportState>, now: Timestamp) -> Self {
        let states: HashMap<String, ImportState> =
            states.into_iter().map(|state| (state.path.clone(), state)).collect();
        let (states, files) = (Arc::new(states), Arc::new(Mutex::new(files.into_iter())));
        let (sender, receiver) = mpsc::channel(WAITING);
        for _ in 0..READERS {
            let (states, files, sender) = (Arc::clone(&states), Arc::clone(&files), sender.clone());
            std::thread::spawn(move || {
                loop {
                    let next = files.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(path) = next else { return };
                    let state = states.get(&*path.to_string_lossy());
                    let part = match read_file(kind, &path, state, now, &sender) {
                        Ok(part) => part,
                        Err(error) => Part::Unreadable(format!("{}: {error}", path.display())),
                    };
                    if sender.blocking_send(part).is_err() {
                        return;
                    }
                }
            });
        }
        Self(receiver)
    }

    pub(super) async fn next(&mut self) -> Option<Part> {
        self.0.recv().await
    }
}

fn read_file(
    kind: &str,
    path: &Path,
    known: Option<&ImportState>,
    now: Timestamp,
    sender: &mpsc::Sender<Part>,
) -> io::Result<Part> {
    let (size, modified_at) = stamp(&std::fs::metadata(path)?);
    if known.is_some_and(|known| (known.size, known.modified_at) == (size, modified_at)) {
        return Ok(Part::Unchanged);
    }
    let mut file = File::open(path)?;
    let from = match known {
        Some(known) if size >= known.read_to && head(&mut file, known.head.len() as u64 / 2)? == known.head => {
            known.read_to
        }
        _ => 0,
    };
    file.seek(SeekFrom::Start(from))?;
    let mut lines = Lines::new(BufReader::with_capacity(BUFFER, file), from);
    let (mut counts, mut entries) = (Counts::default(), Vec::new());
    // A message of the next hours comes from a clock that runs fast.
    let newest = now.plus_seconds(86_400);
    while let Some(line) = lines.read()? {
        counts.lines += 1;
        match line {
            LineRead::TooLong => counts.broken += 1,
            LineRead::Line(line) => match claude::read(line, newest) {
                Said::Nothing => {}
                Said::Broken => counts.broken += 1,
                Said::Usage(entry) => {
                    counts.undated += u64::from(entry.at.is_none());
                    entries.push(Entry { at: entry.at.or(Some(modified_at)), ..entry });
                }
            },
        }
        if entries.len() == AT_ONCE && sender.blocking_send(Part::Entries(std::mem::take(&mut entries))).is_err() {
            break;
        }
    }
    // The receiver is gone only when the command ends.
    let _ = sender.blocking_send(Part::Entries(entries));
    let read_to = lines.position();
    counts.bytes = read_to - from;
    let head = head(&mut File::open(path)?, read_to.min(HEAD))?;
    let (path, kind) = (path.to_string_lossy().into_owned(), kind.to_owned());
    Ok(Part::Done(ImportState { path, kind, size, modified_at, read_to, head, at: now }, counts))
}

/// The size and the time of the last change.
fn stamp(metadata: &std::fs::Metadata) -> (u64, Timestamp) {
    let since = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    (metadata.len(), Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
}

/// The first bytes of a file as hexadecimal digits.
fn head(file: &mut File, bytes: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.take(bytes).read_to_end(&mut head)?;
    Ok(head.iter().map(|byte| format!("{byte:02x}")).collect())
}
