//! Links of Markdown files to other files of the project.

use std::path::Path;

use super::{File, Finding};

pub(super) fn lead_somewhere(file: &File) -> Vec<Finding> {
    if !file.path.ends_with(".md") {
        return vec![];
    }
    let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
    let mut fenced = false;
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        let broken =
            |target: &&str| !fenced && is_local(target) && !file.root.join(folder).join(path_of(target)).exists();
        let prose = without_code(line);
        findings
            .extend(targets(&prose).filter(broken).map(|t| file.finding(index + 1, format!("`{t}` does not exist"))));
    }
    findings
}

/// What stands in `](…)`, without a title.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let inside = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    inside.filter_map(|target| target.split_whitespace().next())
}

fn is_local(target: &str) -> bool {
    !(target.contains("://") || target.starts_with('#') || target.starts_with("mailto:"))
}

fn path_of(target: &str) -> &str {
    target.split('#').next().unwrap_or(target)
}

/// The line without its code spans.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::super::told;
    use super::*;

    #[test]
    fn a_link_to_a_file_resolves() {
        for (path, text, findings) in [
            ("README.md", "[manifest](Cargo.toml) and [code](src/main.rs#L1)", 0),
            ("README.md", "[nothing](missing.md \"title\") and [more](src/none.rs)", 2),
            ("src/notes.md", "[manifest](../Cargo.toml) [folder](.)", 0),
            ("README.md", "[site](https://example.invalid) [here](#part) [mail](mailto:a@example.invalid)", 0),
            ("README.md", "```\n[nothing](missing.md)\n```\n`[nothing](missing.md)`", 0),
            ("src/main.rs", "[nothing](missing.md)", 0),
        ] {
            assert_eq!(told(lead_somewhere, path, text).len(), findings, "{path}: {text}");
        }
    }
}
