//! The report as Markdown.

use super::document::document;
use super::text::plain;
use crate::view::UsageReport;

/// The report as Markdown, with tables as GitHub knows them.
#[must_use]
pub fn markdown(report: &UsageReport) -> String {
    let document = document(report);
    let mut text = format!("# {}\n\n", escaped(&document.title));
    for (name, value) in &document.facts {
        text += &format!("- **{name}**: {}\n", escaped(value));
    }
    for table in &document.tables {
        text += &format!("\n## {}\n\n| {} |\n", escaped(&table.title), table.header.join(" | "));
        text += &format!("|{}\n", " --- |".repeat(table.header.len()));
        for row in &table.rows {
            let cells: Vec<_> = row.iter().map(|cell| escaped(cell)).collect();
            text += &format!("| {} |\n", cells.join(" | "));
        }
    }
    text
}

/// Text without any markup, on one line.
fn escaped(text: &str) -> String {
    plain(text, |c| "\\`*_[]|#!~".contains(c).then(|| format!("\\{c}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        for (text, shown) in [
            ("a|b\n# c", "a\\|b \\# c"),
            ("<script>", "&lt;script&gt;"),
            ("![x](http://y)", "\\!\\[x\\](http://y)"),
            ("2026-11-23", "2026-11-23"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }
}
