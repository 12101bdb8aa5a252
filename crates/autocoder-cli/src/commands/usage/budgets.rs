//! `autocoder usage budgets`: limits beside the monthly one.

mod add;
mod delete;
mod edit;
mod list;

use autocoder_core::budget::{BudgetMeasure, Period, Weekday};
use clap::{Args, Subcommand};

use crate::exit::Failure;
use crate::root::Root;

/// Limit what a project, phase or agent uses, or all together
#[derive(Subcommand)]
pub(crate) enum Budgets {
    List(list::List),
    Add(add::Add),
    Edit(edit::Edit),
    Delete(delete::Delete),
}

impl Budgets {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Add(verb) => verb.run(root).await,
            Self::Edit(verb) => verb.run(root).await,
            Self::Delete(verb) => verb.run(root).await,
        }
    }
}

/// When a budget starts from 0 again.
#[derive(Args, Clone, Debug)]
struct PeriodArguments {
    /// monthly, weekly, daily, HOURS such as 5h, or lifetime
    #[arg(long, value_name = "PERIOD", value_parser = kind)]
    period: Option<Kind>,
    /// The day of the month on which a monthly budget resets
    #[arg(long, value_name = "DAY", default_value_t = 1, requires = "period")]
    reset_day: u8,
    /// The day on which a weekly budget resets
    #[arg(long, value_name = "DAY", default_value = "monday", requires = "period")]
    weekday: Weekday,
    /// The time zone whose midnight counts
    #[arg(long, value_name = "ZONE", default_value = "UTC", requires = "period")]
    time_zone: String,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Monthly,
    Weekly,
    Daily,
    Rolling(u32),
    Lifetime,
}

fn kind(text: &str) -> Result<Kind, String> {
    let hours = text.strip_suffix('h').and_then(|hours| hours.parse().ok());
    match (text, hours) {
        ("monthly", _) => Ok(Kind::Monthly),
        ("weekly", _) => Ok(Kind::Weekly),
        ("daily", _) => Ok(Kind::Daily),
        ("lifetime", _) => Ok(Kind::Lifetime),
        (_, Some(hours)) => Ok(Kind::Rolling(hours)),
        (_, None) => Err("must be `monthly`, `weekly`, `daily`, `lifetime`, or hours such as `5h`".to_owned()),
    }
}

impl PeriodArguments {
    fn period(self) -> Option<Period> {
        let Self { period, reset_day, weekday, time_zone } = self;
        period.map(|kind| match kind {
            Kind::Monthly => Period::Monthly { reset_day, time_zone },
            Kind::Weekly => Period::Weekly { weekday, time_zone },
            Kind::Daily => Period::Daily { time_zone },
            Kind::Rolling(hours) => Period::Rolling { hours },
            Kind::Lifetime => Period::Lifetime,
        })
    }
}

/// How much, in the words of a person: tokens, or dollars such as `$12.50`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Amount {
    Tokens(u64),
    Nusd(u64),
}

fn amount(text: &str) -> Result<Amount, String> {
    let good = || "must be a whole number of tokens, or dollars such as `$12.50`".to_owned();
    let Some(dollars) = text.strip_prefix('$') else {
        return text.replace(['_', ','], "").parse().map(Amount::Tokens).map_err(|_| good());
    };
    let (whole, part) = dollars.split_once('.').unwrap_or((dollars, ""));
    if part.len() > 9 || !part.bytes().chain(whole.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err(good());
    }
    let nusd = format!("{whole}{part:0<9}").parse().map_err(|_| good())?;
    Ok(Amount::Nusd(nusd))
}

impl Amount {
    /// The number with its measure; tokens are counted as wished.
    fn with(self, measure: Option<BudgetMeasure>) -> (u64, Option<BudgetMeasure>) {
        match self {
            Self::Tokens(tokens) => (tokens, measure),
            Self::Nusd(nusd) => (nusd, Some(BudgetMeasure::CostNusd)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_tokens_or_dollars() {
        for (text, found) in [
            ("5000", Ok(Amount::Tokens(5_000))),
            ("1_000,000", Ok(Amount::Tokens(1_000_000))),
            ("$12.50", Ok(Amount::Nusd(12_500_000_000))),
            ("$3", Ok(Amount::Nusd(3_000_000_000))),
            ("$.000000001", Ok(Amount::Nusd(1))),
            ("$-1", Err(())),
            ("$1.0000000001", Err(())),
            ("12.5", Err(())),
            ("", Err(())),
        ] {
            assert_eq!(amount(text).map_err(drop), found, "{text}");
        }
    }
}
