//! When a delivery that failed is tried again: the schedule of Standard Webhooks, with jitter.

use std::time::Duration;

use autocoder_core::time::Timestamp;

/// Seconds to wait before each try.
const DELAYS_S: [u32; 10] =
    [0, 5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 14 * 3_600, 20 * 3_600, 24 * 3_600];
/// A receiver may ask for at most so much patience.
const LONGEST: Duration = Duration::from_hours(24);

/// When to try again after `tries` failed ones, `now` being the last; none: never again. `chance` from 0 to 1 makes the
/// wait up to a tenth longer, so that a receiver that was away is not met by everybody at once. `asked` is what the
/// receiver asked for. `pace` shortens the schedule for tests; 1 is the real one.
pub(super) fn next_try(
    tries: u32,
    now: Timestamp,
    chance: f64,
    asked: Option<Duration>,
    pace: f64,
) -> Option<Timestamp> {
    let delay = DELAYS_S.get(usize::try_from(tries).ok()?)?;
    let planned = Duration::from_secs_f64(f64::from(*delay) * (1.0 + chance.clamp(0.0, 1.0) / 10.0) * pace);
    let wait = planned.max(asked.unwrap_or_default().min(LONGEST));
    Some(Timestamp(now.0.saturating_add(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX))))
}

/// What `Retry-After` asks for: seconds, or a date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at: Timestamp = chrono::DateTime::parse_from_rfc2822(value).ok()?.to_utc().into();
    u64::try_from(at.seconds_since(now)).ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_are_spread_over_three_days() {
        let now = Timestamp(0);
        let waits = |chance| (1..=9).map(move |tries| next_try(tries, now, chance, None, 1.0).unwrap().seconds());
        let hours = |hours: i64| hours * 3_600;
        let planned = [5, 300, 1_800, hours(2), hours(5), hours(10), hours(14), hours(20), hours(24)];
        assert!(waits(0.0).eq(planned));
        assert!(waits(1.0).zip(planned).all(|(wait, planned)| wait == planned + planned / 10));
        assert_eq!(next_try(10, now, 0.0, None, 1.0), None);
        assert_eq!(next_try(11, now, 0.0, Some(Duration::from_secs(1)), 1.0), None);
        assert_eq!(next_try(1, now, 0.0, None, 0.01).unwrap(), Timestamp(50_000));
    }

    #[test]
    fn a_receiver_may_ask_for_more_patience_up_to_a_day() {
        let asked =
            |seconds| next_try(1, Timestamp(0), 0.0, Some(Duration::from_secs(seconds)), 1.0).unwrap().seconds();
        assert_eq!([asked(0), asked(4), asked(60), asked(u64::MAX)], [5, 5, 60, 86_400]);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Timestamp(1_445_412_420_000_000);
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(60)),
            ("Wed, 21 Oct 2015 07:20:00 GMT", None),
            ("18446744073709551616", None),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
