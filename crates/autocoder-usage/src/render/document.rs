//! What every form of the report shows: facts, and tables with the first column as name.

use crate::view::{BudgetView, UsageHistory, UsageHistoryItem, UsageReport};

use super::text::{bar, forecast_line, grouped, sparkline, usd};

const BAR_CELLS: usize = 20;

pub(super) struct Document {
    pub(super) title: String,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) tables: Vec<Table>,
}

pub(super) struct Table {
    pub(super) title: String,
    pub(super) header: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

pub(super) fn document(report: &UsageReport) -> Document {
    let of = report.project_name.clone().unwrap_or_else(|| "all projects".to_owned());
    let mut tables = vec![by(&report.days, "Usage by day", None)];
    tables.extend(report.groups.iter().map(|group| {
        let most = if group.items.len() > report.most { Some(report.most) } else { None };
        by(group, &format!("Usage by {}", group.group_by), most)
    }));
    tables.push(budgets(&report.budgets));
    tables.push(estimates(report));
    tables.retain(|table| !table.rows.is_empty());
    Document { title: format!("Usage of {of}"), facts: facts(report), tables }
}

fn facts(report: &UsageReport) -> Vec<(&'static str, String)> {
    let total = &report.total;
    let daily: Vec<_> = report.days.items.iter().map(|day| day.tokens).collect();
    let limit = match report.stats.limit {
        Some(limit) => {
            let percent = report.stats.percentage_used.unwrap_or_default();
            format!("{} of {} used in this period, {percent:.2} %", grouped(report.stats.used), grouped(limit))
        }
        None => "none".to_owned(),
    };
    let mut facts = vec![
        ("Days", format!("{} to {} ({})", report.days.from, report.days.until, report.time_zone)),
        ("Made at", report.as_of.to_string()),
        ("Input and output", format!("{} tokens", grouped(total.tokens))),
        ("Read from the cache", format!("{} tokens", grouped(total.cache_read_tokens))),
        ("Written to the cache", format!("{} tokens", grouped(total.cache_write_tokens))),
        ("Cost", cost(total)),
        ("Rehearsals", format!("{} tokens", grouped(total.rehearsal_tokens))),
        ("By day", sparkline(&daily)),
        ("Monthly limit", limit),
        ("Measure of the limit", report.stats.measure.as_str().to_owned()),
    ];
    facts.extend(report.forecast.as_ref().map(|forecast| ("Forecast", forecast_line(forecast))));
    facts
}

/// "12.50 USD by the prices of that time, without 1,200 tokens of models without a price".
fn cost(item: &UsageHistoryItem) -> String {
    let unpriced = match item.unpriced_tokens {
        0 => String::new(),
        tokens => format!(", without {} tokens of models without a price", grouped(tokens)),
    };
    format!("{} USD by the prices of that time{unpriced}", usd(item.cost_nusd))
}

fn by(history: &UsageHistory, title: &str, most: Option<usize>) -> Table {
    let greatest = history.items.iter().map(|item| item.tokens).max().unwrap_or(0).max(1);
    let title = most.map_or_else(|| title.to_owned(), |most| format!("{title}: the {most} greatest"));
    let rows = history.items.iter().take(most.unwrap_or(usize::MAX)).map(|item| {
        let cost =
            if item.unpriced_tokens > 0 && item.cost_nusd == 0 { "unpriced".to_owned() } else { usd(item.cost_nusd) };
        vec![
            name(item),
            grouped(item.tokens),
            bar(item.tokens, greatest, BAR_CELLS),
            grouped(item.cache_read_tokens),
            grouped(item.cache_write_tokens),
            cost,
            grouped(item.unpriced_tokens),
            grouped(item.rehearsal_tokens),
        ]
    });
    let header = vec!["Name", "Tokens", "", "Cache read", "Cache write", "USD", "Unpriced", "Rehearsal"];
    Table { title, header, rows: rows.collect() }
}

pub(super) fn name(item: &UsageHistoryItem) -> String {
    let id = item.id.map(|id| id.to_string());
    let known = item.date.clone().or_else(|| item.model.clone()).or_else(|| item.name.clone()).or(id);
    known.filter(|name| !name.is_empty()).unwrap_or_else(|| "(none)".to_owned())
}

fn budgets(budgets: &[BudgetView]) -> Table {
    let rows = budgets.iter().map(|budget| {
        let whose = [budget.project_name.as_deref(), budget.subject.as_deref()];
        let whose = whose.into_iter().flatten().fold(budget.scope.to_string(), |text, part| format!("{text} {part}"));
        vec![
            format!("{}: {whose}", budget.id),
            budget.measure.to_string(),
            grouped(budget.used),
            grouped(budget.amount),
            bar(budget.used, budget.amount, BAR_CELLS),
            format!("{:.2} %", budget.percentage_used),
            budget.mode.to_string(),
            budget.resets_at.map(|at| at.to_string()).unwrap_or_default(),
        ]
    });
    let header = vec!["Budget", "Measure", "Used", "Amount", "", "Share", "Mode", "Resets at"];
    Table { title: "Budgets".to_owned(), header, rows: rows.collect() }
}

fn estimates(report: &UsageReport) -> Table {
    let rows = report.estimates.iter().map(|estimate| {
        vec![
            estimate.complexity.to_string(),
            grouped(estimate.p50_tokens),
            grouped(estimate.p80_tokens),
            estimate.learned_from.to_string(),
        ]
    });
    let header = vec!["Complexity", "Half of the tasks take at most", "80 % take at most", "Learned from tasks"];
    Table { title: "Estimates of a task in tokens".to_owned(), header, rows: rows.collect() }
}
