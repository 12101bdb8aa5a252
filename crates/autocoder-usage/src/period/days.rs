//! The last days in a time zone, with their names.

use autocoder_core::ids::ProjectId;
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageGroup, UsageQuestion};
use jiff::Timestamp as Instant;
use jiff::tz::TimeZone;

use super::{Period, PeriodError, Windows};

/// Days that follow each other; the last one may not be over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// When each begins.
    pub starts: Vec<Timestamp>,
    /// When the last one ends.
    pub end: Timestamp,
    /// Their dates, as in `2026-11-30`.
    pub dates: Vec<String>,
}

impl Days {
    /// The usage of these days.
    #[must_use]
    pub fn question(&self, project: Option<ProjectId>, group: UsageGroup) -> UsageQuestion {
        let from = self.starts.first().copied().unwrap_or(self.end);
        UsageQuestion { project, from, until: self.end, group, days: self.starts.clone() }
    }
}

/// The day of `now` in this time zone, and the `count` - 1 days before.
///
/// # Errors
/// A time zone that is not known, or a time outside the calendar.
pub fn last_days(now: Timestamp, count: u32, time_zone: &str) -> Result<Days, PeriodError> {
    let zone = TimeZone::get(time_zone).map_err(|_| PeriodError::TimeZone(time_zone.to_owned()))?;
    let daily = Period::Daily { time_zone: time_zone.to_owned() };
    let (mut starts, mut dates, mut end) = (Vec::new(), Vec::new(), None);
    let mut at = now;
    for _ in 0..count {
        let window = daily.window(at)?;
        let (Some(start), Some(after)) = (window.start, window.end) else { break };
        end = end.or(Some(after));
        let instant = Instant::from_microsecond(start.0).map_err(|_| PeriodError::Now(start.0))?;
        starts.push(start);
        dates.push(zone.to_datetime(instant).date().to_string());
        at = Timestamp(start.0 - 1);
    }
    starts.reverse();
    dates.reverse();
    Ok(Days { starts, end: end.unwrap_or(now), dates })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_zone_through_clock_changes() {
        // 2026-03-30T12:00:00Z, the day after clocks went forward in Berlin.
        let now = Timestamp(0).plus_seconds(1_774_872_000);
        let days = last_days(now, 3, "Europe/Berlin").unwrap();
        assert_eq!(days.dates, ["2026-03-28", "2026-03-29", "2026-03-30"]);
        let hours: Vec<_> = days.starts.iter().chain([&days.end]).map(|at| at.seconds() / 3_600).collect();
        assert_eq!(hours.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>(), [24, 23, 24]);
        assert!(last_days(now, 1, "Mars").is_err());
    }
}
