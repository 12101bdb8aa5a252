//! What is wrong with a plan file, where, and what to do about it.

use std::fmt;

/// Problems shown at most; one more entry counts the rest.
const SHOWN: usize = 100;
/// Problems kept at most before sorting, so that a hostile file cannot fill the memory.
const KEPT: usize = 10_000;
/// Characters of a value shown in a message.
const VALUE_CHARS: usize = 60;

/// One problem of a plan file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1; 0 for the entry that counts the problems left out.
    pub line: u32,
    /// The path of the field, for example `phases[0].features[1].tasks[2].complexity`; empty for the whole file.
    pub field: String,
    /// What was found and what the rule is.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    kept: Vec<Problem>,
    dropped: usize,
}

impl Problems {
    pub(super) fn add(&mut self, line: u32, field: String, message: String, hint: Option<String>) {
        if self.kept.len() < KEPT {
            self.kept.push(Problem { line, field, message, hint });
        } else {
            self.dropped += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(super) fn into_sorted(mut self) -> Vec<Problem> {
        self.kept.sort_by_key(|problem| problem.line);
        let rest = self.dropped + self.kept.len().saturating_sub(SHOWN);
        self.kept.truncate(SHOWN);
        if rest > 0 {
            let message = format!("{rest} more problem{}", if rest == 1 { "" } else { "s" });
            let hint = Some("mend these first and check again".to_owned());
            self.kept.push(Problem { line: 0, field: String::new(), message, hint });
        }
        self.kept
    }
}

/// A value as a message shows it: in backticks, on one line, shortened.
pub(super) fn shown(value: &str) -> String {
    let mut text = String::from("`");
    let mut chars = value.chars();
    for c in chars.by_ref().take(VALUE_CHARS) {
        if c.is_control() { text.extend(c.escape_default()) } else { text.push(c) }
    }
    text.push_str(if chars.next().is_some() { "…`" } else { "`" });
    text
}
