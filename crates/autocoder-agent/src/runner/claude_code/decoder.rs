//! Reads Claude Code's stream-json: what it knows becomes events, anything else is kept as it came.

use std::collections::HashMap;

use autocoder_core::run::Tokens;
use autocoder_core::time::Timestamp;
use autocoder_usage::ledger::{Sample, SampleState};
use autocoder_usage::normalise::{Source, tokens};
use serde_json::Value;

use super::super::event::cut;
use super::super::json::{items, number, some_text, text};
use super::super::{AgentEvent, Decoder, Ending, Exit, LimitStatus, LimitWindow, Stream};
use super::ending::Facts;

const TEXT_BYTES: usize = 16 * 1024;
/// Conversations open at once (the main one and subagents); more than this is not a conversation but noise.
const OPEN_MESSAGES: usize = 256;

/// The state between two lines.
#[derive(Default)]
pub(super) struct ClaudeCodeDecoder {
    facts: Facts,
    /// The message being written in each conversation, by the tool call that opened the conversation.
    open: HashMap<String, Sample>,
    /// Older versions name denials only in their result, newer ones twice.
    denials_seen: bool,
}

impl Decoder for ClaudeCodeDecoder {
    fn push(&mut self, stream: Stream, line: &str) -> Vec<AgentEvent> {
        if stream == Stream::Stderr {
            self.facts.last_words.hear(line);
            return vec![];
        }
        match serde_json::from_str::<Value>(line) {
            Ok(value) if value.is_object() => self.read(value),
            _ => {
                self.facts.last_words.hear(line);
                vec![]
            }
        }
    }

    fn finish(&mut self, exit: Exit) -> Ending {
        std::mem::take(&mut self.facts).ending(exit)
    }
}

impl ClaudeCodeDecoder {
    fn read(&mut self, line: Value) -> Vec<AgentEvent> {
        match (text(&line, "/type"), text(&line, "/subtype")) {
            ("system", "init") => self.init(&line),
            ("system", "api_retry") => self.retry(&line),
            ("system", "permission_denied") => self.denied(text(&line, "/tool_name")),
            ("assistant", _) => self.assistant(&line),
            ("user", _) => tool_results(&line),
            ("stream_event", _) => self.stream_event(&line).into_iter().collect(),
            ("rate_limit_event", _) => self.limits(line.pointer("/rate_limit_info").unwrap_or(&Value::Null)),
            ("result", _) => self.result(&line),
            _ => vec![AgentEvent::Raw(line)],
        }
    }

    fn init(&mut self, line: &Value) -> Vec<AgentEvent> {
        let mcp: Vec<(String, String)> = items(line, "/mcp_servers")
            .map(|server| (text(server, "/name").to_owned(), text(server, "/status").to_owned()))
            .collect();
        let ours = mcp.iter().find(|(name, _)| name == "autocoder").map_or("missing", |(_, status)| status);
        let broken = !matches!(ours, "connected" | "pending");
        let problem =
            broken.then(|| format!("the MCP server `autocoder` is `{ours}`; `autocoder doctor` checks how it starts"));
        let started = AgentEvent::Started {
            session: text(line, "/session_id").to_owned(),
            model: some_text(line, "/model"),
            version: some_text(line, "/claude_code_version"),
            mcp,
        };
        [started].into_iter().chain(problem.map(|reason| self.misconfigured(reason))).collect()
    }

    fn misconfigured(&mut self, reason: String) -> AgentEvent {
        self.facts.misconfigured.get_or_insert_with(|| reason.clone());
        AgentEvent::Misconfigured(reason)
    }

    fn retry(&mut self, line: &Value) -> Vec<AgentEvent> {
        let reason = text(line, "/error").to_owned();
        self.facts.retrying(&reason, line.pointer("/error_status").and_then(Value::as_u64));
        vec![AgentEvent::Retry { after_ms: number(line, "/retry_delay_ms"), reason }]
    }

    fn denied(&mut self, tool: &str) -> Vec<AgentEvent> {
        self.denials_seen = true;
        let mut events = vec![AgentEvent::PermissionDenied { tool: tool.to_owned() }];
        if tool.starts_with("mcp__autocoder__") {
            events
                .push(self.misconfigured(format!("the agent may not use `{tool}`; allow it in the agent's settings")));
        }
        events
    }

