//! What a run says while it lives, and what its end means.

use autocoder_core::run::{RunOutcome, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_usage::ledger::Sample;
use serde_json::Value;

/// Reads the lines of one process; a state machine without I/O.
pub trait Decoder: Send {
    /// Takes one line, without its line end; a line longer than the supervisor's limit arrives cut.
    fn push(&mut self, stream: Stream, line: &str) -> Vec<AgentEvent>;
    /// Says what the run came to, once every line was pushed.
    fn finish(&mut self, exit: Exit) -> Ending;
}

/// Where a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exit {
    /// Its exit code.
    pub code: Option<i32>,
    /// The signal that killed it.
    pub signal: Option<i32>,
}

impl Exit {
    /// Ended with this code.
    #[must_use]
    pub const fn code(code: i32) -> Self {
        Self { code: Some(code), signal: None }
    }

    /// Killed by this signal.
    #[must_use]
    pub const fn signal(signal: i32) -> Self {
        Self { code: None, signal: Some(signal) }
    }
}

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.code, self.signal) {
            (_, Some(signal)) => write!(f, "was killed by signal `{signal}`"),
            (Some(code), None) => write!(f, "ended with exit code `{code}`"),
            (None, None) => f.write_str("never started"),
        }
    }
}

/// Something an agent said.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentEvent {
    /// The session is open.
    Started {
        /// Its id, for going on with it later.
        session: String,
        /// The model it works with.
        model: Option<String>,
        /// The version of the agent's program.
        version: Option<String>,
        /// Servers of tools and their states.
        mcp: Vec<(String, String)>,
    },
    /// The agent wrote this.
    Text(String),
    /// The agent calls a tool.
    ToolCall {
        /// The call.
        id: String,
        /// The tool.
        name: String,
    },
    /// A tool answered.
    ToolDone {
        /// The call.
        id: String,
        /// Whether it worked.
        ok: bool,
    },
    /// Tokens of one message, as known by now; for the run's [`autocoder_usage::ledger::Ledger`].
    Usage(Sample),
    /// What the provider says about one of its windows.
    Limit(LimitWindow),
    /// The agent will ask the provider again.
    Retry {
        /// In so many milliseconds.
        after_ms: u64,
        /// Because of this.
        reason: String,
    },
    /// The agent may not use a tool.
    PermissionDenied {
        /// Which.
        tool: String,
    },
    /// The run cannot do its work as it was set up and should be stopped.
    Misconfigured(String),
    /// A line this version does not know.
    Raw(Value),
}

/// What a whole run took of one model, by the agent's own books: what the ledger's `total` takes to
/// close the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelTotal {
    /// The model, as reported.
    pub model: String,
    /// Its tokens.
    pub tokens: Tokens,
    /// What the agent says it cost, in nano-USD.
    pub cost_reported_nusd: Option<u64>,
}

/// A window of the provider in which usage is limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitWindow {
    /// The provider's name of it, for example `five_hour`.
    pub window: String,
    /// Where it stands.
    pub status: LimitStatus,
    /// The used share in hundredths of a per cent.
    pub used_bp: Option<u32>,
    /// When it starts anew.
    pub resets_at: Option<Timestamp>,
}

/// Where a window stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitStatus {
    /// Room is left.
    Allowed,
    /// Room is left, but not much.
    Warning,
    /// Nothing is left.
    Rejected,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How it ended.
    pub outcome: RunOutcome,
    /// In words, for people.
    pub detail: Option<String>,
    /// What it took, by model; empty when the agent did not say.
    pub totals: Vec<ModelTotal>,
}

impl Ending {
    /// An ending without totals.
    #[must_use]
    pub fn new(outcome: RunOutcome, detail: impl Into<Option<String>>) -> Self {
        Self { outcome, detail: detail.into(), totals: vec![] }
    }
}

/// The last line that was no message: what a process that ends without a result may have died of.
#[derive(Clone, Debug, Default)]
pub(super) struct LastWords(String);

impl LastWords {
    /// The longest that is kept.
    pub(super) const BYTES: usize = 500;

    pub(super) fn hear(&mut self, line: &str) {
        if !line.trim().is_empty() {
            self.0 = cut(line.trim(), Self::BYTES);
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// `what`, and the words behind it.
    pub(super) fn after(&self, what: &str) -> String {
        if self.0.is_empty() { what.to_owned() } else { format!("{what}: {}", self.0) }
    }
}

/// The first `limit` bytes of `text`, cut between characters and marked when something is missing.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(limit)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        for (text, limit, expected) in [("short", 10, "short"), ("äöü", 3, "ä…"), ("abc", 0, "…"), ("", 0, "")]
        {
            assert_eq!(cut(text, limit), expected);
        }
    }
}
