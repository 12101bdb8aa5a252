//! The burn rate, and what follows from it: when a limit is reached, with a range and how sure that is.

use serde::{Deserialize, Serialize};

/// The most days that the rate is taken from.
pub const DAYS: usize = 14;
/// After so many days a day counts half.
const HALF_LIFE_DAYS: f64 = 3.0;
/// An interval of 80 % of a normal distribution reaches so many standard errors to both sides.
const Z: f64 = 1.2816;

/// How much a forecast can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Nothing was used yet.
    None,
    /// From less than 3 days.
    Low,
    /// From less than 7 days, or from days that differ much.
    Medium,
    /// From a week or more of even days.
    High,
}

/// Whether the limit is reached before the period ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Exceeds {
    /// Over the whole range.
    Yes,
    /// In a part of the range.
    Maybe,
    /// In no part of it.
    No,
}

/// What is used a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BurnRate {
    /// From how many days.
    pub days: usize,
    /// The weighted average a day, more than 0.
    pub daily: f64,
    /// Its standard error.
    pub error: f64,
}

/// In how many days a limit is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eta {
    /// At the average.
    pub days: f64,
    /// At the fastest rate of the 80 % range.
    pub earliest: f64,
    /// At the slowest; none: never.
    pub latest: Option<f64>,
}

/// The rate of complete days, the oldest first, of which the last [`DAYS`] count; each day back counts less, by half
/// after 3 days. None without any use.
#[must_use]
pub fn burn_rate(days: &[u64]) -> Option<BurnRate> {
    let days = &days[days.len().saturating_sub(DAYS)..];
    let weight = |place: usize| 2_f64.powf(-((days.len() - place) as f64) / HALF_LIFE_DAYS);
    let weighted = || days.iter().enumerate().map(|(place, used)| (weight(place), *used as f64));
    let whole: f64 = weighted().map(|(weight, _)| weight).sum();
    let daily = weighted().map(|(weight, used)| weight * used).sum::<f64>() / whole;
    if days.is_empty() || daily <= 0.0 {
        return None;
    }
    let effective = whole * whole / weighted().map(|(weight, _)| weight * weight).sum::<f64>();
    let spread = weighted().map(|(weight, used)| weight * (used - daily).powi(2)).sum::<f64>() / whole;
    let error = match days.len() {
        1 => daily,
        _ => (spread * effective / (effective - 1.0) / effective).sqrt(),
    };
    Some(BurnRate { days: days.len(), daily, error })
}

impl BurnRate {
    /// In how many days `remaining` is used up.
    #[must_use]
    pub fn eta(&self, remaining: u64) -> Eta {
        let (remaining, slowest) = (remaining as f64, self.daily - Z * self.error);
        Eta {
            days: remaining / self.daily,
            earliest: remaining / (self.daily + Z * self.error),
            latest: (slowest > 0.0).then(|| remaining / slowest),
        }
    }

    /// How much it can be relied on.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        match self.days {
            0..3 => Confidence::Low,
            3..7 => Confidence::Medium,
            _ if self.error / self.daily > 0.35 => Confidence::Medium,
            _ => Confidence::High,
        }
    }
}

impl Eta {
    /// Whether the limit is reached in less than `days`.
    #[must_use]
    pub fn exceeds(&self, days: f64) -> Exceeds {
        if self.latest.is_some_and(|latest| latest < days) {
            Exceeds::Yes
        } else if self.earliest >= days {
            Exceeds::No
        } else {
            Exceeds::Maybe
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(days: f64) -> i64 {
        (days * 100.0).round() as i64
    }

    #[test]
    fn the_vectors_of_the_reference_hold() {
        let uneven = [20_000, 40_000, 0, 60_000, 35_000, 30_000, 45_230];
        let late = [0, 0, 0, 0, 0, 0, 0, 120_000];
        for (days, eta, range, confidence) in [
            (&[32_150; 14][..], 778, Some((778, 778)), Confidence::High),
            (&uneven, 700, Some((556, 947)), Confidence::High),
            (&[45_230], 553, None, Confidence::Low),
            (&late, 851, Some((431, 34_007)), Confidence::Medium),
        ] {
            let rate = burn_rate(days).unwrap();
            let found = rate.eta(250_000);
            assert_eq!((cents(found.days), rate.confidence()), (eta, confidence), "{days:?}");
            let found = found.latest.map(|latest| (cents(found.earliest), cents(latest)));
            assert_eq!(found, range, "{days:?}");
        }
        for nothing in [&[][..], &[0, 0]] {
            assert_eq!(burn_rate(nothing), None);
        }
    }

    #[test]
    fn only_the_last_days_count() {
        let long = [vec![1_000_000; 5], vec![10; DAYS]].concat();
        assert_eq!(burn_rate(&long), burn_rate(&[10; DAYS]));
    }

    #[test]
    fn the_range_says_whether_the_limit_comes_first() {
        let eta = Eta { days: 7.0, earliest: 5.0, latest: Some(9.0) };
        for (days, expected) in [(9.1, Exceeds::Yes), (9.0, Exceeds::Maybe), (5.1, Exceeds::Maybe), (5.0, Exceeds::No)]
        {
            assert_eq!(eta.exceeds(days), expected, "{days}");
        }
        assert_eq!(Eta { latest: None, ..eta }.exceeds(1_000.0), Exceeds::Maybe);
    }
}
