//! What an ACP agent says and does, as lines of text and `AUTOCODER_USAGE` lines.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use agent_client_protocol::v1::schema::{
    ContentBlock, NewSessionResponse, PromptResponse, RequestPermissionRequest, SessionUpdate, ToolCallStatus,
};
use serde_json::{Value, json};

const USAGE: &str = "AUTOCODER_USAGE";
/// A line is told at this length even if it has not ended.
const LINE_BYTES: usize = 2_000;

/// Where it is told. A reader that is gone is the supervisor's affair, so that nothing here fails.
#[derive(Clone)]
pub(super) struct Said(Arc<Mutex<Lines>>);

struct Lines {
    out: Box<dyn Write + Send>,
    begun: String,
}

impl Said {
    pub(super) fn new(out: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Lines { out: Box::new(out), begun: String::new() })))
    }

    pub(super) fn update(&self, update: &SessionUpdate) {
        match update {
            SessionUpdate::AgentMessageChunk(chunk) => {
                if let ContentBlock::Text(text) = &chunk.content {
                    self.lines(|lines| lines.text(&text.text));
                }
            }
            SessionUpdate::ToolCall(call) => self.lines(|lines| lines.line(&format!("tool: {}", call.title))),
            SessionUpdate::ToolCallUpdate(call) if call.fields.status == Some(ToolCallStatus::Failed) => {
                let name = call.fields.title.as_deref().unwrap_or("a tool");
                self.lines(|lines| lines.line(&format!("tool failed: {name}")));
            }
            _ => {}
        }
    }

    pub(super) fn allowed(&self, request: &RequestPermissionRequest) {
        let name = request.tool_call.fields.title.as_deref().unwrap_or("a tool");
        self.lines(|lines| lines.line(&format!("tool allowed: {name}")));
    }

    /// The tokens of the turn, by model where the agent says so.
    pub(super) fn usage(&self, session: &NewSessionResponse, turn: &PromptResponse) {
        for usage in usage(session, turn) {
            self.lines(|lines| {
                lines.flush();
                lines.write(&format!("{USAGE} {usage}"));
            });
        }
    }

    pub(super) fn end(&self) {
        self.lines(Lines::flush);
    }

    fn lines(&self, tell: impl FnOnce(&mut Lines)) {
        tell(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Lines {
    /// A piece of what the agent says; a line is told when it has ended.
    fn text(&mut self, text: &str) {
        self.begun.push_str(text);
        while let Some(end) = self.begun.find('\n') {
            let line: String = self.begun.drain(..=end).collect();
            self.tell(line.trim_end());
        }
        if self.begun.len() > LINE_BYTES {
            self.flush();
        }
    }

    fn line(&mut self, line: &str) {
        self.flush();
        self.tell(&line.replace('\n', " "));
    }

    fn flush(&mut self) {
        let begun = std::mem::take(&mut self.begun);
        self.tell(&begun);
    }

    /// Tells what the agent said; it counts no tokens by saying so.
    fn tell(&mut self, line: &str) {
        match line.trim() {
            "" => {}
            said if said.starts_with(USAGE) => self.write(&format!("\"{said}\"")),
            _ => self.write(line),
        }
    }

    fn write(&mut self, line: &str) {
        let _ = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
    }
}

/// Gemini CLI counts by model in `_meta`; others give one sum, and name their model as an option of the session.
fn usage(session: &NewSessionResponse, turn: &PromptResponse) -> Vec<Value> {
    let number = |value: &Value, name: &str| value.get(name).and_then(Value::as_u64).unwrap_or_default();
    let quota = turn.meta.as_ref().and_then(|meta| meta.get("quota")?.get("model_usage")?.as_array().cloned());
    if let Some(models) = quota {
        let of = |model: &Value| {
            let name = model.get("model").and_then(Value::as_str).unwrap_or_default();
            let tokens = model.get("token_count").cloned().unwrap_or_default();
            let (input, output) = (number(&tokens, "input_tokens"), number(&tokens, "output_tokens"));
            json!({ "message_id": format!("acp-{name}"), "model": name, "input_tokens": input, "output_tokens": output })
        };
        return models.iter().map(of).collect();
    }
    let Some(usage) = &turn.usage else { return Vec::new() };
    vec![json!({
        "message_id": "acp-turn",
        "model": model(session),
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens + usage.thought_tokens.unwrap_or_default(),
        "cache_read_tokens": usage.cached_read_tokens.unwrap_or_default(),
        "cache_write_5m_tokens": usage.cached_write_tokens.unwrap_or_default(),
    })]
}

fn model(session: &NewSessionResponse) -> String {
    let session = serde_json::to_value(session).unwrap_or_default();
    let options = session.get("configOptions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let chosen = options.iter().find(|option| option.get("id").is_some_and(|id| id == "model"));
    let chosen = chosen.and_then(|option| option.get("currentValue")?.as_str());
    chosen.unwrap_or_default().to_owned()
}
