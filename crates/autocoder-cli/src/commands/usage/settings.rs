//! `autocoder usage settings`: the budget and its period.

use autocoder_usage::change_settings::change_settings;
use autocoder_usage::settings::{Measure, TrackBy, UsageSettings};
use clap::Args;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::exit::Failure;
use crate::output::details;
use crate::root::Root;
use autocoder_usage::render::grouped;

/// Show the budget, or change what the flags name
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder usage settings
  autocoder usage settings --monthly-limit 5000000 --pause-at 2%
  autocoder usage settings --monthly-limit none")]
pub(crate) struct Settings {
    /// Tokens a month, or none
    #[arg(long, value_name = "TOKENS", value_parser = limit)]
    monthly_limit: Option<Limit>,
    /// Rehearsal tokens a month, or none
    #[arg(long, value_name = "TOKENS", value_parser = limit)]
    rehearsal_limit: Option<Limit>,
    /// Warn when so much is left: 0.2 or 20%
    #[arg(long, value_name = "SHARE", value_parser = share)]
    warn_at: Option<f64>,
    /// Prefer what completes a feature when so much is left
    #[arg(long, value_name = "SHARE", value_parser = share)]
    moderate_at: Option<f64>,
    /// Hand out only small tasks when so much is left
    #[arg(long, value_name = "SHARE", value_parser = share)]
    low_at: Option<f64>,
    /// Hand out nothing when so much is left
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pause_at: Option<f64>,
    /// The day of the month on which the budget resets
    #[arg(long, value_name = "DAY")]
    reset_day: Option<u8>,
    /// The time zone of that day, for example Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// What the limit counts for: project (each) or global (all together)
    #[arg(long, value_name = "WHAT", value_parser = word::<TrackBy>)]
    track_by: Option<TrackBy>,
    /// What counts: total_tokens (input and output), all_tokens (with cache) or weighted_tokens (by price)
    #[arg(long, value_name = "WHAT", value_parser = word::<Measure>)]
    measure: Option<Measure>,
    /// Whether work goes on by itself when a provider's limit has reset: true or false
    #[arg(long, value_name = "BOOL")]
    auto_resume: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Limit(Option<u64>);

fn limit(text: &str) -> Result<Limit, String> {
    match text {
        "none" => Ok(Limit(None)),
        text => {
            text.parse().map(|tokens| Limit(Some(tokens))).map_err(|_| "must be a whole number, or `none`".to_owned())
        }
    }
}

fn share(text: &str) -> Result<f64, String> {
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    let share = number.trim().parse::<f64>().ok().map(|number| number / whole).filter(|share| share.is_finite());
    share.ok_or_else(|| "must be a share from 0 to 1, or a percentage such as `20%`".to_owned())
}

fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::from(text)).map_err(|error| error.to_string())
}

impl Settings {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let after = change_settings(&installation.context(), |before| self.applied(before)).await?;
        root.output.show(&json!(after), |_| card(&after))
    }

    fn applied(self, before: UsageSettings) -> UsageSettings {
        UsageSettings {
            monthly_limit: self.monthly_limit.map_or(before.monthly_limit, |limit| limit.0),
            rehearsal_limit: self.rehearsal_limit.map_or(before.rehearsal_limit, |limit| limit.0),
            warn_at_percentage: self.warn_at.unwrap_or(before.warn_at_percentage),
            moderate_at_percentage: self.moderate_at.unwrap_or(before.moderate_at_percentage),
            low_at_percentage: self.low_at.unwrap_or(before.low_at_percentage),
            pause_at_percentage: self.pause_at.unwrap_or(before.pause_at_percentage),
            reset_day: self.reset_day.unwrap_or(before.reset_day),
            time_zone: self.time_zone.unwrap_or(before.time_zone),
            track_by: self.track_by.unwrap_or(before.track_by),
            measure: self.measure.unwrap_or(before.measure),
            auto_resume: self.auto_resume.unwrap_or(before.auto_resume),
        }
    }
}

fn card(settings: &UsageSettings) -> String {
    let limit = |limit: Option<u64>| limit.map_or("none".to_owned(), |tokens| format!("{} tokens", grouped(tokens)));
    let percent = |share: f64| format!("{:.2} % left", share * 100.0);
    details(&[
        ("monthly limit", limit(settings.monthly_limit)),
        ("rehearsal limit", limit(settings.rehearsal_limit)),
        ("warn at", percent(settings.warn_at_percentage)),
        ("moderate at", percent(settings.moderate_at_percentage)),
        ("low at", percent(settings.low_at_percentage)),
        ("pause at", percent(settings.pause_at_percentage)),
        ("resets on day", format!("{} ({})", settings.reset_day, settings.time_zone)),
        ("track by", json!(settings.track_by).as_str().unwrap_or_default().to_owned()),
        ("measure", json!(settings.measure).as_str().unwrap_or_default().to_owned()),
        ("goes on by itself", if settings.auto_resume { "yes" } else { "no: a person starts work again" }.to_owned()),
    ])
}
