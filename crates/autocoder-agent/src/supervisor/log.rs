//! The log of a run: whole lines, without secrets, bounded by rotation, readable only by its owner.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::lines::Line;
use super::redact::{Redactor, SHAPE_BYTES};
use crate::runner::Stream;

/// An open log.
pub(super) struct RunLog {
    path: PathBuf,
    file: File,
    written: u64,
    limit_bytes: u64,
    line_bytes: usize,
    /// Of standard output and of standard error.
    redactors: [Redactor; 2],
}

impl RunLog {
    pub(super) fn open(path: &Path, secrets: &[String], line_bytes: usize, limit_bytes: u64) -> std::io::Result<Self> {
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        let file = append(path)?;
        let written = file.metadata()?.len();
        Ok(Self {
            path: path.to_owned(),
            file,
            written,
            limit_bytes,
            line_bytes,
            redactors: [Redactor::new(secrets), Redactor::new(secrets)],
        })
    }

    /// How many bytes of a line must be at hand so that a secret across the cut is still found.
    pub(super) fn wanted_line_bytes(&self) -> usize {
        self.line_bytes + self.longest_secret()
    }

    /// Appends a line. The text may be missing in the log when the disk is full; the run goes on.
    pub(super) fn write(&mut self, stream: Stream, line: &Line) {
        let (text, cut) = self.redacted(stream, line);
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

    /// The line without secrets as far as it is written, and how many bytes of it are not.
    fn redacted(&mut self, stream: Stream, line: &Line) -> (Vec<u8>, u64) {
        let wanted = line.kept.len().min(self.wanted_line_bytes() + SHAPE_BYTES);
        let is_cut = line.dropped > 0 || wanted < line.kept.len();
        let mut text = self.redactors[stream as usize].line(&line.kept[..wanted], is_cut);
        let beyond = line.dropped + (line.kept.len() - wanted) as u64;
        let written = text.len().min(self.line_bytes);
        let cut = beyond + (text.len() - written) as u64;
        text.truncate(written);
        (text, cut)
    }

    /// A text of the agent's for elsewhere, without secrets.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let [redactor, _] = &self.redactors;
        String::from_utf8_lossy(&redactor.text(text.as_bytes(), false)).into_owned()
    }

    fn longest_secret(&self) -> usize {
        let [redactor, _] = &self.redactors;
        redactor.longest_secret()
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
