//! The report as one table of comma-separated values (RFC 4180).

use super::document::name;
use super::text::usd;
use crate::view::{UsageHistory, UsageHistoryItem, UsageReport};

const HEADER: &str = "group,name,tokens,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,cost_usd,\
unpriced_tokens,rehearsal_tokens";

/// The report as CSV: one line for the whole, and one for each day, project, phase, feature, task, agent and model.
#[must_use]
pub fn csv(report: &UsageReport) -> String {
    let whole = line("total", "", &report.total);
    let lines = std::iter::once(&report.days).chain(&report.groups).flat_map(lines);
    [HEADER.to_owned(), whole].into_iter().chain(lines).map(|line| line + "\r\n").collect()
}

fn lines(history: &UsageHistory) -> impl Iterator<Item = String> {
    history.items.iter().map(|item| line(history.group_by.as_str(), &name(item), item))
}

fn line(group: &str, name: &str, item: &UsageHistoryItem) -> String {
    let counts = [item.tokens, item.input_tokens, item.output_tokens, item.cache_read_tokens, item.cache_write_tokens];
    let counts = counts.map(|count| count.to_string()).join(",");
    let (cost, unpriced, rehearsal) = (usd(item.cost_nusd), item.unpriced_tokens, item.rehearsal_tokens);
    format!("{group},{},{counts},{cost},{unpriced},{rehearsal}", field(name))
}

/// A field; a spreadsheet takes what begins like a formula for text.
fn field(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    let text = format!("{guard}{text}");
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_are_no_formulas() {
        for (text, shown) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1,2", "\"'+1,2\""),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("", ""),
        ] {
            assert_eq!(field(text), shown);
        }
    }
}
