//! `autocoder usage history`.

use autocoder_core::usage_record::UsageGroup;
use autocoder_usage::render::{grouped, usd};
use autocoder_usage::report::{MAX_DAYS, usage_history};
use autocoder_usage::view::{UsageHistory, UsageHistoryItem};
use clap::Args;

use crate::exit::Failure;
use crate::output::table;
use crate::root::Root;

/// Show usage by day, model, project, phase, feature, task or agent
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder usage history --days 7
  autocoder usage history --project shop --group-by feature")]
pub(crate) struct History {
    /// The last days, today included, in the time zone of the settings
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DAYS)))]
    days: u32,
    /// Only this project; left out: all
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// day, model, project, phase, feature, task or agent
    #[arg(long, value_name = "GROUP", default_value = "day")]
    group_by: UsageGroup,
}

impl History {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = match &self.project {
            Some(name) => Some(installation.project_named(name).await?.id),
            None => None,
        };
        let history = usage_history(&*installation.store, project, self.days, self.group_by).await?;
        root.output.show(&history, |history| shown(root, history))
    }
}

pub(super) fn shown(root: &Root, history: &UsageHistory) -> String {
    let header = [history.group_by.as_str(), "tokens", "cache read", "cache write", "USD", "unpriced", "rehearsal"];
    let rows = history.items.iter().map(|item| {
        vec![
            name(item),
            grouped(item.tokens),
            grouped(item.cache_read_tokens),
            grouped(item.cache_write_tokens),
            usd(item.cost_nusd),
            grouped(item.unpriced_tokens),
            grouped(item.rehearsal_tokens),
        ]
    });
    table(root.output.width(), &header, rows)
}

fn name(item: &UsageHistoryItem) -> String {
    let id = item.id.map(|id| id.to_string());
    let known = item.date.clone().or_else(|| item.model.clone()).or_else(|| item.name.clone()).or(id);
    known.unwrap_or_else(|| "(none)".to_owned())
}
