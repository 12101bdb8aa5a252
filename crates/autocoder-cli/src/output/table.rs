//! Tables without lines, and lists of fields.

use autocoder_core::time::Timestamp;
use comfy_table::{ContentArrangement, Table};

use super::style::printable;

/// A table as wide as its content, or as the terminal.
pub(crate) fn table(width: Option<u16>, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(header.iter().map(|title| title.to_uppercase()));
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for row in rows {
        table.add_row(row.iter().map(|cell| printable(cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}

/// A time to the second.
pub(crate) fn time(at: Timestamp) -> String {
    Timestamp(at.seconds() * 1_000_000).to_string()
}

/// Fields below each other; empty ones are left out, further lines are indented.
pub(crate) fn details(fields: &[(&str, String)]) -> String {
    let shown: Vec<_> = fields.iter().filter(|(_, value)| !value.trim().is_empty()).collect();
    let widest = shown.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    let lines = shown.iter().map(|(name, value)| {
        let value = value.trim_end().replace('\n', &format!("\n{:widest$}", ""));
        format!("{:<widest$}{value}\n", format!("{name}:"))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_need_to_be() {
        let rows = [vec!["1".to_owned(), "Foundation".to_owned()], vec!["12".to_owned(), "日本".to_owned()]];
        assert_eq!(table(None, &["id", "name"], rows), "ID  NAME\n1   Foundation\n12  日本");
    }

    #[test]
    fn fields_without_a_value_are_left_out() {
        let fields = [("name", "x".to_owned()), ("spec", " ".to_owned()), ("steps", "one\ntwo".to_owned())];
        assert_eq!(details(&fields), "name:  x\nsteps: one\n       two\n");
    }
}
