//! Reads the JSON lines of `codex exec`. Its usage counts the whole thread, so what earlier runs of a resumed thread
//! were counted for is taken off.

use autocoder_core::run::{RunOutcome, Tokens};
use autocoder_usage::ledger::{Sample, SampleState};
use autocoder_usage::normalise::{Source, tokens};
use serde_json::Value;

use super::super::api_error::outcome_of_words;
use super::super::event::{LastWords, cut};
use super::super::json::{some_text, text};
use super::super::{AgentEvent, Decoder, Ending, Exit, ModelTotal, RunSpec, Stream};

const TEXT_BYTES: usize = 16 * 1024;

/// The state between two lines.
#[derive(Default)]
pub(super) struct CodexDecoder {
    /// Codex does not say which model it works with.
    model: String,
    counted: Tokens,
    used: Option<Tokens>,
    is_complete: bool,
    misconfigured: Option<String>,
    error: Option<String>,
    last_words: LastWords,
}

impl CodexDecoder {
    pub(super) fn of(spec: &RunSpec) -> Self {
        Self { model: spec.model.clone().unwrap_or_default(), counted: spec.counted, ..Self::default() }
    }

    fn read(&mut self, line: Value) -> Vec<AgentEvent> {
        match text(&line, "/type") {
            "thread.started" => vec![AgentEvent::Started {
                session: text(&line, "/thread_id").to_owned(),
                model: Some(self.model.clone()).filter(|model| !model.is_empty()),
                version: None,
                mcp: vec![],
            }],
            "turn.started" => {
                self.is_complete = false;
                vec![]
            }
            "turn.completed" => {
                self.is_complete = true;
                self.error = None;
                self.usage(&line).into_iter().collect()
            }
            "turn.failed" => self.failed(text(&line, "/error/message")),
            "error" => self.failed(text(&line, "/message")),
            "item.started" => called(&line).into_iter().collect(),
            "item.completed" => self.item(&line),
            _ => vec![AgentEvent::Raw(line)],
        }
    }

    fn usage(&mut self, line: &Value) -> Option<AgentEvent> {
        let thread = tokens(Source::CodexTurn, line.pointer("/usage")?)?;
        let used = thread.minus(self.counted);
        self.used = Some(used);
        let message_id = format!("thread-after-{}", self.counted.all());
        Some(AgentEvent::Usage(Sample {
            message_id,
            model: self.model.clone(),
            tokens: used,
            state: SampleState::Final,
        }))
    }

    fn failed(&mut self, message: &str) -> Vec<AgentEvent> {
        self.error = Some(message.to_owned()).filter(|message| !message.is_empty()).or(self.error.take());
        self.without_tools(message)
    }

    fn item(&mut self, line: &Value) -> Vec<AgentEvent> {
        match text(line, "/item/type") {
            "agent_message" => vec![AgentEvent::Text(cut(text(line, "/item/text"), TEXT_BYTES))],
            // Mostly a mere warning.
            "error" => self.without_tools(text(line, "/item/message")),
            _ => match (called(line), text(line, "/item/status")) {
                (Some(AgentEvent::ToolCall { id, .. }), status) => {
                    vec![AgentEvent::ToolDone { id, ok: status == "completed" }]
                }
                _ => vec![],
            },
        }
    }

    fn without_tools(&mut self, message: &str) -> Vec<AgentEvent> {
        let about_ours = message.contains("autocoder") && message.to_lowercase().contains("mcp");
        let broken = about_ours && ["failed", "timed out", "required"].iter().any(|word| message.contains(word));
        if !broken {
            return vec![];
        }
        let reason = cut(message, LastWords::BYTES);
        self.misconfigured.get_or_insert_with(|| reason.clone());
        vec![AgentEvent::Misconfigured(reason)]
    }

    fn outcome(&self, exit: Exit) -> (RunOutcome, Option<String>) {
        if let Some(reason) = &self.misconfigured {
            return (RunOutcome::Misconfigured, Some(reason.clone()));
        }
        if exit == Exit::code(0) && self.is_complete {
            return (RunOutcome::Completed, None);
        }
        match (&self.error, exit.code) {
            (Some(error), _) => {
                (outcome_of_words(error).unwrap_or(RunOutcome::Failed), Some(cut(error, LastWords::BYTES)))
            }
            (None, Some(0)) => (RunOutcome::Aborted, Some("`codex` ended before its turn was complete".to_owned())),
            (None, code) => {
                let known = outcome_of_words(self.last_words.text());
                let unknown = if code.is_some() { RunOutcome::Failed } else { RunOutcome::Crashed };
                (known.unwrap_or(unknown), Some(self.last_words.after(&format!("`codex` {exit}"))))
            }
        }
    }
}

impl Decoder for CodexDecoder {
    fn push(&mut self, stream: Stream, line: &str) -> Vec<AgentEvent> {
        match serde_json::from_str::<Value>(line) {
            Ok(value) if stream == Stream::Stdout && value.is_object() => self.read(value),
            _ => {
                self.last_words.hear(line);
                if stream == Stream::Stderr { self.without_tools(line) } else { vec![] }
            }
        }
    }

    fn finish(&mut self, exit: Exit) -> Ending {
        let (outcome, detail) = self.outcome(exit);
        let total = |tokens| ModelTotal { model: self.model.clone(), tokens, cost_reported_nusd: None };
        Ending { outcome, detail, totals: self.used.map(total).into_iter().collect() }
    }
}

/// The tool that an item stands for.
fn called(line: &Value) -> Option<AgentEvent> {
    let name = match text(line, "/item/type") {
        "mcp_tool_call" => format!("{}.{}", text(line, "/item/server"), text(line, "/item/tool")),
        kind @ ("command_execution" | "file_change" | "web_search") => kind.to_owned(),
        _ => return None,
    };
    Some(AgentEvent::ToolCall { id: some_text(line, "/item/id")?, name })
}
