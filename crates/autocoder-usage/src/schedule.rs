//! Schedules: whether a project is open at an instant, and when it opens next.

use std::ops::Range;

use autocoder_core::ids::ScheduleId;
use autocoder_core::schedule::{Schedule, ScheduleKind, TimeOfDay};
use autocoder_core::time::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant};

use crate::period::PeriodError;
use crate::period::calendar::first_instant;

/// The days looked at: yesterday's window may reach into today, and the next one begins within a week.
const DAYS: std::ops::RangeInclusive<i64> = -1..=8;

/// When new tasks are handed out again; none while they are. `spent` are those schedules of whose present window the
/// most was used. Without any enabled window for work, only quiet hours close.
///
/// A time that a clock change skips is the end of the gap, of two equal times the earlier counts; a window that lies
/// inside a gap is left out.
///
/// # Errors
/// [`PeriodError`] for a time zone that is not known, or a clock outside of the calendar.
pub fn closed_until(
    schedules: &[Schedule],
    spent: &[ScheduleId],
    now: Timestamp,
) -> Result<Option<Timestamp>, PeriodError> {
    let instant = instant_of(now)?;
    let (mut work, mut quiet) = (Vec::new(), Vec::new());
    let mut always_open = true;
    for schedule in schedules.iter().filter(|schedule| schedule.enabled) {
        let windows = windows(schedule, instant)?;
        match schedule.kind {
            ScheduleKind::Quiet => quiet.extend(windows),
            ScheduleKind::Work => {
                always_open = false;
                let is_spent = spent.contains(&schedule.id);
                work.extend(windows.into_iter().filter(|window| !(is_spent && window.contains(&instant))));
            }
        }
    }
    let opens = |at: &Instant| {
        (always_open || work.iter().any(|window| window.contains(at)))
            && !quiet.iter().any(|window| window.contains(at))
    };
    if opens(&instant) {
        return Ok(None);
    }
    let starts = work.iter().map(|window| window.start).chain(quiet.iter().map(|window| window.end));
    let last = quiet.iter().chain(&work).map(|window| window.end).max();
    let next = starts.filter(|at| *at > instant).filter(opens).min();
    // Quiet hours that never end within the days looked at: it is looked at again at their end.
    Ok(next.or(last).map(|at| Timestamp(at.as_microsecond())))
}

/// When the window began that is open now, of a schedule that is enabled.
///
/// # Errors
/// [`PeriodError`] for a time zone that is not known, or a clock outside of the calendar.
pub fn open_since(schedule: &Schedule, now: Timestamp) -> Result<Option<Timestamp>, PeriodError> {
    let instant = instant_of(now)?;
    let open = windows(schedule, instant)?.into_iter().find(|window| schedule.enabled && window.contains(&instant));
    Ok(open.map(|window| Timestamp(window.start.as_microsecond())))
}

fn instant_of(now: Timestamp) -> Result<Instant, PeriodError> {
    Instant::from_microsecond(now.0).map_err(|_| PeriodError::Now(now.0))
}

/// The windows of the days looked at.
fn windows(schedule: &Schedule, now: Instant) -> Result<Vec<Range<Instant>>, PeriodError> {
    let unknown = |_| PeriodError::TimeZone(schedule.time_zone.clone());
    let zone = TimeZone::get(&schedule.time_zone).map_err(unknown)?;
    let today = zone.to_datetime(now).date();
    let days = DAYS.filter_map(|offset| today.checked_add(Span::new().days(offset)).ok());
    let windows = days.filter_map(|day| window(schedule, &zone, day)).map(|(opens, closes)| opens..closes);
    Ok(windows.filter(|window| !window.is_empty()).collect())
}

/// The window that begins on `day`, when one does.
fn window(schedule: &Schedule, zone: &TimeZone, day: Date) -> Option<(Instant, Instant)> {
    let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
    schedule.days.iter().find(|wanted| **wanted as usize == weekday)?;
    let last = if schedule.ends > schedule.starts { day } else { day.tomorrow().ok()? };
    Some((first_instant(zone, at(day, schedule.starts))?, first_instant(zone, at(last, schedule.ends))?))
}

fn at(day: Date, time: TimeOfDay) -> DateTime {
    let part = |part: u8| i8::try_from(part).expect("hours and minutes are below 60");
    day.at(part(time.hour()), part(time.minute()), 0, 0)
}

