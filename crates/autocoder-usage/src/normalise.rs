//! One meaning of tokens for all agents: each reports its own, some with the cache inside the input, some with the
//! reasoning outside the output.

use autocoder_core::run::Tokens;
use serde_json::Value;

/// Where a count of tokens comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Claude Code: one model's entry of `modelUsage` or `model_usage_since_last_result`.
    ClaudeModelUsage,
    /// Claude Code: `usage` of one message, as in Anthropic's API.
    ClaudeMessage,
    /// Codex: `usage` of `turn.completed`. It counts the whole thread, earlier processes included.
    CodexTurn,
    /// Gemini CLI: `stats` of `result`, or one model's entry in it.
    GeminiStats,
    /// opencode: `tokens` of `step_finish`.
    OpencodeStep,
}

/// The largest count believed: every JSON reader can hold it, and sums of a thousand of them fit a column.
const MAX_COUNT: u64 = (1 << 53) - 1;

/// The tokens in `raw`, with input, cache reads and cache writes apart and reasoning inside the output.
///
/// None when `raw` counts neither input nor output. A count that is missing, negative, fractional or absurdly high is 0.
/// A cache write without a lifetime counts as five minutes.
#[must_use]
pub fn tokens(source: Source, raw: &Value) -> Option<Tokens> {
    let find = |path: &str| raw.pointer(path).and_then(Value::as_u64).filter(|count| *count <= MAX_COUNT);
    let count = |path: &str| find(path).unwrap_or(0);
    let (input, output) = counted(source);
    find(input).or_else(|| find(output))?;
    Some(match source {
        Source::ClaudeModelUsage => with_lifetimes(
            Tokens {
                input: count(input),
                output: count(output),
                cache_read: count("/cacheReadInputTokens"),
                ..Tokens::default()
            },
            count("/cacheCreationInputTokens"),
            count("/cacheCreationEphemeral5mInputTokens"),
            count("/cacheCreationEphemeral1hInputTokens"),
        ),
        Source::ClaudeMessage => with_lifetimes(
            Tokens {
                input: count(input),
                output: count(output),
                cache_read: count("/cache_read_input_tokens"),
                ..Tokens::default()
            },
            count("/cache_creation_input_tokens"),
            count("/cache_creation/ephemeral_5m_input_tokens"),
            count("/cache_creation/ephemeral_1h_input_tokens"),
        ),
        Source::CodexTurn => {
            let (read, write) = (count("/cached_input_tokens"), count("/cache_write_input_tokens"));
            uncached(count(input), count(output), read, write)
        }
        Source::GeminiStats => {
            // `output_tokens` leaves the thoughts out, the total does not.
            let output = count("/total_tokens").saturating_sub(count(input)).max(count(output));
            uncached(count(input), output, count("/cached"), 0)
        }
        Source::OpencodeStep => Tokens {
            input: count(input),
            output: count(output).saturating_add(count("/reasoning")),
            cache_read: count("/cache/read"),
            cache_write_5m: count("/cache/write"),
            cache_write_1h: 0,
        },
    })
}

/// The fields of input and output.
const fn counted(source: Source) -> (&'static str, &'static str) {
    match source {
        Source::ClaudeModelUsage => ("/inputTokens", "/outputTokens"),
        Source::ClaudeMessage | Source::CodexTurn | Source::GeminiStats => ("/input_tokens", "/output_tokens"),
        Source::OpencodeStep => ("/input", "/output"),
    }
}

/// Adds cache writes, of which `total` may be known without the lifetimes, or the lifetimes without the total.
fn with_lifetimes(tokens: Tokens, total: u64, five_minutes: u64, one_hour: u64) -> Tokens {
    Tokens { cache_write_5m: total.saturating_sub(one_hour).max(five_minutes), cache_write_1h: one_hour, ..tokens }
}

/// Takes the cache out of an `input` that contains it.
const fn uncached(input: u64, output: u64, cache_read: u64, cache_write: u64) -> Tokens {
    Tokens {
        input: input.saturating_sub(cache_read).saturating_sub(cache_write),
        output,
        cache_read,
        cache_write_5m: cache_write,
        cache_write_1h: 0,
    }
}