    fn assistant(&mut self, line: &Value) -> Vec<AgentEvent> {
        let mut events: Vec<AgentEvent> = items(line, "/message/content").filter_map(said).collect();
        if line.pointer("/error").is_some_and(|error| !error.is_null()) {
            self.facts.api_error(line);
            if let Some(info) = line.pointer("/api_error_params/rate_limit_info") {
                events.extend(self.limits(info));
            }
            return events;
        }
        self.facts.answered();
        if let Some(sample) = sample_of(line.pointer("/message").unwrap_or(&Value::Null)) {
            events.extend(self.note(conversation(line), sample));
        }
        events
    }

    /// Merges what is now known of a message; nothing new, no event.
    fn note(&mut self, conversation: String, sample: Sample) -> Option<AgentEvent> {
        if self.open.len() > OPEN_MESSAGES {
            self.open.clear();
        }
        let merged = match self.open.get(&conversation).filter(|open| open.message_id == sample.message_id) {
            Some(open) => {
                Sample { tokens: open.tokens.fuller(sample.tokens), state: open.state.max(sample.state), ..sample }
            }
            None => sample,
        };
        let known = self.open.insert(conversation, merged.clone());
        (known.as_ref() != Some(&merged)).then_some(AgentEvent::Usage(merged))
    }

    fn stream_event(&mut self, line: &Value) -> Option<AgentEvent> {
        let conversation = conversation(line);
        match text(line, "/event/type") {
            "message_start" => {
                let sample = sample_of(line.pointer("/event/message")?)?;
                self.note(conversation, sample)
            }
            "message_delta" => {
                let open = self.open.get(&conversation)?.clone();
                let tokens = tokens(Source::ClaudeMessage, line.pointer("/event/usage")?)?;
                self.note(conversation, Sample { tokens, state: SampleState::Final, ..open })
            }
            _ => None,
        }
    }

    fn limits(&mut self, info: &Value) -> Vec<AgentEvent> {
        let mut windows: Vec<LimitWindow> = info
            .pointer("/unifiedWindows")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, window)| limit_window(name, window))
            .collect();
        if let Some(named) = limit_window(text(info, "/rateLimitType"), info)
            && !windows.iter().any(|window| window.window == named.window)
        {
            windows.push(named);
        }
        windows.into_iter().map(AgentEvent::Limit).collect()
    }

    fn result(&mut self, line: &Value) -> Vec<AgentEvent> {
        self.facts.result(line);
        if self.denials_seen {
            return vec![];
        }
        items(line, "/permission_denials").flat_map(|denial| self.denied(text(denial, "/tool_name"))).collect()
    }
}

fn said(block: &Value) -> Option<AgentEvent> {
    match text(block, "/type") {
        "text" => Some(AgentEvent::Text(cut(text(block, "/text"), TEXT_BYTES))),
        "tool_use" => {
            Some(AgentEvent::ToolCall { id: text(block, "/id").to_owned(), name: text(block, "/name").to_owned() })
        }
        _ => None,
    }
}

fn tool_results(line: &Value) -> Vec<AgentEvent> {
    items(line, "/message/content")
        .filter(|block| text(block, "/type") == "tool_result")
        .map(|block| AgentEvent::ToolDone {
            id: text(block, "/tool_use_id").to_owned(),
            ok: block.pointer("/is_error").and_then(Value::as_bool) != Some(true),
        })
        .collect()
}

fn conversation(line: &Value) -> String {
    text(line, "/parent_tool_use_id").to_owned()
}

/// The usage of a message at its start; the messages that the agent makes up itself have none.
fn sample_of(message: &Value) -> Option<Sample> {
    let tokens = tokens(Source::ClaudeMessage, message.pointer("/usage")?)?;
    let message_id = some_text(message, "/id")?;
    let model = text(message, "/model").to_owned();
    (tokens != Tokens::default()).then_some(Sample { message_id, model, tokens, state: SampleState::Provisional })
}

fn limit_window(name: &str, window: &Value) -> Option<LimitWindow> {
    let status = match text(window, "/status") {
        "allowed" => LimitStatus::Allowed,
        "allowed_warning" => LimitStatus::Warning,
        "rejected" => LimitStatus::Rejected,
        _ => return None,
    };
    let used_bp = window.pointer("/utilization").and_then(Value::as_f64).map(|share| (share * 10_000.0).round() as u32);
    let seconds = window.pointer("/resetsAt").and_then(Value::as_i64);
    Some(LimitWindow {
        window: name.to_owned(),
        status,
        used_bp,
        resets_at: seconds.map(|seconds| Timestamp(0).plus_seconds(seconds)),
    })
}
