//! A gauge: how much of a limit is used and left in the current period.

use autocoder_core::time::Timestamp;
use serde::Serialize;

use crate::period::{PeriodError, Window, Windows};
use crate::settings::{Measure, UsageSettings};

/// One basis point is a hundredth of a per cent.
const WHOLE_BP: u64 = 10_000;

/// What is used and left of one limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gauge {
    /// Tokens used in the window, by `measure`.
    pub used: u64,
    /// The limit in tokens; none: no limit.
    pub limit: Option<u64>,
    /// What is left, never below 0; none: no limit.
    pub available: Option<u64>,
    /// Used in basis points of the limit, over 10,000 when overdrawn; none: no limit.
    pub used_bp: Option<u64>,
    /// Left in basis points of the limit, never below 0; none: no limit. Bands are decided on it.
    pub available_bp: Option<u32>,
    /// Whether to warn a person.
    pub warn: bool,
    /// The period; its end is the reset.
    pub window: Window,
    /// Which tokens count.
    pub measure: Measure,
}

/// `used` in basis points of `limit`, rounded down, so that only a limit fully used shows 10,000. A limit of 0 is
/// always used up; without a limit there is no share.
#[must_use]
pub fn used_bp(used: u64, limit: Option<u64>) -> Option<u64> {
    limit.map(|limit| match u128::from(used).saturating_mul(WHOLE_BP.into()).checked_div(limit.into()) {
        Some(share) => u64::try_from(share).unwrap_or(u64::MAX),
        None => WHOLE_BP,
    })
}

/// What is left, in basis points of `limit`.
#[must_use]
pub fn available_bp(used: u64, limit: Option<u64>) -> Option<u32> {
    used_bp(used, limit).and_then(|used| u32::try_from(WHOLE_BP.saturating_sub(used)).ok())
}

/// The gauge of the monthly limit, when `used` tokens were used in the window that contains `now`.
///
/// # Errors
/// [`PeriodError`] for a reset day or time zone out of range.
pub fn gauge(settings: &UsageSettings, used: u64, now: Timestamp) -> Result<Gauge, PeriodError> {
    read(settings, settings.monthly_limit, used, now)
}

/// As [`gauge`], for the limit of rehearsals.
///
/// # Errors
/// As [`gauge`].
pub fn rehearsal_gauge(settings: &UsageSettings, used: u64, now: Timestamp) -> Result<Gauge, PeriodError> {
    read(settings, settings.rehearsal_limit, used, now)
}

fn read(settings: &UsageSettings, limit: Option<u64>, used: u64, now: Timestamp) -> Result<Gauge, PeriodError> {
    let available_bp = available_bp(used, limit);
    Ok(Gauge {
        used,
        limit,
        available: limit.map(|limit| limit.saturating_sub(used)),
        used_bp: used_bp(used, limit),
        available_bp,
        warn: available_bp.is_some_and(|left| left <= settings.warn_bp()),
        window: settings.period().window(now)?,
        measure: settings.measure,
    })
}

#[cfg(test)]
mod tests {
    use autocoder_core::scheduler::band::{Band, BandThresholds};
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(1_795_366_177_000_000);

    fn band(settings: &UsageSettings, left: Option<u32>) -> Band {
        let [critical_bp, low_bp, moderate_bp] = settings.thresholds();
        Band::of(left, &BandThresholds { critical_bp, low_bp, moderate_bp })
    }

    #[test]
    fn basis_points_and_bands_follow_the_reference() {
        for (used, limit, bp, expected) in [
            (0, Some(1_000_000), Some(0), Band::Normal),
            (749_999, Some(1_000_000), Some(7_499), Band::Normal),
            (750_000, Some(1_000_000), Some(7_500), Band::Moderate),
            (799_999, Some(1_000_000), Some(7_999), Band::Moderate),
            (899_999, Some(1_000_000), Some(8_999), Band::Moderate),
            (900_000, Some(1_000_000), Some(9_000), Band::Low),
            (949_999, Some(1_000_000), Some(9_499), Band::Low),
            (950_000, Some(1_000_000), Some(9_500), Band::Critical),
            (999_999, Some(1_000_000), Some(9_999), Band::Critical),
            (1_200_000, Some(1_000_000), Some(12_000), Band::Critical),
            (0, Some(0), Some(10_000), Band::Critical),
            (5, Some(0), Some(10_000), Band::Critical),
            (5, None, None, Band::Normal),
            (u64::MAX, Some(u64::MAX), Some(10_000), Band::Critical),
            (u64::MAX, Some(1), Some(u64::MAX), Band::Critical),
        ] {
            assert_eq!(used_bp(used, limit), bp, "{used} of {limit:?}");
            let left = available_bp(used, limit);
            assert_eq!(band(&UsageSettings::default(), left), expected, "{used} of {limit:?}");
        }
    }

    #[test]
    fn a_gauge_shows_what_is_left_until_the_reset() {
        let settings = UsageSettings::default();
        let gauge = gauge(&settings, 800_000, NOW).unwrap();
        assert_eq!((gauge.available, gauge.used_bp, gauge.available_bp), (Some(200_000), Some(8_000), Some(2_000)));
        assert!(gauge.warn);
        assert_eq!(gauge.window.end.unwrap().to_string(), "2026-12-01T00:00:00Z");
        assert!(!super::gauge(&settings, 799_999, NOW).unwrap().warn);
    }

    #[test]
    fn rehearsals_have_a_limit_of_their_own() {
        let settings = UsageSettings { rehearsal_limit: Some(100), ..UsageSettings::default() };
        assert_eq!(rehearsal_gauge(&settings, 150, NOW).unwrap().available, Some(0));
        let unlimited = rehearsal_gauge(&UsageSettings::default(), u64::MAX, NOW).unwrap();
        assert_eq!((unlimited.available, unlimited.available_bp, unlimited.warn), (None, None, false));
    }

    #[test]
    fn a_bad_period_is_an_error() {
        let settings = UsageSettings { time_zone: "Nowhere".into(), ..UsageSettings::default() };
        assert_eq!(gauge(&settings, 0, NOW), Err(PeriodError::TimeZone("Nowhere".into())));
    }

    proptest! {
        #[test]
        fn more_use_never_leaves_more(used: u64, more: u64, limit: u64) {
            let left = |used| available_bp(used, Some(limit)).unwrap();
            prop_assert!(left(used.saturating_add(more)) <= left(used));
            prop_assert_eq!(left(used) == 0, limit <= used);
        }
    }
}
