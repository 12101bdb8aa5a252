//! Reads the lines of a rehearsal: `{"type": "usage" | "text" | "result", …}`.

use autocoder_core::run::RunOutcome;
use serde::Deserialize;
use serde_json::Value;

use super::super::command::UsageLine;
use super::super::event::cut;
use super::super::{AgentEvent, Decoder, Ending, Exit, Stream};

const DETAIL_BYTES: usize = 500;

/// The state between two lines.
#[derive(Default)]
pub(super) struct RehearsalDecoder {
    ending: Option<Ending>,
    counted: u64,
    last_words: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    Usage(UsageLine),
    Text { text: String },
    Result { outcome: RunOutcome, detail: Option<String> },
}

impl Decoder for RehearsalDecoder {
    fn push(&mut self, stream: Stream, line: &str) -> Vec<AgentEvent> {
        match serde_json::from_str::<Line>(line) {
            Ok(Line::Usage(usage)) if stream == Stream::Stdout => {
                self.counted += 1;
                vec![AgentEvent::Usage(usage.sample(self.counted))]
            }
            Ok(Line::Text { text }) => vec![AgentEvent::Text(text)],
            Ok(Line::Result { outcome, detail }) if stream == Stream::Stdout => {
                self.ending = Some(Ending::new(outcome, detail));
                vec![]
            }
            _ => {
                if !line.trim().is_empty() {
                    self.last_words = cut(line.trim(), DETAIL_BYTES);
                }
                serde_json::from_str::<Value>(line).ok().map(AgentEvent::Raw).into_iter().collect()
            }
        }
    }

    fn finish(&mut self, exit: Exit) -> Ending {
        let words = if self.last_words.is_empty() { String::new() } else { format!(": {}", self.last_words) };
        let silent = || Ending::new(RunOutcome::Crashed, format!("the rehearsal {exit} without a result{words}"));
        self.ending.take().unwrap_or_else(silent)
    }
}

#[cfg(test)]
mod tests {
    use autocoder_core::run::Tokens;

    use super::*;

    #[test]
    fn lines_become_events_and_the_result_the_outcome() {
        let mut decoder = RehearsalDecoder::default();
        let usage = r#"{"type":"usage","message_id":"r-1","model":"rehearsal","input_tokens":3,"output_tokens":5,"cache_read_tokens":7,"cache_write_5m_tokens":11}"#;
        let events = decoder.push(Stream::Stdout, usage);
        let [AgentEvent::Usage(sample)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(sample.tokens, Tokens { input: 3, output: 5, cache_read: 7, cache_write_5m: 11, cache_write_1h: 0 });
        assert_eq!((sample.message_id.as_str(), sample.model.as_str()), ("r-1", "rehearsal"));
        assert_eq!(decoder.push(Stream::Stdout, r#"{"type":"text","text":"hi"}"#), [AgentEvent::Text("hi".into())]);
        assert_eq!(decoder.push(Stream::Stdout, "garbage {"), []);
        assert_eq!(
            decoder.push(Stream::Stdout, r#"{"type":"new"}"#),
            [AgentEvent::Raw(serde_json::json!({"type": "new"}))]
        );
        decoder.push(Stream::Stdout, r#"{"type":"result","outcome":"released","detail":null}"#);
        assert_eq!(decoder.finish(Exit::code(0)), Ending::new(RunOutcome::Released, None));
    }

    #[test]
    fn a_rehearsal_without_a_result_crashed() {
        let mut decoder = RehearsalDecoder::default();
        decoder.push(Stream::Stderr, r#"{"type":"result","outcome":"completed"}"#);
        decoder.push(Stream::Stderr, "no such project");
        let ending = decoder.finish(Exit::code(3));
        let detail = "the rehearsal ended with exit code `3` without a result: no such project";
        assert_eq!(ending, Ending::new(RunOutcome::Crashed, detail.to_owned()));
    }
}
