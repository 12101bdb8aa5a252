//! Token counts as Claude Code writes them: input, cache reads and cache writes are disjoint, output holds reasoning.

use autocoder_core::run::Tokens;
use serde_json::Value;

use super::super::ModelTotal;

/// The `usage` of one message.
pub(super) fn tokens_of_message(usage: &Value) -> Tokens {
    let field = |name: &str| usage.pointer(name).and_then(Value::as_u64);
    let hour = field("/cache_creation/ephemeral_1h_input_tokens").unwrap_or_default();
    let written = field("/cache_creation_input_tokens").unwrap_or_default();
    Tokens {
        input: field("/input_tokens").unwrap_or_default(),
        output: field("/output_tokens").unwrap_or_default(),
        cache_read: field("/cache_read_input_tokens").unwrap_or_default(),
        cache_write_5m: written.saturating_sub(hour),
        cache_write_1h: hour,
    }
}

/// The entries of a `modelUsage`.
pub(super) fn totals_of_models(usage: &Value) -> Vec<ModelTotal> {
    usage.as_object().into_iter().flatten().map(|(model, entry)| total_of_model(model, entry)).collect()
}

fn total_of_model(model: &str, entry: &Value) -> ModelTotal {
    let field = |name: &str| entry.get(name).and_then(Value::as_u64).unwrap_or_default();
    let hour = field("cacheCreationEphemeral1hInputTokens");
    let cost = entry.get("costUSD").and_then(Value::as_f64).filter(|cost| *cost >= 0.0);
    ModelTotal {
        model: model.to_owned(),
        tokens: Tokens {
            input: field("inputTokens"),
            output: field("outputTokens"),
            cache_read: field("cacheReadInputTokens"),
            cache_write_5m: field("cacheCreationInputTokens").saturating_sub(hour),
            cache_write_1h: hour,
        },
        cost_reported_nusd: cost.map(|usd| (usd * 1e9).round() as u64),
    }
}

/// Adds `more` to `totals`, model by model.
pub(super) fn add_totals(totals: &mut Vec<ModelTotal>, more: Vec<ModelTotal>) {
    for next in more {
        match totals.iter_mut().find(|total| total.model == next.model) {
            Some(total) => {
                total.tokens = total.tokens.plus(next.tokens);
                total.cost_reported_nusd = match (total.cost_reported_nusd, next.cost_reported_nusd) {
                    (Some(a), Some(b)) => Some(a.saturating_add(b)),
                    (a, b) => a.or(b),
                };
            }
            None => totals.push(next),
        }
    }
}
