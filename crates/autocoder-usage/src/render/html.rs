//! The report as one HTML file that asks nobody for anything.

use super::document::{Table, document};
use super::text::plain;
use crate::view::UsageReport;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;\
color:#1c1c1c;background:#fff}table{border-collapse:collapse;width:100%;margin-bottom:2rem}th,td{text-align:right;\
padding:.25rem .6rem;border-bottom:1px solid #ddd;font-variant-numeric:tabular-nums}th:first-child,td:first-child\
{text-align:left;overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0 0 .4rem}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}}";

/// The report as a whole HTML page.
#[must_use]
pub fn html(report: &UsageReport) -> String {
    let document = document(report);
    let title = escaped(&document.title);
    let facts = document.facts.iter().map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>\n", escaped(value)));
    let facts: String = facts.collect();
    let tables: String = document.tables.iter().map(shown).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n<dl>\n{facts}</dl>\n{tables}</body>\n</html>\n"
    )
}

fn shown(table: &Table) -> String {
    let header: String = table.header.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect();
    let row = |row: &Vec<String>| {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = table.rows.iter().map(row).collect();
    let title = escaped(&table.title);
    format!("<h2>{title}</h2>\n<table>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
}

fn escaped(text: &str) -> String {
    plain(text, |c| match c {
        '"' => Some("&quot;".to_owned()),
        '\'' => Some("&#39;".to_owned()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(
            escaped("<img src=\"x\" onerror='y'>&\u{0}"),
            "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt;&amp; "
        );
    }
}
