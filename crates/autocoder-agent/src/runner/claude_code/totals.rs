//! What whole runs took, as Claude Code books it by model.

use autocoder_usage::normalise::{Source, tokens};
use serde_json::Value;

use super::super::ModelTotal;

/// The entries of a `modelUsage` or `model_usage_since_last_result`.
pub(super) fn totals_of_models(usage: &Value) -> Vec<ModelTotal> {
    let total = |(model, entry): (&String, &Value)| {
        let cost = entry.get("costUSD").and_then(Value::as_f64).filter(|usd| *usd >= 0.0);
        Some(ModelTotal {
            model: model.clone(),
            tokens: tokens(Source::ClaudeModelUsage, entry)?,
            cost_reported_nusd: cost.map(|usd| (usd * 1e9).round() as u64),
        })
    };
    usage.as_object().into_iter().flatten().filter_map(total).collect()
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
