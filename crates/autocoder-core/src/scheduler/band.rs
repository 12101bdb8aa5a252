//! Bands: how much of the tightest budget is left, in four steps.

use crate::vocabulary::closed_enum;

closed_enum! {
    /// How much of the tightest budget is left.
    Band, "band" {
        /// Enough for anything.
        Normal = "normal",
        /// First what completes something.
        Moderate = "moderate",
        /// Only small tasks.
        Low = "low",
        /// Nothing new; work at hand may finish.
        Critical = "critical",
    }
}

/// Where the bands begin, in basis points of the limit that are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BandThresholds {
    /// Critical from here down.
    pub critical_bp: u32,
    /// Low from here down.
    pub low_bp: u32,
    /// Moderate from here down.
    pub moderate_bp: u32,
}

impl Default for BandThresholds {
    fn default() -> Self {
        Self { critical_bp: 500, low_bp: 1_000, moderate_bp: 2_500 }
    }
}

impl Band {
    /// The band when `available_bp` basis points are left; none: no limit. Equality belongs to the stricter band.
    #[must_use]
    pub fn of(available_bp: Option<u32>, thresholds: &BandThresholds) -> Self {
        match available_bp {
            Some(left) if left <= thresholds.critical_bp => Self::Critical,
            Some(left) if left <= thresholds.low_bp => Self::Low,
            Some(left) if left <= thresholds.moderate_bp => Self::Moderate,
            Some(_) | None => Self::Normal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_belongs_to_the_stricter_band() {
        for (left, band) in [
            (None, Band::Normal),
            (Some(10_000), Band::Normal),
            (Some(2_501), Band::Normal),
            (Some(2_500), Band::Moderate),
            (Some(1_001), Band::Moderate),
            (Some(1_000), Band::Low),
            (Some(501), Band::Low),
            (Some(500), Band::Critical),
            (Some(0), Band::Critical),
        ] {
            assert_eq!(Band::of(left, &BandThresholds::default()), band, "{left:?}");
        }
    }
}
