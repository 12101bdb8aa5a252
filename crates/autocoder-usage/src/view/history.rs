//! Usage by day, model, project, phase, feature, task or agent.

use std::collections::BTreeMap;

use autocoder_core::usage_record::{UsageGroup, UsageSlice};
use serde::Serialize;

use crate::period::Days;
use crate::price::PriceTable;

/// Usage by groups over some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageHistory {
    /// How it is grouped.
    pub group_by: UsageGroup,
    /// The first day, in the time zone of the settings.
    #[cfg_attr(feature = "openapi", schema(example = "2026-11-01"))]
    pub from: String,
    /// The last day, which is today.
    #[cfg_attr(feature = "openapi", schema(example = "2026-11-30"))]
    pub until: String,
    /// By day: every day in order; else the greatest usage first.
    pub items: Vec<UsageHistoryItem>,
}

/// The usage of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageHistoryItem {
    /// The day, when grouped by day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, example = "2026-11-30"))]
    pub date: Option<String>,
    /// The model, when grouped by model.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub model: Option<String>,
    /// The id of the project, phase, feature or task; absent: usage of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub id: Option<i64>,
    /// Its name, or the agent; absent: it is gone, or there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub name: Option<String>,
    /// Input and output.
    pub tokens: u64,
    /// Input that was not cached.
    pub input_tokens: u64,
    /// Output.
    pub output_tokens: u64,
    /// Read from the cache.
    pub cache_read_tokens: u64,
    /// Written to the cache.
    pub cache_write_tokens: u64,
    /// The cost in nano-USD of what has a price.
    pub cost_nusd: u64,
    /// Input and output of models without a price.
    pub unpriced_tokens: u64,
    /// Input and output of rehearsals, which are in no other field.
    pub rehearsal_tokens: u64,
}

/// The history of these days, by the prices in force.
#[must_use]
pub fn history(slices: Vec<UsageSlice>, group_by: UsageGroup, days: &Days, prices: &PriceTable) -> UsageHistory {
    let mut groups: BTreeMap<(Option<i64>, Option<String>), UsageHistoryItem> = BTreeMap::new();
    if group_by == UsageGroup::Day {
        groups.extend((0..).zip(&days.dates).map(|(place, _)| ((Some(place), None), UsageHistoryItem::default())));
    }
    for slice in slices {
        let word = match group_by {
            UsageGroup::Model => Some(slice.model.clone()),
            UsageGroup::Agent => slice.name.clone(),
            _ => None,
        };
        groups.entry((slice.key, word)).or_default().add(&slice, prices);
    }
    let mut items: Vec<_> =
        groups.into_iter().map(|((key, word), item)| named(group_by, (key, word), item, days)).collect();
    if group_by != UsageGroup::Day {
        items.sort_by_key(|item| std::cmp::Reverse(item.tokens));
    }
    let date = |date: Option<&String>| date.cloned().unwrap_or_default();
    UsageHistory { group_by, from: date(days.dates.first()), until: date(days.dates.last()), items }
}

fn named(
    group_by: UsageGroup,
    (key, word): (Option<i64>, Option<String>),
    item: UsageHistoryItem,
    days: &Days,
) -> UsageHistoryItem {
    match group_by {
        UsageGroup::Day => {
            let place = key.and_then(|place| usize::try_from(place).ok());
            UsageHistoryItem { date: place.and_then(|place| days.dates.get(place).cloned()), ..item }
        }
        UsageGroup::Model => UsageHistoryItem { model: word, ..item },
        UsageGroup::Agent => UsageHistoryItem { name: word, ..item },
        UsageGroup::Project | UsageGroup::Phase | UsageGroup::Feature | UsageGroup::Task => {
            UsageHistoryItem { id: key, ..item }
        }
    }
}

impl UsageHistoryItem {
    fn add(&mut self, slice: &UsageSlice, prices: &PriceTable) {
        let tokens = slice.tokens;
        self.name = self.name.take().or_else(|| slice.name.clone());
        if slice.rehearsal {
            self.rehearsal_tokens = self.rehearsal_tokens.saturating_add(tokens.total());
            return;
        }
        self.tokens = self.tokens.saturating_add(tokens.total());
        self.input_tokens = self.input_tokens.saturating_add(tokens.input);
        self.output_tokens = self.output_tokens.saturating_add(tokens.output);
        self.cache_read_tokens = self.cache_read_tokens.saturating_add(tokens.cache_read);
        self.cache_write_tokens = self.cache_write_tokens.saturating_add(tokens.cache_write());
        self.cost_nusd = self.cost_nusd.saturating_add(slice.cost_nusd);
        if prices.is_unpriced(slice) {
            self.unpriced_tokens = self.unpriced_tokens.saturating_add(tokens.total());
        }
    }
}

#[cfg(test)]
mod tests {
    use autocoder_core::run::Tokens;
    use autocoder_core::time::Timestamp;

    use super::*;
    use crate::period::last_days;

    fn slice(key: Option<i64>, model: &str, rehearsal: bool, input: u64) -> UsageSlice {
        let tokens = Tokens { input, cache_read: 7, ..Tokens::default() };
        let cost_nusd = if model == "x" { 0 } else { input * 3 };
        UsageSlice { key, model: model.to_owned(), rehearsal, tokens, cost_nusd, ..UsageSlice::default() }
    }

    fn days() -> Days {
        last_days(Timestamp(0).plus_seconds(3 * 86_400), 3, "UTC").unwrap()
    }

    #[test]
    fn every_day_is_shown_and_rehearsals_stand_apart() {
        let slices = vec![
            slice(Some(0), "claude-opus-5", false, 10),
            slice(Some(0), "x", false, 5),
            slice(Some(2), "x", true, 9),
        ];
        let shown = history(slices, UsageGroup::Day, &days(), &PriceTable::built_in());
        assert_eq!((shown.from.as_str(), shown.until.as_str()), ("1970-01-02", "1970-01-04"));
        let facts: Vec<_> = shown
            .items
            .iter()
            .map(|item| (item.date.as_deref().unwrap(), item.tokens, item.unpriced_tokens, item.rehearsal_tokens))
            .collect();
        assert_eq!(facts, [("1970-01-02", 15, 5, 0), ("1970-01-03", 0, 0, 0), ("1970-01-04", 0, 0, 9)]);
        assert_eq!((shown.items[0].cost_nusd, shown.items[2].cost_nusd, shown.items[2].cache_read_tokens), (30, 0, 0));
    }

    #[test]
    fn other_groups_show_the_greatest_first() {
        let slices = vec![slice(None, "a", false, 1), slice(None, "b", false, 5)];
        let models = history(slices, UsageGroup::Model, &days(), &PriceTable::built_in()).items;
        assert_eq!(models.iter().map(|item| item.model.as_deref().unwrap()).collect::<Vec<_>>(), ["b", "a"]);
        let slices = vec![slice(None, "a", false, 1), slice(Some(4), "a", false, 5), slice(Some(4), "b", false, 6)];
        let phases = history(slices, UsageGroup::Phase, &days(), &PriceTable::built_in()).items;
        assert_eq!(phases.iter().map(|item| (item.id, item.tokens)).collect::<Vec<_>>(), [(Some(4), 11), (None, 1)]);
    }
}
