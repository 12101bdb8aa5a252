//! Runs programs: watched, captured, or both at once.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The error is the line that the person reads; an empty one when everything is already said.
pub(crate) type Outcome<T = ()> = Result<T, String>;

pub(crate) struct Teed {
    pub(crate) success: bool,
    pub(crate) lines: Vec<String>,
}

/// Runs `command` on this terminal.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed: {status}", shown(command))) }
}

/// Runs `command` and answers what it printed on standard output.
pub(crate) fn capture(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("`{}` failed: {}", shown(command), String::from_utf8_lossy(&output.stderr).trim()))
}

/// Runs `command`, showing both its streams as they come and keeping their lines.
pub(crate) fn tee(command: &mut Command) -> Outcome<Teed> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_started(command, &error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let lines = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| copy_lines(stdout, io::stdout(), &lines));
        scope.spawn(|| copy_lines(stderr, io::stderr(), &lines));
    });
    let status = child.wait().map_err(|error| not_started(command, &error))?;
    Ok(Teed { success: status.success(), lines: lines.into_inner().unwrap_or_else(PoisonError::into_inner) })
}

/// `command` as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut line = quoted(&command.get_program().to_string_lossy());
    for argument in command.get_args() {
        // Writing to a string does not fail.
        let _ = write!(line, " {}", quoted(&argument.to_string_lossy()));
    }
    line
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn not_started(command: &Command, error: &io::Error) -> String {
    format!("cannot run `{}`: {error}", command.get_program().display())
}

fn copy_lines(from: Option<impl Read>, mut to: impl Write, lines: &Mutex<Vec<String>>) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        // A closed terminal must not end the run.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        lines.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_command_can_be_typed_again() {
        let mut command = Command::new("autocoder");
        command.args(["phase", "approve", "3", "--note", "it's fine", ""]);
        assert_eq!(shown(&command), r"autocoder phase approve 3 --note 'it'\''s fine' ''");
    }

    #[test]
    fn both_streams_are_kept_and_the_exit_is_told() {
        let teed = tee(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert!(!teed.success);
        assert!(teed.lines.contains(&"out".to_owned()) && teed.lines.contains(&"err".to_owned()));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = capture(&mut Command::new("no-such-program")).unwrap_err();
        assert!(error.starts_with("cannot run `no-such-program`"), "{error}");
    }
}