#[cfg(test)]
mod tests {
    use Source::{ClaudeMessage, ClaudeModelUsage, CodexTurn, GeminiStats, OpencodeStep};
    use serde_json::json;

    use super::*;

    #[test]
    fn every_agents_recorded_usage_has_one_meaning() {
        for (source, raw, [input, output, cache_read, cache_write_5m, cache_write_1h]) in [
            (
                ClaudeModelUsage,
                json!({"inputTokens":9,"outputTokens":89,"cacheReadInputTokens":27000,"cacheCreationInputTokens":3600,"costUSD":0.024312,"thinkingTokens":0,"cacheCreationEphemeral5mInputTokens":3000,"cacheCreationEphemeral1hInputTokens":600}),
                [9, 89, 27_000, 3_000, 600],
            ),
            // Version 2.1.197 does not say for how long it cached.
            (
                ClaudeModelUsage,
                json!({"inputTokens":6,"outputTokens":59,"cacheReadInputTokens":18000,"cacheCreationInputTokens":2400,"costUSD":0.016203}),
                [6, 59, 18_000, 2_400, 0],
            ),
            (
                ClaudeMessage,
                json!({"input_tokens":3,"cache_creation_input_tokens":1200,"cache_read_input_tokens":9000,"cache_creation":{"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":200},"output_tokens":1,"service_tier":"standard"}),
                [3, 1, 9_000, 1_000, 200],
            ),
            (
                ClaudeMessage,
                json!({"input_tokens":3,"cache_creation_input_tokens":1200,"cache_read_input_tokens":9000,"output_tokens":42}),
                [3, 42, 9_000, 1_200, 0],
            ),
            (ClaudeMessage, json!({"output_tokens":5,"input_tokens":null,"cache_creation":null}), [0, 5, 0, 0, 0]),
            (
                ClaudeMessage,
                json!({"output_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":200}}),
                [0, 5, 0, 1_000, 200],
            ),
            (
                CodexTurn,
                json!({"input_tokens":20400,"cached_input_tokens":18000,"cache_write_input_tokens":0,"output_tokens":84,"reasoning_output_tokens":24}),
                [2_400, 84, 18_000, 0, 0],
            ),
            (
                CodexTurn,
                json!({"input_tokens":100,"cached_input_tokens":60,"cache_write_input_tokens":30,"output_tokens":1}),
                [10, 1, 60, 30, 0],
            ),
            (
                GeminiStats,
                json!({"total_tokens":20484,"input_tokens":20400,"output_tokens":60,"cached":18000,"input":2400,"duration_ms":336,"tool_calls":1}),
                [2_400, 84, 18_000, 0, 0],
            ),
            (GeminiStats, json!({"input_tokens":100,"output_tokens":7}), [100, 7, 0, 0, 0]),
            (
                OpencodeStep,
                json!({"total":10242,"input":1200,"output":30,"reasoning":12,"cache":{"write":5,"read":9000}}),
                [1_200, 42, 9_000, 5, 0],
            ),
        ] {
            let expected = Tokens { input, output, cache_read, cache_write_5m, cache_write_1h };
            assert_eq!(tokens(source, &raw), Some(expected), "{source:?} {raw}");
        }
    }

    #[test]
    fn garbage_has_no_tokens_and_never_panics() {
        let all = [ClaudeModelUsage, ClaudeMessage, CodexTurn, GeminiStats, OpencodeStep];
        for raw in [
            json!(null),
            json!([]),
            json!("input_tokens"),
            json!({}),
            json!({"input_tokens": -1, "inputTokens": "9", "input": 1.5}),
            json!({"input_tokens": u64::MAX, "inputTokens": u64::MAX, "input": {"a": 1}}),
        ] {
            for source in all {
                assert_eq!(tokens(source, &raw), None, "{source:?} {raw}");
            }
        }
        let more_cache_than_input = json!({"input_tokens": 1, "cached_input_tokens": 5, "output_tokens": 0});
        assert_eq!(tokens(CodexTurn, &more_cache_than_input).unwrap().input, 0);
    }
}
