//! What tokens cost: prices in whole pico-USD a token, so that no cost is ever rounded twice.
//!
//! 1 USD per million tokens is 1,000,000 pico-USD per token. The built-in table holds Anthropic's list prices of the
//! Claude API as of 2026-10-24 (platform.claude.com, "Pricing"), for models that cost the same at any prompt length
//! at default settings. Batch, fast and regional prices are not in it. On a subscription a cost is an API equivalent.

use autocoder_core::run::Tokens;

use crate::model::canonical;

/// Names the built-in table; it changes with every change of a price.
pub const PRICE_VERSION: &str = "2026-10-24";

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
    /// Anthropic's rule: writing to the cache costs 1.25 (five minutes) or 2 times (an hour) the input.
    const fn claude(input: u64, output: u64, cache_read: u64) -> Self {
        Self { input, output, cache_read, cache_write_5m: input / 4 * 5, cache_write_1h: input * 2 }
    }

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

const PRICES: [(&str, Price); 17] = [
    (
        "claude-3-haiku",
        Price {
            input: 250_000,
            output: 1_250_000,
            cache_read: 30_000,
            cache_write_5m: 300_000,
            cache_write_1h: 500_000,
        },
    ),
    ("claude-3-5-haiku", Price::claude(800_000, 4_000_000, 80_000)),
    ("claude-3-7-sonnet", Price::claude(3_000_000, 15_000_000, 300_000)),
    ("claude-haiku-4-5", Price::claude(1_000_000, 5_000_000, 100_000)),
    ("claude-sonnet-4", Price::claude(3_000_000, 15_000_000, 300_000)),
    ("claude-sonnet-4-5", Price::claude(3_000_000, 15_000_000, 300_000)),
    ("claude-sonnet-4-6", Price::claude(3_000_000, 15_000_000, 300_000)),
    ("claude-sonnet-5", Price::claude(2_000_000, 10_000_000, 200_000)),
    ("claude-sonnet-5-5", Price::claude(2_000_000, 10_000_000, 100_000)),
    ("claude-opus-4", Price::claude(15_000_000, 75_000_000, 1_500_000)),
    ("claude-opus-4-1", Price::claude(15_000_000, 75_000_000, 1_500_000)),
    ("claude-opus-4-5", Price::claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-4-6", Price::claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-4-7", Price::claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-4-8", Price::claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-5", Price::claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-5-5", Price::claude(4_000_000, 20_000_000, 200_000)),
];

/// The built-in price of `model`: the longest name in the table that begins it. A further version number makes
/// another model, so that a model newer than the table is unpriced rather than priced as an older one.
#[must_use]
pub fn price(model: &str) -> Option<Price> {
    let model = canonical(model);
    let begins = |name: &str| match model.strip_prefix(name).map(str::as_bytes) {
        Some([] | [b'-', b'a'..=b'z', ..]) => true,
        Some(_) | None => false,
    };
    PRICES.iter().filter(|(name, _)| begins(name)).max_by_key(|(name, _)| name.len()).map(|(_, price)| *price)
}

/// What `tokens` of `model` cost in nano-USD; none when the model is not in the table. It is then shown as unpriced,
/// never as 0.
#[must_use]
pub fn cost_nusd(model: &str, tokens: Tokens) -> Option<u64> {
    price(model).map(|price| price.cost_nusd(tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens([input, output, cache_read, cache_write_5m, cache_write_1h]: [u64; 5]) -> Tokens {
        Tokens { input, output, cache_read, cache_write_5m, cache_write_1h }
    }

    #[test]
    fn the_cost_is_what_the_agent_itself_reports() {
        for (counts, nusd) in [
            ([9, 89, 27_000, 3_000, 600], 24_312_000),
            ([12, 128_000, 36_000, 4_000, 800], 1_950_636_000),
            ([9, 126, 27_000, 3_000, 600], 24_867_000),
            ([3, 17, 9_000, 1_000, 200], 7_914_000),
            ([0; 5], 0),
        ] {
            assert_eq!(cost_nusd("claude-sonnet-4-5", tokens(counts)), Some(nusd), "{counts:?}");
        }
    }

    #[test]
    fn half_a_nano_usd_is_rounded_up_and_a_huge_count_saturates() {
        let price = Price { input: 1, output: 500, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0 };
        for (counts, nusd) in
            [([499, 0, 0, 0, 0], 0), ([500, 0, 0, 0, 0], 1), ([0, 1, 0, 0, 0], 1), ([999, 1, 0, 0, 0], 1)]
        {
            assert_eq!(price.cost_nusd(tokens(counts)), nusd, "{counts:?}");
        }
        assert_eq!(cost_nusd("claude-opus-4-1", tokens([u64::MAX; 5])), Some(u64::MAX));
    }

    #[test]
    fn a_model_matches_its_longest_name_and_never_an_older_version() {
        let input = |model| price(model).map(|price| price.input);
        for (model, usd_per_million) in [
            ("claude-sonnet-4-5-20250929", Some(3)),
            ("claude-sonnet-4-5[1m]", Some(3)),
            ("claude-opus-4-20250514", Some(15)),
            ("claude-opus-4-1-20250805", Some(15)),
            ("eu.anthropic.claude-opus-4-5-20251101-v1:0", Some(5)),
            ("claude-opus-5", Some(5)),
            ("claude-opus-5-5", Some(4)),
            ("claude-sonnet-5-latest", Some(2)),
            ("claude-opus-4-9", None),
            ("claude-opus-45", None),
            ("claude-haiku-5-5", None),
            ("claude", None),
            ("claude-", None),
            ("gpt-6", None),
            ("<synthetic>", None),
            ("", None),
        ] {
            assert_eq!(input(model), usd_per_million.map(|usd| usd * 1_000_000), "{model}");
        }
    }
}
