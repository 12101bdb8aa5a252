//! The settings of the usage budget: its limit, its period, and at what is left work slows down or stops.

use autocoder_core::run::Tokens;
use serde::{Deserialize, Serialize};

use crate::period::{Period, PeriodError, Windows};

/// The highest limit: the largest whole number that every reader of JSON keeps exact.
pub const MAX_LIMIT_TOKENS: u64 = (1 << 53) - 1;

/// Limit, period and thresholds. Every `…_at_percentage` is a share of the limit that is left, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct UsageSettings {
    /// Tokens a month; none: no limit.
    #[cfg_attr(feature = "openapi", schema(maximum = 9007199254740991_u64))]
    pub monthly_limit: Option<u64>,
    /// Tokens a month for rehearsals, whose usage counts only here; none: no limit.
    #[cfg_attr(feature = "openapi", schema(maximum = 9007199254740991_u64))]
    pub rehearsal_limit: Option<u64>,
    /// Show a warning from here down. It changes nothing else.
    #[cfg_attr(feature = "openapi", schema(minimum = 0.0, maximum = 1.0))]
    pub warn_at_percentage: f64,
    /// From here down, first what completes a feature or the phase.
    #[cfg_attr(feature = "openapi", schema(minimum = 0.0, maximum = 1.0))]
    pub moderate_at_percentage: f64,
    /// From here down, only small tasks.
    #[cfg_attr(feature = "openapi", schema(minimum = 0.0, maximum = 1.0))]
    pub low_at_percentage: f64,
    /// From here down, nothing new.
    #[cfg_attr(feature = "openapi", schema(minimum = 0.0, maximum = 1.0))]
    pub pause_at_percentage: f64,
    /// Day of the month on which usage starts from 0 again, 1 to 31.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 31))]
    pub reset_day: u8,
    /// IANA time zone of the reset day.
    pub time_zone: String,
    /// Whose usage counts against the limit.
    pub track_by: TrackBy,
    /// Which tokens count against the limit.
    pub measure: Measure,
    /// Whether work goes on by itself when a provider's limit has reset; otherwise a person starts it again.
    pub auto_resume: bool,
}

/// Whose usage counts against the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TrackBy {
    /// Each project has the whole limit for itself.
    #[default]
    Project,
    /// All projects share the limit.
    Global,
}

/// Which tokens count against the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Input and output.
    #[default]
    TotalTokens,
    /// Cache reads and writes too, which in long sessions are most of all tokens.
    AllTokens,
    /// Tokens weighted by price: the cost in tokens of input of the reference model, `claude-sonnet-4-5`. Usage of models
    /// without a price does not count.
    WeightedTokens,
}

/// A token of input of the reference model in nano-USD: 3 USD per million, whatever prices are in force.
const WEIGHT_NUSD: u64 = 3_000;

/// The cost in tokens of input of the reference model, rounded down.
pub(crate) const fn weighted(cost_nusd: u64) -> u64 {
    cost_nusd / WEIGHT_NUSD
}

impl Measure {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TotalTokens => "total_tokens",
            Self::AllTokens => "all_tokens",
            Self::WeightedTokens => "weighted_tokens",
        }
    }

    /// How much counts of `tokens` that cost so much.
    #[must_use]
    pub const fn of(self, tokens: &Tokens, cost_nusd: u64) -> u64 {
        match self {
            Self::TotalTokens => tokens.total(),
            Self::AllTokens => tokens.all(),
            Self::WeightedTokens => weighted(cost_nusd),
        }
    }
}

impl Default for UsageSettings {
    fn default() -> Self {
        Self {
            monthly_limit: Some(1_000_000),
            rehearsal_limit: None,
            warn_at_percentage: 0.20,
            moderate_at_percentage: 0.25,
            low_at_percentage: 0.10,
            pause_at_percentage: 0.05,
            reset_day: 1,
            time_zone: "UTC".to_owned(),
            track_by: TrackBy::default(),
            measure: Measure::default(),
            auto_resume: true,
        }
    }
}

