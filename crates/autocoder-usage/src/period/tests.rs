//! Vectors of windows, most of them from the executable reference.

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn monthly(reset_day: u8, zone: &str) -> Period {
    Period::Monthly { reset_day, time_zone: zone.into() }
}

fn check(period: &Period, now: &str, start: &str, end: &str) {
    let window = period.window(at(now)).unwrap();
    assert_eq!(window, Window { start: Some(at(start)), end: Some(at(end)) }, "{period:?} at {now}");
}

#[test]
fn a_month_runs_from_reset_day_to_reset_day() {
    for (now, day, zone, start, end) in [
        ("2026-03-01T00:00:00Z", 31, "UTC", "2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"),
        ("2026-02-28T00:00:00Z", 31, "UTC", "2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"),
        ("2026-02-27T23:59:59Z", 31, "UTC", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"),
        ("2026-03-31T00:00:00Z", 31, "UTC", "2026-03-31T00:00:00Z", "2026-04-30T00:00:00Z"),
        ("2028-02-29T12:00:00Z", 30, "UTC", "2028-02-29T00:00:00Z", "2028-03-30T00:00:00Z"),
        ("2028-02-29T12:00:00Z", 31, "UTC", "2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z"),
        ("2026-03-01T07:59:00Z", 1, "America/Los_Angeles", "2026-02-01T08:00:00Z", "2026-03-01T08:00:00Z"),
        ("2026-04-23T21:59:59Z", 24, "Africa/Cairo", "2026-03-23T22:00:00Z", "2026-04-23T22:00:00Z"),
        ("2026-04-23T22:00:00Z", 24, "Africa/Cairo", "2026-04-23T22:00:00Z", "2026-05-23T21:00:00Z"),
        ("2026-01-01T00:00:00Z", 31, "UTC", "2025-12-31T00:00:00Z", "2026-01-31T00:00:00Z"),
        ("2026-11-22T12:00:00Z", 1, "UTC", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        ("2026-12-31T23:59:59Z", 1, "UTC", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    ] {
        check(&monthly(day, zone), now, start, end);
    }
}

#[test]
fn a_skipped_midnight_becomes_the_end_of_the_gap_and_of_two_midnights_the_earlier_counts() {
    let daily = |zone: &str| Period::Daily { time_zone: zone.into() };
    for (now, zone, start, end) in [
        // 00:00 to 01:00 is skipped: the day begins at 01:00 local time.
        ("2026-04-24T00:00:00Z", "Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"),
        // 23:30 to 00:30 is skipped: the day begins at 00:30 local time.
        ("1919-03-31T12:00:00Z", "America/Toronto", "1919-03-31T04:30:00Z", "1919-04-01T04:00:00Z"),
        // The whole of 30 December 2011 is skipped.
        ("2011-12-30T10:00:00Z", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"),
        ("2011-12-30T09:59:59Z", "Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"),
        // Clocks go back from 01:00 to 00:00, so midnight comes twice.
        ("2026-11-01T05:30:00Z", "America/Havana", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"),
        // Clocks go back from 00:01 to 23:01: the last hour of the day before repeats after midnight.
        ("2010-11-07T03:00:00Z", "America/St_Johns", "2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z"),
    ] {
        check(&daily(zone), now, start, end);
    }
}

#[test]
fn a_week_runs_from_its_weekday_to_the_next() {
    for (now, weekday, start, end) in [
        ("2026-11-22T12:00:00Z", Weekday::Monday, "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("2026-11-22T12:00:00Z", Weekday::Sunday, "2026-11-22T00:00:00Z", "2026-11-29T00:00:00Z"),
        ("2026-11-22T12:00:00Z", Weekday::Thursday, "2026-11-19T00:00:00Z", "2026-11-26T00:00:00Z"),
        ("1969-12-31T00:00:00Z", Weekday::Thursday, "1969-12-25T00:00:00Z", "1970-01-01T00:00:00Z"),
    ] {
        check(&Period::Weekly { weekday, time_zone: "UTC".into() }, now, start, end);
    }
}

#[test]
fn a_rolling_period_looks_back_and_a_lifetime_has_no_bounds() {
    let now = at("2026-11-22T12:00:00Z");
    let rolling = Period::Rolling { hours: 5 }.window(now).unwrap();
    assert_eq!(rolling, Window { start: Some(at("2026-11-22T07:00:00Z")), end: None });
    assert_eq!(Period::Lifetime.window(now).unwrap(), Window { start: None, end: None });
}

#[test]
fn a_bad_field_is_named_with_the_rule() {
    for (period, field, hint) in [
        (monthly(0, "UTC"), "reset_day", "1 to 31"),
        (monthly(32, "UTC"), "reset_day", "1 to 31"),
        (monthly(1, "Mars/Olympus"), "time_zone", "`Europe/Berlin`"),
        (Period::Daily { time_zone: String::new() }, "time_zone", "IANA"),
        (Period::Daily { time_zone: "../../etc/passwd".into() }, "time_zone", "IANA"),
        (Period::Rolling { hours: 0 }, "hours", "1 to 8760"),
        (Period::Rolling { hours: u32::MAX }, "hours", "1 to 8760"),
    ] {
        let error = period.validate().unwrap_err();
        assert_eq!(error.field(), field);
        assert!(error.to_string().contains(hint), "{error}");
    }
}

#[test]
fn an_instant_outside_the_calendar_is_an_error() {
    for now in [i64::MIN, i64::MAX, jiff::Timestamp::MAX.as_microsecond(), jiff::Timestamp::MIN.as_microsecond()] {
        assert_eq!(monthly(1, "UTC").window(Timestamp(now)), Err(PeriodError::Now(now)));
    }
}

#[test]
fn a_period_reads_as_tagged_snake_case() {
    for (text, period) in [
        (r#"{"kind":"monthly","reset_day":31,"time_zone":"UTC"}"#, monthly(31, "UTC")),
        (
            r#"{"kind":"weekly","weekday":"monday","time_zone":"UTC"}"#,
            Period::Weekly { weekday: Weekday::Monday, time_zone: "UTC".into() },
        ),
        (r#"{"kind":"rolling","hours":5}"#, Period::Rolling { hours: 5 }),
        (r#"{"kind":"lifetime"}"#, Period::Lifetime),
    ] {
        assert_eq!(serde_json::from_str::<Period>(text).unwrap(), period);
        assert_eq!(serde_json::to_string(&period).unwrap(), text);
    }
}

proptest! {
    #[test]
    fn windows_contain_their_instant_and_tile_the_time_line(
        seconds in 0_i64..4_000_000_000,
        day in 1_u8..=31,
        zone in prop::sample::select(vec!["UTC", "Africa/Cairo", "America/Havana", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu"]),
    ) {
        let now = Timestamp(seconds * 1_000_000);
        for period in [monthly(day, zone), Period::Daily { time_zone: zone.into() }, Period::Weekly { weekday: Weekday::Friday, time_zone: zone.into() }] {
            let window = period.window(now).unwrap();
            let (start, end) = (window.start.unwrap(), window.end.unwrap());
            prop_assert!(start <= now && now < end);
            prop_assert_eq!(period.window(end).unwrap().start, Some(end));
            prop_assert_eq!(period.window(Timestamp(start.0 - 1)).unwrap().end, Some(start));
        }
    }
}
