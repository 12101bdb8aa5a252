//! `autocoder schedule`: the windows in which agents get new tasks.

mod add;
mod delete;
mod edit;
mod list;

use autocoder_core::budget::Weekday;
use autocoder_core::schedule::ScheduleKind;
use autocoder_usage::view::ScheduleView;
use clap::Subcommand;

use crate::exit::Failure;
use crate::root::Root;

/// Let agents work only in windows of the week, not in quiet hours
#[derive(Subcommand)]
pub(crate) enum Schedule {
    List(list::List),
    Add(add::Add),
    Edit(edit::Edit),
    Delete(delete::Delete),
}

impl Schedule {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Add(verb) => verb.run(root).await,
            Self::Edit(verb) => verb.run(root).await,
            Self::Delete(verb) => verb.run(root).await,
        }
    }
}

#[derive(Clone, Debug)]
struct Days(Vec<Weekday>);

/// `mon-fri`, `sat,sun`, `daily`: days by their first three letters or more.
fn days(text: &str) -> Result<Days, String> {
    if text == "daily" {
        return Ok(Days(Weekday::ALL.to_vec()));
    }
    let mut found = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        let mut all = Weekday::ALL.iter().cycle().skip_while(|day| **day != first).copied();
        found.extend(all.by_ref().take_while(|day| *day != last));
        found.push(last);
    }
    Ok(Days(found))
}

fn day(text: &str) -> Result<Weekday, String> {
    let text = text.trim().to_ascii_lowercase();
    let meant = |day: &&Weekday| text.len() >= 3 && day.as_str().starts_with(&text);
    let rule = "must be days such as `mon-fri` or `sat,sun`, or `daily`";
    Weekday::ALL.iter().find(meant).copied().ok_or_else(|| rule.to_owned())
}

/// An amount in USD, in nano-USD.
fn usd(text: &str) -> Result<u64, String> {
    let amount: Option<f64> = text.parse().ok().filter(|amount| (0.0..=1_000_000.0).contains(amount));
    amount.map(|amount| (amount * 1e9).round() as u64).ok_or_else(|| "must be from 0 to 1000000".to_owned())
}

fn in_usd(nusd: u64) -> String {
    format!("{:.2}", nusd as f64 / 1e9)
}

fn sentence(schedule: &ScheduleView) -> String {
    let state = if schedule.enabled { "" } else { ", switched off" };
    let (starts, ends, zone) = (&schedule.starts, &schedule.ends, &schedule.time_zone);
    let quiet = if schedule.kind == ScheduleKind::Quiet { "quiet, " } else { "" };
    let most = schedule.max_cost_nusd.map(|nusd| format!(", at most {} USD", in_usd(nusd))).unwrap_or_default();
    let days = day_names(&schedule.days);
    format!("{}: {quiet}{days} from {starts} to {ends} ({zone}){most}{state}", schedule.id)
}

fn day_names(days: &[Weekday]) -> String {
    days.iter().map(|day| day.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_lists_and_ranges() {
        for (text, expected) in [
            ("mon", Some("monday")),
            ("mon-wed", Some("monday, tuesday, wednesday")),
            ("sat,sun", Some("saturday, sunday")),
            ("Fri-mon", Some("friday, saturday, sunday, monday")),
            ("thursday", Some("thursday")),
            ("daily", Some("monday, tuesday, wednesday, thursday, friday, saturday, sunday")),
            ("m", None),
            ("", None),
            ("mon-", None),
            ("mondays", None),
        ] {
            assert_eq!(days(text).ok().map(|days| day_names(&days.0)).as_deref(), expected, "{text}");
        }
    }
}
