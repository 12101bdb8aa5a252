//! How a budget's window of time is cut out. Where its bounds lie is calculated outside of the core.

use serde::{Deserialize, Serialize};

use crate::limits::Checks;
use crate::vocabulary::closed_enum;

/// How a budget's window of time is cut out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Period {
    /// From one reset day to the next. A month without that day resets on its last day; the reset day itself stays.
    Monthly {
        /// Day of the month, 1 to 31.
        #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 31, example = 1))]
        reset_day: u8,
        /// IANA time zone whose midnight counts.
        #[cfg_attr(feature = "openapi", schema(example = "UTC"))]
        time_zone: String,
    },
    /// From one weekday to the next.
    Weekly {
        /// The day it starts on.
        weekday: Weekday,
        /// IANA time zone whose midnight counts.
        #[cfg_attr(feature = "openapi", schema(example = "Europe/Berlin"))]
        time_zone: String,
    },
    /// From midnight to midnight.
    Daily {
        /// IANA time zone whose midnight counts.
        #[cfg_attr(feature = "openapi", schema(example = "America/New_York"))]
        time_zone: String,
    },
    /// The last hours before the instant.
    Rolling {
        /// Length in hours, 1 to [`Period::MAX_ROLLING_HOURS`].
        #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 8760, example = 5))]
        hours: u32,
    },
    /// All time; it never resets.
    Lifetime,
}

closed_enum! {
    /// A day of the week.
    Weekday, "weekday" {
        /// The first.
        Monday = "monday",
        /// The second.
        Tuesday = "tuesday",
        /// The third.
        Wednesday = "wednesday",
        /// The fourth.
        Thursday = "thursday",
        /// The fifth.
        Friday = "friday",
        /// The sixth.
        Saturday = "saturday",
        /// The seventh.
        Sunday = "sunday",
    }
}

impl Period {
    /// The longest rolling period, one year.
    pub const MAX_ROLLING_HOURS: u32 = 8_760;

    /// The time zone whose midnights count.
    #[must_use]
    pub fn time_zone(&self) -> Option<&str> {
        match self {
            Self::Monthly { time_zone, .. } | Self::Weekly { time_zone, .. } | Self::Daily { time_zone } => {
                Some(time_zone)
            }
            Self::Rolling { .. } | Self::Lifetime => None,
        }
    }

    pub(super) fn check(&self, checks: &mut Checks, knows_zone: impl Fn(&str) -> bool) {
        match self {
            Self::Monthly { reset_day, .. } => checks.range("period.reset_day", (*reset_day).into(), 1..=31),
            Self::Rolling { hours } => {
                checks.range("period.hours", (*hours).into(), 1..=Self::MAX_ROLLING_HOURS.into());
            }
            Self::Weekly { .. } | Self::Daily { .. } | Self::Lifetime => {}
        }
        if let Some(zone) = self.time_zone() {
            checks.time_zone("period.time_zone", zone, knows_zone);
        }
    }
}
