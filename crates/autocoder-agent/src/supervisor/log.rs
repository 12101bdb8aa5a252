//! The log of a run: whole lines, without secrets, bounded by rotation, readable only by its owner.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::lines::Line;
use crate::runner::Stream;

/// Shorter values would blacken half the log.
const SHORTEST_SECRET: usize = 6;

/// An open log.
pub(super) struct RunLog {
    path: PathBuf,
    file: File,
    written: u64,
    limit_bytes: u64,
    line_bytes: usize,
    secrets: Vec<Vec<u8>>,
}

impl RunLog {
    pub(super) fn open(path: &Path, secrets: &[String], line_bytes: usize, limit_bytes: u64) -> std::io::Result<Self> {
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        let file = append(path)?;
        let written = file.metadata()?.len();
        let mut secrets: Vec<Vec<u8>> = secrets
            .iter()
            .filter(|secret| secret.len() >= SHORTEST_SECRET)
            .map(|secret| secret.clone().into_bytes())
            .collect();
        // Of two secrets of which one starts like the other, the longer goes first.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Ok(Self { path: path.to_owned(), file, written, limit_bytes, line_bytes, secrets })
    }

    /// How many bytes of a line must be at hand so that a secret across the cut is still found.
    pub(super) fn wanted_line_bytes(&self) -> usize {
        self.line_bytes + self.longest_secret()
    }

    /// Appends a line. The text may be missing in the log when the disk is full; the run goes on.
    pub(super) fn write(&mut self, stream: Stream, line: &Line) {
        let mut text = self.redacted(line);
        let kept = text.len().min(self.line_bytes);
        let cut = line.dropped + (text.len() - kept) as u64;
        text.truncate(kept);
        let mut entry = if stream == Stream::Stderr { b"[stderr] ".to_vec() } else { vec![] };
        entry.extend_from_slice(String::from_utf8_lossy(&text).as_bytes());
        if cut > 0 {
            entry.extend_from_slice(format!(" [cut: {cut} bytes more]").as_bytes());
        }
        entry.push(b'\n');
        if self.written + entry.len() as u64 > self.limit_bytes && self.written > 0 {
            self.rotate();
        }
        if self.file.write_all(&entry).is_ok() {
            self.written += entry.len() as u64;
        }
    }

    fn redacted(&self, line: &Line) -> Vec<u8> {
        let mut text = self.secrets.iter().fold(line.kept.clone(), |text, secret| replace(&text, secret, b"[secret]"));
        if line.dropped > 0 {
            // The last bytes may be the start of a secret whose rest was dropped.
            text.truncate(text.len().saturating_sub(self.longest_secret()));
        }
        text
    }

    fn longest_secret(&self) -> usize {
        self.secrets.first().map_or(0, Vec::len)
    }

    fn rotate(&mut self) {
        let mut older = self.path.clone().into_os_string();
        older.push(".1");
        if std::fs::rename(&self.path, older).is_ok()
            && let Ok(file) = append(&self.path)
        {
            self.file = file;
            self.written = 0;
        }
    }
}

fn append(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

fn replace(text: &[u8], secret: &[u8], with: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(secret.len()).position(|window| window == secret) {
        let (before, from) = rest.split_at(at);
        replaced.extend_from_slice(before);
        replaced.extend_from_slice(with);
        rest = &from[secret.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn log_of(
        lines: &[(Stream, &[u8], u64)],
        secrets: &[&str],
        line_bytes: usize,
        limit: u64,
    ) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("runs").join("7.log");
        let secrets: Vec<String> = secrets.iter().map(|&secret| secret.to_owned()).collect();
        let mut log = RunLog::open(&path, &secrets, line_bytes, limit).unwrap();
        for &(stream, kept, dropped) in lines {
            log.write(stream, &Line { kept: kept.to_owned(), dropped });
        }
        (dir, path)
    }

    #[test]
    fn lines_are_marked_cut_and_redacted() {
        let cases: [(Stream, &[u8], u64, &str); 7] = [
            (Stream::Stdout, b"plain", 0, "plain\n"),
            (Stream::Stderr, b"oops", 0, "[stderr] oops\n"),
            (Stream::Stdout, b"a sk-12345678 b sk-12345678", 0, "a [secret] b [secret]\n"),
            (Stream::Stdout, b"sk-123456789", 0, "[secret]\n"),
            (Stream::Stdout, b"\xffx", 0, "\u{fffd}x\n"),
            (
                Stream::Stdout,
                b"0123456789012345678901234567890123456789",
                0,
                "01234567890123456789012345678901 [cut: 8 bytes more]\n",
            ),
            (Stream::Stdout, b"01234567890123456789sk-1234567", 5, "012345678901234567 [cut: 5 bytes more]\n"),
        ];
        for (stream, kept, dropped, expected) in cases {
            let (_dir, path) = log_of(&[(stream, kept, dropped)], &["sk-12345678", "sk-123456789", "a"], 32, 1 << 20);
            assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
        }
    }

    #[test]
    fn a_full_log_is_rotated_and_stays_private() {
        let line: (Stream, &[u8], u64) = (Stream::Stdout, b"0123456789", 0);
        let (_dir, path) = log_of(&[line; 10], &[], 100, 35);
        let older = path.with_extension("log.1");
        for (path, lines) in [(&path, 1), (&older, 3)] {
            assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), lines);
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
