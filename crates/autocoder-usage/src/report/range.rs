//! A detailed report over some days.

use std::sync::Arc;

use autocoder_core::ids::ProjectId;
use autocoder_core::limits::InvalidField;
use autocoder_core::ports::{Out, Store};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageGroup;
use autocoder_core::view::ProjectView;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{MAX_DAYS, budget_views, history_of, project_forecast, project_stats, total_stats};
use crate::estimate::read_estimates;
use crate::meter::read_settings;
use crate::period::{Days, last_days};
use crate::price::read_prices;
use crate::view::{EstimateView, UsageHistoryItem, UsageReport};

/// Days of a report when nobody names them.
const DEFAULT_DAYS: i64 = 30;
/// Lines of a group that people are shown.
const MOST: usize = 20;
const GROUPS: [UsageGroup; 6] = [
    UsageGroup::Project,
    UsageGroup::Phase,
    UsageGroup::Feature,
    UsageGroup::Task,
    UsageGroup::Agent,
    UsageGroup::Model,
];

/// The days of a report, as dates in the time zone of the settings; left out: the 30 days until today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportDays {
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
}

impl ReportDays {
    /// The days in this time zone.
    ///
    /// # Errors
    /// What is no date, or out of order, or too many days.
    pub fn days(&self, now: Timestamp, time_zone: &str) -> Result<Days, Vec<InvalidField>> {
        let wrong = |field: &str, rule: String| vec![InvalidField { field: field.to_owned(), rule }];
        let zone = TimeZone::get(time_zone).map_err(|error| wrong("time_zone", error.to_string()))?;
        let date = |field: &str, text: &Option<String>| match text.as_deref() {
            None => Ok(None),
            Some(text) => text
                .parse::<Date>()
                .map(Some)
                .map_err(|_| wrong(field, format!("is `{text}`, must be a date such as `2026-11-30`"))),
        };
        let today = jiff::Timestamp::from_microsecond(now.0).map_err(|error| wrong("to", error.to_string()))?;
        let to = date("to", &self.to)?.unwrap_or_else(|| zone.to_datetime(today).date());
        let from = match date("from", &self.from)? {
            Some(from) => from,
            None => to.saturating_sub(jiff::Span::new().days(DEFAULT_DAYS - 1)),
        };
        let count = (to - from).get_days() + 1;
        if !(1..=i32::try_from(MAX_DAYS).unwrap_or(i32::MAX)).contains(&count) {
            return Err(wrong(
                "from",
                format!("is `{from}`, must be at most {MAX_DAYS} days before `{to}`, its last day"),
            ));
        }
        let noon = to.at(12, 0, 0, 0).to_zoned(zone).map_err(|error| wrong("to", error.to_string()))?;
        let at = Timestamp(noon.timestamp().as_microsecond());
        last_days(at, count.unsigned_abs(), time_zone).map_err(|error| wrong("to", error.to_string()))
    }
}

/// The report of one project or of all.
///
/// # Errors
/// Only what the store refuses.
pub async fn usage_report(store: &Arc<dyn Store>, project: Option<&ProjectView>, days: &Days) -> Out<UsageReport> {
    let as_of = store.ledger().now().await?;
    let id = project.map(|project| project.id);
    let prices = read_prices(&**store).await?;
    let by_day = history_of(&**store, id, days, UsageGroup::Day, &prices).await?;
    let mut groups = Vec::new();
    for group in GROUPS.into_iter().filter(|group| project.is_none() || *group != UsageGroup::Project) {
        groups.push(history_of(&**store, id, days, group, &prices).await?);
    }
    Ok(UsageReport {
        project_name: project.map(|project| project.name.clone()),
        as_of,
        time_zone: read_settings(store.ledger()).await?.time_zone,
        total: by_day.items.iter().fold(UsageHistoryItem::default(), plus),
        days: by_day,
        groups,
        most: MOST,
        stats: match project {
            Some(project) => project_stats(store, project).await?,
            None => total_stats(store).await?,
        },
        budgets: budget_views(&**store, id).await?,
        forecast: match project {
            Some(project) => Some(project_forecast(&**store, project).await?),
            None => None,
        },
        estimates: estimates(&**store, id.unwrap_or(ProjectId::INSTALLATION)).await?,
    })
}

async fn estimates(store: &dyn Store, project: ProjectId) -> Out<Vec<EstimateView>> {
    let learned = read_estimates(store, false).await?;
    let shown = (1..=5).map(|complexity| {
        let estimate = learned.of(project, "", complexity);
        let (p50_tokens, p80_tokens) = (estimate.p50().round() as u64, estimate.p80().round() as u64);
        EstimateView { complexity, p50_tokens, p80_tokens, learned_from: estimate.learned_from }
    });
    Ok(shown.collect())
}

fn plus(mut sum: UsageHistoryItem, day: &UsageHistoryItem) -> UsageHistoryItem {
    for (sum, more) in [
        (&mut sum.tokens, day.tokens),
        (&mut sum.input_tokens, day.input_tokens),
        (&mut sum.output_tokens, day.output_tokens),
        (&mut sum.cache_read_tokens, day.cache_read_tokens),
        (&mut sum.cache_write_tokens, day.cache_write_tokens),
        (&mut sum.cost_nusd, day.cost_nusd),
        (&mut sum.unpriced_tokens, day.unpriced_tokens),
        (&mut sum.rehearsal_tokens, day.rehearsal_tokens),
    ] {
        *sum = sum.saturating_add(more);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates_in_order_and_not_too_many() {
        let now = Timestamp(0).plus_seconds(1_795_366_177);
        let days = |from: &str, to: &str| {
            let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let days = ReportDays { from: text(from), to: text(to) }.days(now, "Europe/Berlin");
            days.map(|days| days.dates.len()).map_err(|fields| fields[0].field.clone())
        };
        for (from, to, found) in [
            ("", "", Ok(30)),
            ("2026-11-01", "2026-11-01", Ok(1)),
            ("2026-03-28", "2026-03-30", Ok(3)),
            ("2024-01-01", "2024-12-31", Ok(366)),
            ("2024-01-01", "2025-01-01", Err("from")),
            ("2026-11-02", "2026-11-01", Err("from")),
            ("2026-02-30", "", Err("from")),
            ("", "x", Err("to")),
        ] {
            assert_eq!(days(from, to), found.map_err(str::to_owned), "{from} {to}");
        }
    }
}
