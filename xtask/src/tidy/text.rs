//! Rules for every text file, and for the lock file.

use super::{File, Finding};

const CHECKED: [&str; 9] = [".rs", ".md", ".toml", ".yaml", ".yml", ".py", ".sh", ".ci/run", "LICENSE"];
const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Test files are free: they hold printed output and deliberately bad input.
pub(super) fn has_clean_whitespace(file: &File) -> Vec<Finding> {
    if file.is_trial() || !CHECKED.iter().any(|end| file.path.ends_with(end)) {
        return vec![];
    }
    let mut findings: Vec<_> =
        file.text.lines().enumerate().filter_map(|(index, line)| unclean(file, index, line)).collect();
    if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
        findings.push(file.finding(file.text.lines().count(), "a file ends with one line break"));
    }
    findings
}

fn unclean(file: &File, index: usize, line: &str) -> Option<Finding> {
    if line.contains('\t') {
        return Some(file.finding(index + 1, "a tab: indent with spaces"));
    }
    line.ends_with(char::is_whitespace).then(|| file.finding(index + 1, "white space at the end of the line"))
}

pub(super) fn locks_only_published_crates(file: &File) -> Vec<Finding> {
    if file.path != "Cargo.lock" {
        return vec![];
    }
    let foreign = |line: &str| line.starts_with("source = ") && line != CRATES_IO;
    let lines = file.text.lines().enumerate().filter(|(_, line)| foreign(line));
    lines.map(|(index, _)| file.finding(index + 1, "every dependency comes from crates.io")).collect()
}

pub(super) fn hides_no_conflict(file: &File) -> Vec<Finding> {
    let marker = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
    let lines = file.text.lines().enumerate().filter(|(_, line)| !file.is_trial() && marker(line));
    lines.map(|(index, _)| file.finding(index + 1, "a merge conflict is left open")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::told;
    use super::*;

    #[test]
    fn whitespace_is_clean() {
        for (path, text, findings) in [
            ("README.md", "one\ntwo\n", 0),
            ("README.md", "one \ntwo\n", 1),
            ("README.md", "\tone\n", 1),
            ("README.md", "one", 1),
            ("README.md", "one\n\n", 1),
            ("tests/fixtures/bad.yaml", "\tone", 0),
            ("samples/run.jsonl", "{}\t", 0),
        ] {
            assert_eq!(told(has_clean_whitespace, path, text).len(), findings, "{path}: {text:?}");
        }
    }

    #[test]
    fn a_dependency_from_git_is_told() {
        let lock = |source: &str| told(locks_only_published_crates, "Cargo.lock", &format!("name = \"x\"\n{source}\n"));
        assert_eq!(lock(CRATES_IO), [""; 0]);
        assert_eq!(lock("source = \"git+https://example.invalid/x\"").len(), 1);
    }

    #[test]
    fn an_open_conflict_is_told() {
        assert_eq!(told(hides_no_conflict, "README.md", "a\n<<<<<<< HEAD\nb\n").len(), 1);
        assert_eq!(told(hides_no_conflict, "README.md", "a\n=======\nb\n"), [""; 0]);
    }
}
