//! Rank: one number that orders work by priority and by waiting, without looking at the clock.

use crate::time::Timestamp;

/// Seconds of waiting that are worth one point of priority, so that a day is worth 50.
pub const SECONDS_PER_PRIORITY: i64 = 86_400 / 50;

/// `eligible_since` in seconds + 1,728 · priority; lower goes first. Two items compare as
/// `priority - 50 · days waited` would at any one moment, because both wait equally long from then on.
#[must_use]
pub const fn rank(eligible_since: Timestamp, priority: i32) -> i64 {
    eligible_since.seconds() + SECONDS_PER_PRIORITY * priority as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rank_orders_like_priority_less_fifty_a_day(
            p in 0i32..1000, q in 0i32..1000, s in 0i64..10_000_000, t in 0i64..10_000_000, later in 0i64..1_000_000,
        ) {
            let now = 10_000_000 + later;
            let effective = |priority: i32, since: i64| f64::from(priority) - 50.0 * (now - since) as f64 / 86_400.0;
            let (a, b) = (effective(p, s), effective(q, t));
            let (x, y) = (rank(Timestamp(s * 1_000_000), p), rank(Timestamp(t * 1_000_000), q));
            prop_assert!((a - b).abs() < 1e-6 || (a < b) == (x < y));
        }
    }
}