#[cfg(test)]
mod tests {
    use autocoder_core::budget::Weekday;
    use autocoder_core::ids::ProjectId;
    use proptest::prelude::*;

    use super::*;

    const WORKDAYS: &[Weekday] =
        &[Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

    fn schedule(days: &[Weekday], starts: &str, ends: &str, zone: &str) -> Schedule {
        Schedule {
            id: ScheduleId(1),
            project: ProjectId(1),
            kind: ScheduleKind::Work,
            max_cost_nusd: None,
            days: days.to_vec(),
            starts: starts.parse().unwrap(),
            ends: ends.parse().unwrap(),
            time_zone: zone.to_owned(),
            enabled: true,
            created_at: Timestamp(0),
            version: 1,
        }
    }

    fn instant(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    fn next(schedules: &[Schedule], now: &str) -> String {
        closed_until(schedules, &[], instant(now)).unwrap().map_or("open".to_owned(), |at| at.to_string())
    }

    #[test]
    fn a_project_is_open_inside_of_its_windows() {
        let office = || schedule(WORKDAYS, "09:00", "17:00", "UTC");
        let night = || schedule(&[Weekday::Friday], "22:00", "06:00", "UTC");
        let whole = || schedule(&[Weekday::Sunday], "00:00", "00:00", "UTC");
        let off = || Schedule { enabled: false, ..office() };
        // 2026-11-20 is a Friday.
        for (schedules, now, expected) in [
            (vec![], "2026-11-20T03:00:00Z", "open"),
            (vec![off()], "2026-11-20T03:00:00Z", "open"),
            (vec![office()], "2026-11-20T08:59:59Z", "2026-11-20T09:00:00Z"),
            (vec![office()], "2026-11-20T09:00:00Z", "open"),
            (vec![office()], "2026-11-20T16:59:59Z", "open"),
            (vec![office()], "2026-11-20T17:00:00Z", "2026-11-23T09:00:00Z"),
            (vec![office(), night()], "2026-11-20T17:00:00Z", "2026-11-20T22:00:00Z"),
            (vec![office(), night()], "2026-11-21T05:59:59Z", "open"),
            (vec![office(), night()], "2026-11-21T06:00:00Z", "2026-11-23T09:00:00Z"),
            (vec![off(), night()], "2026-11-21T06:00:00Z", "2026-11-27T22:00:00Z"),
            (vec![whole()], "2026-11-22T00:00:00Z", "open"),
            (vec![whole()], "2026-11-22T23:59:59Z", "open"),
            (vec![whole()], "2026-11-23T00:00:00Z", "2026-11-29T00:00:00Z"),
            (vec![schedule(WORKDAYS, "09:00", "17:00", "Asia/Tokyo")], "2026-11-20T00:00:00Z", "open"),
            (vec![schedule(WORKDAYS, "09:00", "17:00", "Asia/Tokyo")], "2026-11-20T08:00:00Z", "2026-11-23T00:00:00Z"),
        ] {
            assert_eq!(next(&schedules, now), expected, "{schedules:?} at {now}");
        }
    }

    #[test]
    fn quiet_hours_close_whatever_other_windows_say() {
        let quiet = |days, starts, ends| Schedule {
            kind: ScheduleKind::Quiet,
            ..schedule(days, starts, ends, "Europe/Berlin")
        };
        let night = || quiet(Weekday::ALL, "22:00", "07:00");
        let office = || schedule(WORKDAYS, "06:00", "17:00", "Europe/Berlin");
        let always = || quiet(Weekday::ALL, "00:00", "00:00");
        // Berlin is an hour ahead; 2026-11-20 is a Friday.
        for (schedules, now, expected) in [
            (vec![night()], "2026-11-20T12:00:00Z", "open"),
            (vec![night()], "2026-11-20T21:00:00Z", "2026-11-21T06:00:00Z"),
            (vec![night()], "2026-11-21T05:59:59Z", "2026-11-21T06:00:00Z"),
            (vec![night()], "2026-11-21T06:00:00Z", "open"),
            (vec![night(), office()], "2026-11-20T05:30:00Z", "2026-11-20T06:00:00Z"),
            (vec![night(), office()], "2026-11-20T17:00:00Z", "2026-11-23T06:00:00Z"),
            (vec![Schedule { enabled: false, ..night() }], "2026-11-20T21:00:00Z", "open"),
            (vec![always()], "2026-11-20T12:00:00Z", "2026-11-28T23:00:00Z"),
            // On 29 March 2026 the night is an hour shorter, on 25 October an hour longer.
            (vec![night()], "2026-03-29T04:59:59Z", "2026-03-29T05:00:00Z"),
            (vec![night()], "2026-10-25T05:59:59Z", "2026-10-25T06:00:00Z"),
        ] {
            assert_eq!(next(&schedules, now), expected, "{schedules:?} at {now}");
        }
    }

    #[test]
    fn a_window_of_which_the_most_was_used_is_closed_until_the_next() {
        let night = schedule(&[Weekday::Friday, Weekday::Saturday], "22:00", "06:00", "UTC");
        for (now, spent, expected, since) in [
            ("2026-11-20T23:00:00Z", vec![], "open", Some("2026-11-20T22:00:00Z")),
            ("2026-11-20T23:00:00Z", vec![night.id], "2026-11-21T22:00:00Z", Some("2026-11-20T22:00:00Z")),
            ("2026-11-21T05:00:00Z", vec![night.id], "2026-11-21T22:00:00Z", Some("2026-11-20T22:00:00Z")),
            ("2026-11-21T07:00:00Z", vec![night.id], "2026-11-21T22:00:00Z", None),
        ] {
            let until = closed_until(std::slice::from_ref(&night), &spent, instant(now)).unwrap();
            assert_eq!(until.map_or("open".to_owned(), |at| at.to_string()), expected, "{now}");
            let opened = open_since(&night, instant(now)).unwrap();
            assert_eq!(opened.map(|at| at.to_string()).as_deref(), since, "{now}");
        }
    }

    #[test]
    fn clock_changes_move_the_bounds_to_the_end_of_the_gap_or_the_earlier_of_two_times() {
        let sunday = |starts: &str, ends: &str| vec![schedule(&[Weekday::Sunday], starts, ends, "Europe/Berlin")];
        for (schedules, now, expected) in [
            // On 29 March 2026 clocks go from 02:00 to 03:00, which is 01:00 UTC.
            (sunday("02:30", "04:00"), "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"),
            (sunday("02:30", "04:00"), "2026-03-29T01:00:00Z", "open"),
            (sunday("02:30", "04:00"), "2026-03-29T02:00:00Z", "2026-04-05T00:30:00Z"),
            (sunday("01:00", "02:30"), "2026-03-29T00:59:59Z", "open"),
            (sunday("01:00", "02:30"), "2026-03-29T01:00:00Z", "2026-04-04T23:00:00Z"),
            // A window that is skipped as a whole does not open.
            (sunday("02:15", "02:45"), "2026-03-28T12:00:00Z", "2026-04-05T00:15:00Z"),
            // On 25 October 2026 clocks go from 03:00 back to 02:00, which is 01:00 UTC.
            (sunday("02:30", "04:00"), "2026-10-25T00:30:00Z", "open"),
            (sunday("02:30", "04:00"), "2026-10-25T02:59:59Z", "open"),
            (sunday("01:00", "02:30"), "2026-10-25T00:30:00Z", "2026-11-01T00:00:00Z"),
        ] {
            assert_eq!(next(&schedules, now), expected, "{schedules:?} at {now}");
        }
    }

    #[test]
    fn a_zone_that_is_not_known_is_an_error() {
        let mars = [schedule(WORKDAYS, "09:00", "17:00", "Mars/Base")];
        assert_eq!(closed_until(&mars, &[], Timestamp(0)), Err(PeriodError::TimeZone("Mars/Base".to_owned())));
    }

    proptest! {
        #[test]
        fn at_the_next_opening_the_project_is_open(now in 0_i64..4_000_000_000, start in 0_u8..24, end in 0_u8..24) {
            let (starts, ends) = (format!("{start:02}:30"), format!("{end:02}:00"));
            let schedules = [schedule(&[Weekday::Sunday, Weekday::Wednesday], &starts, &ends, "America/New_York")];
            let now = Timestamp(now * 1_000_000);
            if let Some(opens) = closed_until(&schedules, &[], now).unwrap() {
                prop_assert!(opens > now);
                prop_assert_eq!(closed_until(&schedules, &[], opens).unwrap(), None);
            }
        }
    }
}