/// A setting out of range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// A limit is too high.
    #[error("{field} `{value}` is too high; use 0 to {MAX_LIMIT_TOKENS}, or leave it out for no limit")]
    Limit {
        /// The setting.
        field: &'static str,
        /// Its value.
        value: u64,
    },
    /// A share is out of its bounds.
    #[error("{field} `{value}` must be {rule}; for example `{example}`")]
    Share {
        /// The setting.
        field: &'static str,
        /// Its value.
        value: f64,
        /// Its bounds.
        rule: &'static str,
        /// A good value.
        example: f64,
    },
    /// The reset day or the time zone.
    #[error(transparent)]
    Period(#[from] PeriodError),
}

impl SettingsError {
    /// The setting at fault.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Limit { field, .. } | Self::Share { field, .. } => field,
            Self::Period(error) => error.field(),
        }
    }
}

impl UsageSettings {
    /// Checks every setting.
    ///
    /// # Errors
    /// All settings that are out of range, at once.
    pub fn validate(&self) -> Result<(), Vec<SettingsError>> {
        let errors: Vec<_> = self.limit_errors().chain(self.share_errors()).chain(self.period_errors()).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// The period of both limits.
    #[must_use]
    pub fn period(&self) -> Period {
        Period::Monthly { reset_day: self.reset_day, time_zone: self.time_zone.clone() }
    }

    /// Where the bands begin, in basis points of the limit that are left: critical, low, moderate.
    #[must_use]
    pub fn thresholds(&self) -> [u32; 3] {
        [self.pause_at_percentage, self.low_at_percentage, self.moderate_at_percentage].map(basis_points)
    }

    /// Where the warning begins, in basis points of the limit that are left.
    #[must_use]
    pub fn warn_bp(&self) -> u32 {
        basis_points(self.warn_at_percentage)
    }

    fn limit_errors(&self) -> impl Iterator<Item = SettingsError> {
        [("monthly_limit", self.monthly_limit), ("rehearsal_limit", self.rehearsal_limit)]
            .into_iter()
            .filter_map(|(field, limit)| limit.map(|value| (field, value)))
            .filter(|(_, value)| *value > MAX_LIMIT_TOKENS)
            .map(|(field, value)| SettingsError::Limit { field, value })
    }

    fn share_errors(&self) -> impl Iterator<Item = SettingsError> {
        let good = Self::default();
        let (warn, pause) = (self.warn_at_percentage, self.pause_at_percentage);
        let (low, moderate) = (self.low_at_percentage, self.moderate_at_percentage);
        [
            ("warn_at_percentage", warn, (0.0..=1.0).contains(&warn), "from 0 to 1", good.warn_at_percentage),
            (
                "pause_at_percentage",
                pause,
                basis_points(pause) > 0 && pause <= 1.0,
                "from 0.0001 to 1",
                good.pause_at_percentage,
            ),
            (
                "low_at_percentage",
                low,
                low >= pause && low <= 1.0,
                "from pause_at_percentage to 1",
                good.low_at_percentage,
            ),
            (
                "moderate_at_percentage",
                moderate,
                moderate >= low && moderate <= 1.0,
                "from low_at_percentage to 1",
                good.moderate_at_percentage,
            ),
        ]
        .into_iter()
        .filter(|(.., is_good, _, _)| !is_good)
        .map(|(field, value, _, rule, example)| SettingsError::Share { field, value, rule, example })
    }

    /// The period stops at its first error, so the time zone is checked again by itself.
    fn period_errors(&self) -> impl Iterator<Item = SettingsError> {
        let reset_day = Period::Monthly { reset_day: self.reset_day, time_zone: "UTC".to_owned() };
        let time_zone = Period::Daily { time_zone: self.time_zone.clone() };
        [reset_day, time_zone].into_iter().filter_map(|period| period.validate().err()).map(SettingsError::Period)
    }
}

/// A share as basis points, rounded; shares outside 0 to 1 saturate, none of them pass [`UsageSettings::validate`].
fn basis_points(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 10_000.0).round() as u32
}

#[cfg(test)]
mod tests;
