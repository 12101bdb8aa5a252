//! `cargo xtask tidy`: the rules of the workspace that no compiler checks.

mod arrows;
mod links;
mod sources;
mod text;

use std::path::PathBuf;
use std::process::Command;
use std::{fmt, fs};

use crate::process::{self, Outcome};
use crate::workspace::Workspace;

type Rule = fn(&File) -> Vec<Finding>;

const RULES: [Rule; 8] = [
    sources::opens_with_its_job,
    sources::has_a_telling_name,
    sources::keeps_words_in_their_room,
    sources::has_a_readable_length,
    text::has_clean_whitespace,
    text::locks_only_published_crates,
    links::lead_somewhere,
    text::hides_no_conflict,
];

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let files = tracked_files(workspace)?;
    let mut findings = arrows::check(&workspace.metadata);
    findings.extend(files.iter().flat_map(|file| RULES.iter().flat_map(move |rule| rule(file))));
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: {} files, nothing to say", files.len());
        return Ok(());
    }
    Err(format!("tidy: {} findings", findings.len()))
}

/// A text file that git tracks or would track.
struct File {
    path: String,
    text: String,
    root: PathBuf,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Tests, benches and examples: they may do what the product may not.
    fn is_trial(&self) -> bool {
        let parts = ["tests", "benches", "examples"];
        self.path.split('/').any(|part| parts.contains(&part.strip_suffix(".rs").unwrap_or(part)))
    }

    fn finding(&self, line: usize, message: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, message: message.into() }
    }
}

struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

fn tracked_files(workspace: &Workspace) -> Outcome<Vec<File>> {
    let list = ["ls-files", "-z", "-co", "--exclude-standard"];
    let list = process::capture(Command::new("git").current_dir(&workspace.root).args(list))?;
    let read = |path: &str| {
        // What is deleted but not yet committed, or no text, has nothing to check.
        let text = fs::read_to_string(workspace.root.join(path)).ok()?;
        Some(File { path: path.to_owned(), text, root: workspace.root.clone() })
    };
    Ok(list.split_terminator('\0').filter_map(read).collect())
}

#[cfg(test)]
fn told(rule: Rule, path: &str, text: &str) -> Vec<String> {
    let root = env!("CARGO_MANIFEST_DIR").into();
    rule(&File { path: path.into(), text: text.into(), root }).iter().map(Finding::to_string).collect()
}
