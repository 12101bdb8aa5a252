//! Budget periods: which window of time an instant falls into, and so when a budget resets.

pub(crate) mod calendar;
mod days;

use autocoder_core::time::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use calendar::{Calendar, Cycle};

pub use autocoder_core::budget::{Period, Weekday};
pub use days::{Days, last_days};

/// A half-open span of time: `start` belongs to it, `end` does not. An absent bound is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    #[error("hours `{0}` is out of range; use 1 to {most}", most = Period::MAX_ROLLING_HOURS)]
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

/// Where a period's windows lie.
pub trait Windows {
    /// The window that contains `now`.
    ///
    /// A boundary is the local midnight of its day. A midnight that a clock change skips becomes the first instant
    /// after the gap; of two midnights the earlier counts.
    ///
    /// # Errors
    /// [`PeriodError`] names the field that is out of range.
    fn window(&self, now: Timestamp) -> Result<Window, PeriodError>;

    /// Whether [`Windows::window`] works.
    ///
    /// # Errors
    /// As [`Windows::window`].
    fn validate(&self) -> Result<(), PeriodError> {
        self.window(Timestamp(0)).map(|_| ())
    }
}

impl Windows for Period {
    fn window(&self, now: Timestamp) -> Result<Window, PeriodError> {
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
            Self::Rolling { hours: hours @ 1..=Period::MAX_ROLLING_HOURS } => {
                Ok(Window { start: Some(now.plus_seconds(-3_600 * i64::from(*hours))), end: None })
            }
            Self::Rolling { hours } => Err(PeriodError::Hours(*hours)),
            Self::Lifetime => Ok(Window { start: None, end: None }),
        }
    }
}

/// Whether there is an IANA time zone of that name.
#[must_use]
pub fn knows_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

#[cfg(test)]
mod tests;
