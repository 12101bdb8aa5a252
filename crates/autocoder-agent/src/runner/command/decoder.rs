//! Reads any program's output: text, apart from lines that count tokens.

use autocoder_core::run::{RunOutcome, Tokens};
use autocoder_usage::ledger::{Sample, SampleState};
use serde::Deserialize;

use super::super::event::{LastWords, cut};
use super::super::{AgentEvent, Decoder, Ending, Exit, Stream};

const MARK: &str = "AUTOCODER_USAGE ";
const TEXT_BYTES: usize = 4 * 1024;

/// The state between two lines.
#[derive(Default)]
pub(super) struct CommandDecoder {
    last_words: LastWords,
    counted: u64,
}

/// What a line of usage holds; shared with the rehearsal.
#[derive(Debug, Deserialize)]
pub(in crate::runner) struct UsageLine {
    message_id: Option<String>,
    model: Option<String>,
    #[serde(default)]
    input_tokens: u64,
    #[serde(default)]
    output_tokens: u64,
    #[serde(default)]
    cache_read_tokens: u64,
    #[serde(default)]
    cache_write_5m_tokens: u64,
    #[serde(default)]
    cache_write_1h_tokens: u64,
}

impl UsageLine {
    /// The sample it stands for; without an id of its own it is message number `number` of the run.
    pub(in crate::runner) fn sample(self, number: u64) -> Sample {
        Sample {
            message_id: self.message_id.filter(|id| !id.is_empty()).unwrap_or_else(|| format!("line-{number}")),
            model: self.model.unwrap_or_default(),
            tokens: Tokens {
                input: self.input_tokens,
                output: self.output_tokens,
                cache_read: self.cache_read_tokens,
                cache_write_5m: self.cache_write_5m_tokens,
                cache_write_1h: self.cache_write_1h_tokens,
            },
            state: SampleState::Final,
        }
    }
}

impl Decoder for CommandDecoder {
    fn push(&mut self, stream: Stream, line: &str) -> Vec<AgentEvent> {
        if let Some(usage) = line.strip_prefix(MARK).filter(|_| stream == Stream::Stdout)
            && let Ok(usage) = serde_json::from_str::<UsageLine>(usage)
        {
            self.counted += 1;
            return vec![AgentEvent::Usage(usage.sample(self.counted))];
        }
        if line.trim().is_empty() {
            return vec![];
        }
        self.last_words.hear(line);
        vec![AgentEvent::Text(cut(line, TEXT_BYTES))]
    }

    fn finish(&mut self, exit: Exit) -> Ending {
        let outcome = match exit {
            Exit { code: Some(0), .. } => return Ending::new(RunOutcome::Completed, None),
            Exit { code: Some(_), .. } => RunOutcome::Failed,
            Exit { code: None, .. } => RunOutcome::Crashed,
        };
        Ending::new(outcome, self.last_words.after(&format!("the agent {exit}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_is_the_outcome() {
        for (exit, outcome, detail) in [
            (Exit::code(0), RunOutcome::Completed, None),
            (Exit::code(3), RunOutcome::Failed, Some("the agent ended with exit code `3`: no such file")),
            (Exit::signal(9), RunOutcome::Crashed, Some("the agent was killed by signal `9`: no such file")),
        ] {
            let mut decoder = CommandDecoder::default();
            decoder.push(Stream::Stderr, "no such file");
            decoder.push(Stream::Stderr, " ");
            assert_eq!(decoder.finish(exit), Ending::new(outcome, detail.map(str::to_owned)));
        }
    }

    #[test]
    fn usage_is_counted_from_marked_lines_of_standard_output_only() {
        let line = r#"AUTOCODER_USAGE {"message_id":"m1","model":"x","input_tokens":5,"output_tokens":7,"cache_read_tokens":9}"#;
        let sample = Sample {
            message_id: "m1".into(),
            model: "x".into(),
            tokens: Tokens { input: 5, output: 7, cache_read: 9, ..Tokens::default() },
            state: SampleState::Final,
        };
        let unnamed =
            Sample { message_id: "line-2".into(), model: String::new(), tokens: Tokens::default(), ..sample.clone() };
        let mut decoder = CommandDecoder::default();
        assert_eq!(decoder.push(Stream::Stdout, line), [AgentEvent::Usage(sample)]);
        assert_eq!(decoder.push(Stream::Stdout, "AUTOCODER_USAGE {}"), [AgentEvent::Usage(unnamed)]);
        for (stream, line) in [
            (Stream::Stderr, line),
            (Stream::Stdout, "AUTOCODER_USAGE {\"input_tokens\":-1}"),
            (Stream::Stdout, "AUTOCODER_USAGE {"),
            (Stream::Stdout, " AUTOCODER_USAGE {}"),
        ] {
            assert_eq!(decoder.push(stream, line), [AgentEvent::Text(line.into())]);
        }
    }
}
