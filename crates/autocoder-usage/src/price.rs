//! What tokens cost: prices in whole pico-USD a token, so that no cost is ever rounded twice.
//!
//! 1 USD per million tokens is 1,000,000 pico-USD per token. The built-in table holds Anthropic's list prices of the
//! Claude API as of 2026-10-24 (platform.claude.com, "Pricing"), for models that cost the same at any prompt length
//! at default settings. Batch, fast and regional prices are not in it. On a subscription a cost is an API equivalent.

mod change;
mod decimal;
mod file;

pub use change::{PriceChange, change_prices};
pub(crate) use decimal::usd;
pub use file::{NewPrices, parse};

use autocoder_core::ports::{Out, Store};
use autocoder_core::price::{ModelPrices, Price};
use autocoder_core::run::Tokens;
use autocoder_core::usage_record::UsageSlice;

use crate::meter::unreadable;
use crate::model::canonical;

/// Names the built-in table; it changes with every change of a price.
pub const PRICE_VERSION: &str = "2026-10-24";

/// Under which key the ledger keeps the version in force; null or nothing: the built-in table.
pub(crate) const SETTING: &str = "prices";

/// Anthropic's rule: writing to the cache costs 1.25 (five minutes) or 2 times (an hour) the input.
const fn claude(input: u64, output: u64, cache_read: u64) -> Price {
    Price { input, output, cache_read, cache_write_5m: input / 4 * 5, cache_write_1h: input * 2 }
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
    ("claude-3-5-haiku", claude(800_000, 4_000_000, 80_000)),
    ("claude-3-7-sonnet", claude(3_000_000, 15_000_000, 300_000)),
    ("claude-haiku-4-5", claude(1_000_000, 5_000_000, 100_000)),
    ("claude-sonnet-4", claude(3_000_000, 15_000_000, 300_000)),
    ("claude-sonnet-4-5", claude(3_000_000, 15_000_000, 300_000)),
    ("claude-sonnet-4-6", claude(3_000_000, 15_000_000, 300_000)),
    ("claude-sonnet-5", claude(2_000_000, 10_000_000, 200_000)),
    ("claude-sonnet-5-5", claude(2_000_000, 10_000_000, 100_000)),
    ("claude-opus-4", claude(15_000_000, 75_000_000, 1_500_000)),
    ("claude-opus-4-1", claude(15_000_000, 75_000_000, 1_500_000)),
    ("claude-opus-4-5", claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-4-6", claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-4-7", claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-4-8", claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-5", claude(5_000_000, 25_000_000, 500_000)),
    ("claude-opus-5-5", claude(4_000_000, 20_000_000, 200_000)),
];

/// The prices of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceTable {
    /// The name of the version, which never has other prices.
    pub version: String,
    /// Whether it came with this program.
    pub built_in: bool,
    /// The prices, by the canonical name of the model.
    pub models: ModelPrices,
}

impl PriceTable {
    /// The table that came with this program.
    #[must_use]
    pub fn built_in() -> Self {
        let models = PRICES.iter().map(|(name, price)| ((*name).to_owned(), *price)).collect();
        Self { version: PRICE_VERSION.to_owned(), built_in: true, models }
    }

    /// The price of `model`. For Claude models it is that of the longest name that begins it, but a further version
    /// number makes another model, so that one newer than the table is unpriced rather than priced as an older one.
    #[must_use]
    pub fn price(&self, model: &str) -> Option<Price> {
        let model = canonical(model);
        let shorter = model.rmatch_indices('-').filter_map(|(place, _)| {
            let (name, rest) = (model.get(..place)?, model.get(place + 1..)?);
            (name.starts_with("claude-") && rest.starts_with(|c: char| c.is_ascii_lowercase())).then_some(name)
        });
        std::iter::once(model).chain(shorter).find_map(|name| self.models.get(name)).copied()
    }

    /// What `tokens` of `model` cost in nano-USD; none when the model is not in the table. It is then shown as unpriced,
    /// never as 0.
    #[must_use]
    pub fn cost_nusd(&self, model: &str, tokens: Tokens) -> Option<u64> {
        self.price(model).map(|price| price.cost_nusd(tokens))
    }

    /// Whether usage has no cost because its model had no price when it was recorded.
    #[must_use]
    pub fn is_unpriced(&self, slice: &UsageSlice) -> bool {
        let costs = || self.cost_nusd(&slice.model, slice.tokens).is_none_or(|cost| cost > 0);
        slice.tokens.all() > 0 && slice.cost_nusd == 0 && costs()
    }
}

/// The prices in force.
///
/// # Errors
/// Only what the store refuses.
pub async fn read_prices(store: &dyn Store) -> Out<PriceTable> {
    match store.ledger().setting(SETTING).await? {
        None | Some(serde_json::Value::Null) => Ok(PriceTable::built_in()),
        Some(version) => {
            let version: String = serde_json::from_value(version).map_err(|error| unreadable(&error))?;
            let models = store.accounting().prices(&version).await?;
            Ok(PriceTable { version, built_in: false, models })
        }
    }
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
            assert_eq!(PriceTable::built_in().cost_nusd("claude-sonnet-4-5", tokens(counts)), Some(nusd), "{counts:?}");
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
        assert_eq!(PriceTable::built_in().cost_nusd("claude-opus-4-1", tokens([u64::MAX; 5])), Some(u64::MAX));
    }

    #[test]
    fn a_model_matches_its_longest_name_and_never_an_older_version() {
        let input = |model| PriceTable::built_in().price(model).map(|price| price.input);
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
