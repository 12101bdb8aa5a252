//! What a token costs, in whole pico-USD, so that no cost is ever rounded twice.

use std::collections::BTreeMap;

use crate::run::Tokens;

/// The prices of one version, by model.
pub type ModelPrices = BTreeMap<String, Price>;

/// The price of one token of each kind, in pico-USD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Uncached input.
    pub input: u64,
    /// Output, reasoning included.
    pub output: u64,
    /// Read from the cache.
    pub cache_read: u64,
    /// Written to the cache for five minutes.
    pub cache_write_5m: u64,
    /// Written to the cache for an hour.
    pub cache_write_1h: u64,
}

impl Price {
    /// The cost of `tokens` in nano-USD, rounded half up, saturating.
    #[must_use]
    pub fn cost_nusd(&self, tokens: Tokens) -> u64 {
        let pico: u128 = [
            (tokens.input, self.input),
            (tokens.output, self.output),
            (tokens.cache_read, self.cache_read),
            (tokens.cache_write_5m, self.cache_write_5m),
            (tokens.cache_write_1h, self.cache_write_1h),
        ]
        .into_iter()
        .fold(0, |sum, (count, price)| u128::from(count).saturating_mul(price.into()).saturating_add(sum));
        u64::try_from(pico.saturating_add(500) / 1_000).unwrap_or(u64::MAX)
    }
}
