//! Reads the log of a run: a range of bytes, its last lines, or what is added until the run has ended.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;

/// How often a followed log is looked at.
const POLL: Duration = Duration::from_millis(200);
/// Bytes read at a time.
const CHUNK: u64 = 64 * 1024;

/// A part of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What stands there; a character may be cut at either end.
    pub bytes: Vec<u8>,
    /// Where the rest begins.
    pub next_offset: u64,
    /// How long the log is now.
    pub total: u64,
}

/// At most `limit` bytes from `offset` on; nothing behind the end.
///
/// # Errors
/// What the file system says.
pub fn read_range(path: &Path, offset: u64, limit: u64) -> io::Result<Part> {
    let mut file = File::open(path)?;
    let total = file.metadata()?.len();
    let offset = offset.min(total);
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes)?;
    let next_offset = offset + bytes.len() as u64;
    Ok(Part { bytes, next_offset, total: total.max(next_offset) })
}

/// The last `count` lines as text; `next_offset` is where to go on from.
///
/// # Errors
/// What the file system says.
pub fn last_lines(path: &Path, count: u64) -> io::Result<Part> {
    let mut file = File::open(path)?;
    let total = file.seek(SeekFrom::End(0))?;
    let mut start = total;
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
    let open_line = u64::from(tail.last().is_some_and(|last| *last != b'\n'));
    let mut surplus = (line_feeds(&tail) + open_line).saturating_sub(count);
    let first = tail.iter().position(|byte| {
        surplus = surplus.saturating_sub(u64::from(*byte == b'\n'));
        surplus == 0
    });
    let lines = line_feeds(&tail) + open_line;
    let skipped = if lines <= count { 0 } else { first.map_or(tail.len(), |at| at + 1) };
    tail.drain(..skipped);
    Ok(Part { bytes: tail, next_offset: total, total })
}

fn line_feeds(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// What stands behind `from`, and what is added to it, until `ended` says that the run has ended and everything was
/// read. A log that is rotated meanwhile goes on with its new part.
pub const fn follow<E>(path: PathBuf, from: u64, ended: E) -> Follower<E> {
    Follower { path, file: None, offset: from, ended }
}

/// A log that is followed, whole lines at a time.
pub struct Follower<E> {
    path: PathBuf,
    file: Option<File>,
    offset: u64,
    ended: E,
}

impl<E, F> Follower<E>
where
    E: FnMut() -> F,
    F: Future<Output = bool>,
{
    /// The next part; none: the run has ended.
    ///
    /// # Errors
    /// What the file system says.
    pub async fn next(&mut self) -> io::Result<Option<Part>> {
        loop {
            // Asked before reading, so that nothing written before the end is missed.
            let ended = (self.ended)().await;
            let replaced = self.is_replaced();
            let part = self.read(ended || replaced)?;
            if !part.bytes.is_empty() {
                return Ok(Some(part));
            }
            if replaced {
                (self.file, self.offset) = (None, 0);
            } else if ended {
                return Ok(None);
            } else {
                tokio::time::sleep(POLL).await;
            }
        }
    }

    /// The same as a stream that ends behind the first error.
    pub fn into_stream(self) -> impl Stream<Item = io::Result<Part>> {
        unfold(Some(self), |follower| async {
            let mut follower = follower?;
            match follower.next().await {
                Ok(Some(part)) => Some((Ok(part), Some(follower))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    /// Whole lines, and the rest too when nothing is added any more or it is longer than what is read at a time.
    fn read(&mut self, over: bool) -> io::Result<Part> {
        if self.file.is_none() {
            let file = File::open(&self.path)?;
            self.offset = self.offset.min(file.metadata()?.len());
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else { return Ok(Part::default()) };
        file.seek(SeekFrom::Start(self.offset))?;
        let mut bytes = Vec::new();
        file.by_ref().take(CHUNK).read_to_end(&mut bytes)?;
        let full = bytes.len() as u64 == CHUNK;
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(last) if full || !over => bytes.truncate(last + 1),
            None if !full && !over => bytes.clear(),
            Some(_) | None => {}
        }
        self.offset += bytes.len() as u64;
        Ok(Part { bytes, next_offset: self.offset, total: file.metadata()?.len().max(self.offset) })
    }

    /// Whether another file stands at the path now.
    fn is_replaced(&self) -> bool {
        let identity = |file: std::fs::Metadata| (file.dev(), file.ino());
        let open = self.file.as_ref().and_then(|file| file.metadata().ok()).map(identity);
        let now = std::fs::metadata(&self.path).ok().map(identity);
        open.is_some() && now.is_some() && now != open
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::Write;

    use futures_util::StreamExt;

    use super::*;

    #[test]
    fn a_range_ends_where_the_log_does() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::fs::write(&path, "0123456789").unwrap();
        for (offset, limit, bytes, next_offset) in
            [(0, 4, "0123", 4), (4, 100, "456789", 10), (10, 5, "", 10), (99, 5, "", 10), (3, 0, "", 3)]
        {
            let part = Part { bytes: bytes.into(), next_offset, total: 10 };
            assert_eq!(read_range(&path, offset, limit).unwrap(), part, "{offset} {limit}");
        }
        assert!(read_range(&dir.path().join("none"), 0, 1).is_err());
    }

    #[test]
    fn the_last_lines_are_found_in_files_of_every_size() {
        let dir = tempfile::tempdir().unwrap();
        for (written, wanted, first, found) in
            [(0, 5, "", 0), (3, 5, "line 0", 3), (9, 5, "line 4", 5), (50_000, 7, "line 49993", 7), (3, 0, "", 0)]
        {
            let path = dir.path().join(written.to_string());
            std::fs::write(&path, (0..written).map(|line| format!("line {line}\n")).collect::<String>()).unwrap();
            let part = last_lines(&path, wanted).unwrap();
            let text = String::from_utf8(part.bytes).unwrap();
            assert_eq!((text.lines().next().unwrap_or_default(), text.lines().count()), (first, found));
            assert_eq!((part.next_offset, part.total), (path.metadata().unwrap().len(), part.next_offset));
        }
        let path = dir.path().join("open");
        std::fs::write(&path, "a\nb\nc").unwrap();
        assert_eq!(last_lines(&path, 2).unwrap().bytes, b"b\nc");
    }

    #[tokio::test]
    async fn a_log_is_followed_through_its_rotation_to_the_end_of_the_run() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::fs::write(&path, "skipped one\n").unwrap();
        let step = Cell::new(0);
        let parts = follow(path.clone(), 8, || {
            step.set(step.get() + 1);
            match step.get() {
                2 => writeln!(File::options().append(true).open(&path).unwrap(), "two").unwrap(),
                3 => {
                    writeln!(File::options().append(true).open(&path).unwrap(), "three").unwrap();
                    std::fs::rename(&path, dir.path().join("log.1")).unwrap();
                    std::fs::write(&path, "four\n").unwrap();
                }
                _ => {}
            }
            std::future::ready(step.get() >= 4)
        });
        let parts: Vec<Part> = parts.into_stream().map(Result::unwrap).collect().await;
        let text: Vec<u8> = parts.iter().flat_map(|part| part.bytes.clone()).collect();
        assert_eq!(String::from_utf8(text).unwrap(), "one\ntwo\nthree\nfour\n");
        assert_eq!(parts.last().map(|part| part.next_offset), Some(5));
    }
}
