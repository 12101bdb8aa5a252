//! Reads the JSON lines of `opencode run`. There is no result line: the exit code and the last error are the outcome.

use autocoder_core::run::{RunOutcome, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_usage::ledger::{Sample, SampleState};
use autocoder_usage::normalise::{Source, tokens};
use serde_json::Value;

use super::super::api_error::{outcome_of_status, outcome_of_words};
use super::super::event::{LastWords, cut};
use super::super::json::{some_text, text};
use super::super::{AgentEvent, Decoder, Ending, Exit, LimitStatus, LimitWindow, ModelTotal, RunSpec, Stream};

const TEXT_BYTES: usize = 16 * 1024;

/// The state between two lines.
#[derive(Default)]
pub(super) struct OpencodeDecoder {
    /// opencode does not say which model it works with.
    model: String,
    session: Option<String>,
    used: Option<Tokens>,
    cost_nusd: u64,
    error: Option<(RunOutcome, String)>,
    last_words: LastWords,
}

impl OpencodeDecoder {
    pub(super) fn of(spec: &RunSpec) -> Self {
        Self { model: spec.model.clone().unwrap_or_default(), ..Self::default() }
    }

    fn read(&mut self, line: Value) -> Vec<AgentEvent> {
        let mut events: Vec<AgentEvent> = self.started(&line).into_iter().collect();
        match text(&line, "/type") {
            "step_start" => self.error = None,
            "text" => events.push(AgentEvent::Text(cut(text(&line, "/part/text"), TEXT_BYTES))),
            "tool_use" => events.extend(tool(&line)),
            "step_finish" => events.extend(self.step(&line)),
            "error" => events.extend(self.failed(&line)),
            _ => events.push(AgentEvent::Raw(line)),
        }
        events
    }

    /// Every line names the session; the first one opens it.
    fn started(&mut self, line: &Value) -> Option<AgentEvent> {
        let session = some_text(line, "/sessionID").filter(|_| self.session.is_none())?;
        self.session = Some(session.clone());
        let model = Some(self.model.clone()).filter(|model| !model.is_empty());
        Some(AgentEvent::Started { session, model, version: None, mcp: vec![] })
    }

    fn step(&mut self, line: &Value) -> Option<AgentEvent> {
        let tokens = tokens(Source::OpencodeStep, line.pointer("/part/tokens")?)?;
        let message_id = some_text(line, "/part/id")?;
        self.used = Some(self.used.unwrap_or_default().plus(tokens));
        let cost = line.pointer("/part/cost").and_then(Value::as_f64).filter(|usd| *usd >= 0.0).unwrap_or_default();
        self.cost_nusd = self.cost_nusd.saturating_add((cost * 1e9).round() as u64);
        Some(AgentEvent::Usage(Sample { message_id, model: self.model.clone(), tokens, state: SampleState::Final }))
    }

    fn failed(&mut self, line: &Value) -> Option<AgentEvent> {
        let (name, message) = (text(line, "/error/name"), text(line, "/error/data/message"));
        let by_name = match name {
            "ProviderAuthError" => Some(RunOutcome::Auth),
            "ProviderModelNotFoundError" => Some(RunOutcome::Misconfigured),
            "ContextOverflowError" => Some(RunOutcome::ContextFull),
            "MessageAbortedError" => Some(RunOutcome::Aborted),
            _ => None,
        };
        let by_status = line.pointer("/error/data/statusCode").and_then(Value::as_u64).and_then(outcome_of_status);
        let outcome = by_name.or(by_status).or_else(|| outcome_of_words(message)).unwrap_or(RunOutcome::Failed);
        let words = if message.is_empty() { name } else { message };
        self.error = Some((outcome, cut(words, LastWords::BYTES)));
        (outcome == RunOutcome::LimitReached).then(|| AgentEvent::Limit(refused(line)))
    }
}

/// The provider's refusal, with the time it named.
fn refused(line: &Value) -> LimitWindow {
    let wait_s = text(line, "/error/data/responseHeaders/retry-after").parse::<i64>().ok();
    let at_ms = line.pointer("/timestamp").and_then(Value::as_i64);
    let resets_at = wait_s.zip(at_ms).map(|(wait_s, at_ms)| Timestamp(at_ms.saturating_mul(1000)).plus_seconds(wait_s));
    LimitWindow { window: "requests".to_owned(), status: LimitStatus::Rejected, used_bp: None, resets_at }
}

/// A tool is told of once it has answered.
fn tool(line: &Value) -> Vec<AgentEvent> {
    let id = text(line, "/part/callID").to_owned();
    let ok = text(line, "/part/state/status") == "completed";
    let call = AgentEvent::ToolCall { id: id.clone(), name: text(line, "/part/tool").to_owned() };
    vec![call, AgentEvent::ToolDone { id, ok }]
}

impl Decoder for OpencodeDecoder {
    fn push(&mut self, stream: Stream, line: &str) -> Vec<AgentEvent> {
        match serde_json::from_str::<Value>(line) {
            Ok(value) if stream == Stream::Stdout && value.is_object() => self.read(value),
            _ => {
                self.last_words.hear(line);
                vec![]
            }
        }
    }

    fn finish(&mut self, exit: Exit) -> Ending {
        let (outcome, detail) = match (self.error.take(), exit.code) {
            (Some((outcome, words)), _) => (outcome, Some(words)),
            (None, Some(0)) => (RunOutcome::Completed, None),
            (None, code) => {
                let known = outcome_of_words(self.last_words.text());
                let unknown = if code.is_some() { RunOutcome::Failed } else { RunOutcome::Crashed };
                (known.unwrap_or(unknown), Some(self.last_words.after(&format!("`opencode` {exit}"))))
            }
        };
        let cost_reported_nusd = Some(self.cost_nusd);
        let total = |tokens| ModelTotal { model: self.model.clone(), tokens, cost_reported_nusd };
        Ending { outcome, detail, totals: self.used.map(total).into_iter().collect() }
    }
}
