//! Reads Gemini CLI's stream-json. At a limit it prints nothing there for minutes, so its standard error counts too.

use autocoder_core::run::RunOutcome;
use autocoder_usage::normalise::{Source, tokens};
use serde_json::Value;

use super::super::api_error::outcome_of_words;
use super::super::event::{LastWords, cut};
use super::super::json::{some_text, text};
use super::super::{AgentEvent, Decoder, Ending, Exit, ModelTotal, Stream};

const TEXT_BYTES: usize = 16 * 1024;
/// Exit codes of its own.
const TURN_LIMIT: i32 = 53;
const NOT_AUTHENTICATED: i32 = 41;

/// The state between two lines.
#[derive(Default)]
pub(super) struct GeminiDecoder {
    /// The result: whether it succeeded, and in words what went wrong.
    result: Option<(bool, String)>,
    totals: Vec<ModelTotal>,
    /// What it was refused with when it was last heard of.
    refused: Option<RunOutcome>,
    misconfigured: Option<String>,
    last_words: LastWords,
}

impl GeminiDecoder {
    fn read(&mut self, line: Value) -> Vec<AgentEvent> {
        match text(&line, "/type") {
            "init" => vec![AgentEvent::Started {
                session: text(&line, "/session_id").to_owned(),
                model: some_text(&line, "/model"),
                version: None,
                mcp: vec![],
            }],
            "message" if text(&line, "/role") == "assistant" => {
                self.refused = None;
                vec![AgentEvent::Text(cut(text(&line, "/content"), TEXT_BYTES))]
            }
            "message" => vec![],
            "tool_use" => {
                self.refused = None;
                let (id, name) = (text(&line, "/tool_id"), text(&line, "/tool_name"));
                vec![AgentEvent::ToolCall { id: id.to_owned(), name: name.to_owned() }]
            }
            "tool_result" => vec![AgentEvent::ToolDone {
                id: text(&line, "/tool_id").to_owned(),
                ok: text(&line, "/status") == "success",
            }],
            "error" => {
                self.last_words.hear(text(&line, "/message"));
                vec![]
            }
            "result" => {
                self.result(&line);
                vec![]
            }
            _ => vec![AgentEvent::Raw(line)],
        }
    }

    fn result(&mut self, line: &Value) {
        let succeeded = text(line, "/status") == "success";
        self.result = Some((succeeded, text(line, "/error/message").to_owned()));
        let models = line.pointer("/stats/models").and_then(Value::as_object).into_iter().flatten();
        let total = |(model, stats): (&String, &Value)| {
            let tokens = tokens(Source::GeminiStats, stats)?;
            Some(ModelTotal { model: model.clone(), tokens, cost_reported_nusd: None })
        };
        self.totals = models.filter_map(total).collect();
    }

    fn hear(&mut self, line: &str) -> Vec<AgentEvent> {
        self.last_words.hear(line);
        let no_tools = line.contains("autocoder") && line.contains("MCP") && line.to_lowercase().contains("error");
        // The file that names the tools lies below a folder that others may write.
        if no_tools || line.contains("Skipping system settings file") {
            let reason = cut(line.trim(), LastWords::BYTES);
            self.misconfigured.get_or_insert_with(|| reason.clone());
            return vec![AgentEvent::Misconfigured(reason)];
        }
        let retries = line.contains("Retrying") || line.contains("retrying");
        if let Some(outcome) = outcome_of_words(line) {
            self.refused = Some(outcome);
        }
        match self.refused {
            Some(_) if retries => vec![AgentEvent::Retry { after_ms: 0, reason: cut(line.trim(), LastWords::BYTES) }],
            _ => vec![],
        }
    }

    fn outcome(&self, exit: Exit) -> (RunOutcome, Option<String>) {
        if let Some(reason) = &self.misconfigured {
            return (RunOutcome::Misconfigured, Some(reason.clone()));
        }
        let words = match &self.result {
            Some((true, _)) if exit == Exit::code(0) => return (RunOutcome::Completed, None),
            Some((_, words)) => words.as_str(),
            None => "",
        };
        let by_code = match exit.code {
            Some(NOT_AUTHENTICATED) => Some(RunOutcome::Auth),
            Some(TURN_LIMIT) => Some(RunOutcome::Turns),
            _ => None,
        };
        let unknown = if exit.code.is_some() { RunOutcome::Failed } else { RunOutcome::Crashed };
        let outcome = by_code.or_else(|| outcome_of_words(words)).or(self.refused).unwrap_or(unknown);
        let detail =
            if words.is_empty() { self.last_words.after(&format!("`gemini` {exit}")) } else { words.to_owned() };
        (outcome, Some(cut(&detail, LastWords::BYTES)))
    }
}

impl Decoder for GeminiDecoder {
    fn push(&mut self, stream: Stream, line: &str) -> Vec<AgentEvent> {
        match serde_json::from_str::<Value>(line) {
            Ok(value) if stream == Stream::Stdout && value.is_object() => self.read(value),
            _ => self.hear(line),
        }
    }

    fn finish(&mut self, exit: Exit) -> Ending {
        let (outcome, detail) = self.outcome(exit);
        Ending { outcome, detail, totals: std::mem::take(&mut self.totals) }
    }
}
