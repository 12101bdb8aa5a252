//! Claude Code's transcripts: one JSON object a line, several lines a message, each with the usage of the message.

use std::borrow::Cow;
use std::sync::LazyLock;

use autocoder_core::run::Tokens;
use autocoder_core::time::Timestamp;
use memchr::memmem::Finder;
use serde::Deserialize;

use super::count::Count;
use crate::model::canonical;

static USAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"usage\""));

/// 2020-01-01: no transcript is older.
const OLDEST: i64 = 1_577_836_800_000_000;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// No usage.
    Nothing,
    /// It is not JSON of the expected shape.
    Broken,
    /// The usage of a message.
    Usage(Entry),
}

/// The usage of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Message and request, the same in every copy.
    pub message_id: String,
    /// The session.
    pub session: String,
    /// The folder of the work.
    pub cwd: String,
    /// The model by its canonical name.
    pub model: String,
    /// When; none: missing or absurd.
    pub at: Option<Timestamp>,
    /// The tokens.
    pub tokens: Tokens,
    /// Whether a count was negative, fractional or absurd.
    pub odd: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    message: Option<Message<'a>>,
    #[serde(borrow)]
    request_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    session_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    cwd: Option<Cow<'a, str>>,
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    is_api_error_message: Option<bool>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    input_tokens: Count,
    #[serde(default)]
    output_tokens: Count,
    #[serde(default)]
    cache_read_input_tokens: Count,
    #[serde(default)]
    cache_creation_input_tokens: Count,
    cache_creation: Option<Lifetimes>,
}

#[derive(Default, Deserialize)]
struct Lifetimes {
    #[serde(default)]
    ephemeral_5m_input_tokens: Count,
    #[serde(default)]
    ephemeral_1h_input_tokens: Count,
}

/// Reads one line. A time behind `newest` is absurd.
#[must_use]
pub fn read(line: &[u8], newest: Timestamp) -> Said {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Said::Nothing;
    }
    if line.first() != Some(&b'{') || line.last() != Some(&b'}') {
        return Said::Broken;
    }
    if USAGE.find(line).is_none() {
        return Said::Nothing;
    }
    match serde_json::from_slice::<Row<'_>>(line) {
        Ok(row) => entry(row, newest).map_or(Said::Nothing, Said::Usage),
        Err(_) => Said::Broken,
    }
}

fn entry(row: Row<'_>, newest: Timestamp) -> Option<Entry> {
    let message = row.message.filter(|_| row.kind == "assistant" && row.is_api_error_message != Some(true))?;
    let (id, model, usage) = (message.id?, message.model?, message.usage?);
    if model == "<synthetic>" {
        return None;
    }
    let (tokens, odd) = tokens(&usage);
    let at = row.timestamp.and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(|at| at.as_microsecond());
    Some(Entry {
        message_id: format!("{id}:{}", row.request_id.unwrap_or_default()),
        session: row.session_id.unwrap_or_default().into_owned(),
        cwd: row.cwd.unwrap_or_default().into_owned(),
        model: canonical(&model).to_owned(),
        at: at.filter(|at| (OLDEST..=newest.0).contains(at)).map(Timestamp),
        tokens,
        odd,
    })
}

fn tokens(usage: &Usage) -> (Tokens, bool) {
    let none = Lifetimes::default();
    let lifetimes = usage.cache_creation.as_ref().unwrap_or(&none);
    let (short, long) = (lifetimes.ephemeral_5m_input_tokens, lifetimes.ephemeral_1h_input_tokens);
    let (input, output) = (usage.input_tokens, usage.output_tokens);
    let (read, written) = (usage.cache_read_input_tokens, usage.cache_creation_input_tokens);
    let tokens = Tokens {
        input: input.value,
        output: output.value,
        cache_read: read.value,
        cache_write_5m: written.value.saturating_sub(long.value).max(short.value),
        cache_write_1h: long.value,
    };
    (tokens, [input, output, read, written, short, long].iter().any(|count| count.odd))
}

#[cfg(test)]
mod tests;
