//! Budget periods: which window of time an instant falls into, and so when a budget resets.

mod calendar;

use autocoder_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use calendar::{Calendar, Cycle};

/// The longest rolling period, one year.
pub const MAX_ROLLING_HOURS: u32 = 8_760;

/// How a budget's window of time is cut out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Period {
    /// From one reset day to the next. A month without that day resets on its last day; the reset day itself stays.
    Monthly {
        /// Day of the month, 1 to 31.
        reset_day: u8,
        /// IANA time zone whose midnight counts.
        time_zone: String,
    },
    /// From one weekday to the next.
    Weekly {
        /// The day it starts on.
        weekday: Weekday,
        /// IANA time zone whose midnight counts.
        time_zone: String,
    },
    /// From midnight to midnight.
    Daily {
        /// IANA time zone whose midnight counts.
        time_zone: String,
    },
    /// The last hours before the instant.
    Rolling {
        /// Length in hours, 1 to [`MAX_ROLLING_HOURS`].
        hours: u32,
    },
    /// All time; it never resets.
    Lifetime,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say all")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A half-open span of time: `start` belongs to it, `end` does not. An absent bound is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first instant inside.
    pub start: Option<Timestamp>,
    /// The first instant after it, when the budget resets.
    pub end: Option<Timestamp>,
}

/// Why a period has no window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The reset day is no day of a month.
    #[error("reset_day `{0}` is not a day of a month; use 1 to 31 (a shorter month resets on its last day)")]
    ResetDay(u8),
    /// The time zone is not known.
    #[error("time_zone `{0}` is not known; use an IANA name such as `UTC`, `Europe/Berlin` or `America/New_York`")]
    TimeZone(String),
    /// The rolling period is too short or too long.
    #[error("hours `{0}` is out of range; use 1 to {MAX_ROLLING_HOURS}")]
    Hours(u32),
    /// The instant lies outside the calendar.
    #[error("now `{0}` (microseconds since 1970) is outside the calendar; check the machine's clock")]
    Now(i64),
}

impl PeriodError {
    /// The field at fault.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::ResetDay(_) => "reset_day",
            Self::TimeZone(_) => "time_zone",
            Self::Hours(_) => "hours",
            Self::Now(_) => "now",
        }
    }
}

impl Period {
    /// The window that contains `now`.
    ///
    /// A boundary is the local midnight of its day. A midnight that a clock change skips becomes the first instant
    /// after the gap; of two midnights the earlier counts.
    ///
    /// # Errors
    /// [`PeriodError`] names the field that is out of range.
    pub fn window(&self, now: Timestamp) -> Result<Window, PeriodError> {
        match self {
            Self::Monthly { reset_day, time_zone } => {
                if !(1..=31).contains(reset_day) {
                    return Err(PeriodError::ResetDay(*reset_day));
                }
                Calendar::new(Cycle::Months { reset_day: *reset_day }, time_zone)?.window(now)
            }
            Self::Weekly { weekday, time_zone } => {
                Calendar::new(Cycle::Days { length: 7, offset: *weekday as i64 }, time_zone)?.window(now)
            }
            Self::Daily { time_zone } => Calendar::new(Cycle::Days { length: 1, offset: 0 }, time_zone)?.window(now),
            Self::Rolling { hours: hours @ 1..=MAX_ROLLING_HOURS } => {
                Ok(Window { start: Some(now.plus_seconds(-3_600 * i64::from(*hours))), end: None })
            }
            Self::Rolling { hours } => Err(PeriodError::Hours(*hours)),
            Self::Lifetime => Ok(Window { start: None, end: None }),
        }
    }

    /// Whether [`Period::window`] works.
    ///
    /// # Errors
    /// As [`Period::window`].
    pub fn validate(&self) -> Result<(), PeriodError> {
        self.window(Timestamp(0)).map(|_| ())
    }
}

#[cfg(test)]
mod tests;
