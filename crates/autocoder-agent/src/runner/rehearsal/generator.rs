//! Seeded times and token counts that look like an agent at work.

use std::time::Duration;

use autocoder_core::run::Tokens;
use autocoder_usage::simulate::random::Generator;

/// What the agent's instructions and tools take at the start of a conversation.
const FIRST_CONTEXT_TOKENS: u64 = 14_000;

/// One task as it will be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Score {
    /// The time between two messages.
    pub(super) pause: Duration,
    /// The tokens of each message.
    pub(super) messages: Vec<Tokens>,
    /// Whether the task is passed in the end.
    pub(super) passes: bool,
}

/// Writes the score of a task: 20 to 60 seconds a point of complexity, at life's speed.
pub(super) fn score(mut generator: Generator, complexity: u64, speed: f64, fail_rate: f64) -> Score {
    let complexity = complexity.clamp(1, 5);
    let count = 2 + 2 * complexity;
    let millis = generator.between(20_000, 60_000) * complexity / count;
    let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
    let passes = !generator.chance(fail_rate);
    let mut context = 0;
    let messages = (0..count).map(|number| message(&mut generator, number, complexity, &mut context)).collect();
    Score { pause: Duration::from_secs_f64((millis as f64 / 1000.0 / speed).min(3_600.0)), messages, passes }
}

fn message(generator: &mut Generator, number: u64, complexity: u64, context: &mut u64) -> Tokens {
    let read = generator.between(300, 1_500) * complexity;
    let written = if number == 0 { FIRST_CONTEXT_TOKENS + read } else { read };
    let tokens = Tokens {
        input: generator.between(3, 40),
        output: generator.between(80, 400) * complexity,
        cache_read: *context,
        cache_write_5m: written,
        cache_write_1h: 0,
    };
    *context += written + tokens.output;
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_score(seed: &[u8], complexity: u64) -> Score {
        score(Generator::of_bytes(&[seed]), complexity, 1.0, 0.0)
    }

    #[test]
    fn the_same_seed_plays_the_same() {
        assert_eq!(a_score(b"7", 3), a_score(b"7", 3));
        assert_ne!(a_score(b"7", 3), a_score(b"8", 3));
    }

    #[test]
    fn a_task_takes_20_to_60_seconds_a_point() {
        for seed in 0..200_u8 {
            for complexity in 1..=5 {
                let score = a_score(&[seed], complexity);
                let seconds = score.pause.as_secs_f64() * score.messages.len() as f64 / complexity as f64;
                assert!((19.9..=60.1).contains(&seconds), "{seconds}");
                assert!(score.passes);
            }
        }
    }

    #[test]
    fn the_share_of_failures_is_the_rate() {
        for (rate, low, high) in [(0.0, 0, 0), (0.25, 200, 300), (1.0, 1000, 1000)] {
            let fails = |seed: &u32| !score(Generator::of_bytes(&[&seed.to_le_bytes()]), 1, 1.0, rate).passes;
            let failed = (0..1000).filter(fails).count();
            assert!((low..=high).contains(&failed), "{rate}: {failed}");
        }
    }

    #[test]
    fn a_speed_that_makes_no_sense_is_lifes() {
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                score(Generator::of_bytes(&[]), 2, speed, 0.0).pause,
                score(Generator::of_bytes(&[]), 2, 1.0, 0.0).pause
            );
        }
    }
}
