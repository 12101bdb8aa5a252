//! Calendar periods in a time zone: the boundaries are local midnights.

use autocoder_core::time::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp as Instant};

use super::{PeriodError, Window};

const EPOCH: Date = Date::constant(1970, 1, 1);
/// Days from the first Monday before 1970 to 1970-01-01, a Thursday.
const EPOCH_AFTER_MONDAY: i64 = 3;

/// Which local days begin a period. Periods are numbered in order of time.
pub(super) enum Cycle {
    Months { reset_day: u8 },
    Days { length: i64, offset: i64 },
}

impl Cycle {
    /// The number of the period that `day` belongs to, or, for months, of its calendar month.
    fn number(&self, day: Date) -> i64 {
        match self {
            Self::Months { .. } => i64::from(day.year()) * 12 + i64::from(day.month()) - 1,
            Self::Days { length, offset } => {
                let days = i64::from((day - EPOCH).get_days());
                (days + EPOCH_AFTER_MONDAY - offset).div_euclid(*length)
            }
        }
    }

    /// The day that period `number` begins on; none outside the calendar.
    fn first_day(&self, number: i64) -> Option<Date> {
        match self {
            Self::Months { reset_day } => {
                let year = i16::try_from(number.div_euclid(12)).ok()?;
                let month = i8::try_from(number.rem_euclid(12) + 1).ok()?;
                let last = Date::new(year, month, 1).ok()?.days_in_month();
                Date::new(year, month, last.min(i8::try_from(*reset_day).ok()?)).ok()
            }
            Self::Days { length, offset } => {
                let days = number * length + offset - EPOCH_AFTER_MONDAY;
                EPOCH.checked_add(Span::new().try_days(days).ok()?).ok()
            }
        }
    }
}

pub(super) struct Calendar {
    cycle: Cycle,
    zone: TimeZone,
}

impl Calendar {
    pub(super) fn new(cycle: Cycle, time_zone: &str) -> Result<Self, PeriodError> {
        let zone = TimeZone::get(time_zone).map_err(|_| PeriodError::TimeZone(time_zone.to_owned()))?;
        Ok(Self { cycle, zone })
    }

    pub(super) fn window(&self, now: Timestamp) -> Result<Window, PeriodError> {
        let window = Instant::from_microsecond(now.0).ok().and_then(|instant| self.around(instant));
        let (start, end) = window.ok_or(PeriodError::Now(now.0))?;
        let bound = |at: Instant| Some(Timestamp(at.as_microsecond()));
        Ok(Window { start: bound(start), end: bound(end) })
    }

    /// The bounds around `now`. The local date is only a first guess: a reset day later in the month and clocks set
    /// back over midnight both put `now` into a neighbouring period.
    fn around(&self, now: Instant) -> Option<(Instant, Instant)> {
        let mut number = self.cycle.number(self.zone.to_datetime(now).date());
        while now < self.start(number)? {
            number -= 1;
        }
        while self.start(number + 1)? <= now {
            number += 1;
        }
        Some((self.start(number)?, self.start(number + 1)?))
    }

    fn start(&self, number: i64) -> Option<Instant> {
        first_instant(&self.zone, self.cycle.first_day(number)?.at(0, 0, 0, 0))
    }
}

/// When clocks in `zone` first show `time`: the earlier of two instants, or the end of the gap that skips it.
pub(crate) fn first_instant(zone: &TimeZone, time: DateTime) -> Option<Instant> {
    let ambiguous = zone.to_ambiguous_timestamp(time);
    let is_gap = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
    let at = ambiguous.compatible().ok()?;
    if !is_gap {
        return Some(at);
    }
    // `compatible` lies as far behind the gap as the time lies inside it.
    let after = at.checked_add(Span::new().nanoseconds(1)).ok()?;
    zone.preceding(after).next().map(|change| change.timestamp())
}
