//! What an error of a provider's API means for a run: by its HTTP status, or by the words of agents that print no more.

use autocoder_core::run::RunOutcome;

/// The outcome that an HTTP status stands for; none when the status says nothing.
pub(super) const fn outcome_of_status(status: u64) -> Option<RunOutcome> {
    match status {
        401 | 403 => Some(RunOutcome::Auth),
        402 => Some(RunOutcome::Billing),
        413 => Some(RunOutcome::ContextFull),
        429 => Some(RunOutcome::LimitReached),
        500.. => Some(RunOutcome::Overloaded),
        _ => None,
    }
}

/// Phrases of error messages, in lower case, and what they stand for; the first that is found counts.
const PHRASES: [(&str, RunOutcome); 30] = [
    ("billing", RunOutcome::Billing),
    ("credit balance", RunOutcome::Billing),
    ("insufficient_quota", RunOutcome::Billing),
    ("payment required", RunOutcome::Billing),
    ("usage limit", RunOutcome::LimitReached),
    ("rate limit", RunOutcome::LimitReached),
    ("rate_limit", RunOutcome::LimitReached),
    ("usage_limit_reached", RunOutcome::LimitReached),
    ("resource_exhausted", RunOutcome::LimitReached),
    ("resource has been exhausted", RunOutcome::LimitReached),
    ("quota", RunOutcome::LimitReached),
    ("too many requests", RunOutcome::LimitReached),
    ("status 429", RunOutcome::LimitReached),
    ("context window", RunOutcome::ContextFull),
    ("context length", RunOutcome::ContextFull),
    ("context_length_exceeded", RunOutcome::ContextFull),
    ("exceeds the maximum number of tokens", RunOutcome::ContextFull),
    ("unauthorized", RunOutcome::Auth),
    ("unauthenticated", RunOutcome::Auth),
    ("api key", RunOutcome::Auth),
    ("api_key", RunOutcome::Auth),
    ("not logged in", RunOutcome::Auth),
    ("auth method", RunOutcome::Auth),
    ("permission_denied", RunOutcome::Auth),
    ("model not found", RunOutcome::Misconfigured),
    ("overloaded", RunOutcome::Overloaded),
    ("high demand", RunOutcome::Overloaded),
    ("unavailable", RunOutcome::Overloaded),
    ("internal server error", RunOutcome::Overloaded),
    ("stream disconnected", RunOutcome::Overloaded),
];

/// The outcome that the words of an error stand for; none when they say nothing known.
pub(super) fn outcome_of_words(words: &str) -> Option<RunOutcome> {
    let words = words.to_lowercase();
    PHRASES.iter().find(|(phrase, _)| words.contains(phrase)).map(|(_, outcome)| *outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_errors_have_an_outcome() {
        for (status, outcome) in [
            (400, None),
            (401, Some(RunOutcome::Auth)),
            (402, Some(RunOutcome::Billing)),
            (429, Some(RunOutcome::LimitReached)),
            (503, Some(RunOutcome::Overloaded)),
        ] {
            assert_eq!(outcome_of_status(status), outcome, "{status}");
        }
        for (words, outcome) in [
            ("You've hit your usage limit. Try again at 5 pm.", Some(RunOutcome::LimitReached)),
            ("exceeded retry limit, last status: 429 Too Many Requests", Some(RunOutcome::LimitReached)),
            ("Quota exceeded. Check your plan and billing details.", Some(RunOutcome::Billing)),
            ("unexpected status 401 Unauthorized: Missing bearer", Some(RunOutcome::Auth)),
            ("Your input exceeds the context window of this model.", Some(RunOutcome::ContextFull)),
            ("We're currently experiencing high demand", Some(RunOutcome::Overloaded)),
            ("syntax error in main.rs", None),
        ] {
            assert_eq!(outcome_of_words(words), outcome, "{words}");
        }
    }
}
