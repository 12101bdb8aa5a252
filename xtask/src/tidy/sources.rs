//! Rules for Rust files: their names, their length, and which words live in which room.

use super::{File, Finding};

const VAGUE_NAMES: [&str; 6] = ["util", "utils", "common", "helper", "helpers", "misc"];
const LONGEST_FILE: usize = 450;
/// It talks to cargo, by its environment and its output.
const BUILD_SCRIPT: &str = "crates/autocoder-api/build.rs";

/// Words that only some places may use.
struct Room {
    words: &'static [&'static str],
    below: &'static str,
    rooms: &'static [&'static str],
    also_in_tests: bool,
    message: &'static str,
}

const ROOMS: [Room; 6] = [
    Room {
        words: &["sea_orm", "sea_orm_migration", "sqlx", "DbErr"],
        below: "",
        rooms: &["crates/autocoder-storage/", "migration/"],
        also_in_tests: false,
        message: "the database belongs to storage and migration",
    },
    Room {
        words: &["env::var", "env::var_os", "env::vars", "env::args", "env::current_dir", "env::temp_dir"],
        below: "",
        rooms: &[
            "crates/autocoder-cli/src/config.rs",
            "crates/autocoder-cli/src/main.rs",
            "crates/autocoder-testkit/",
            BUILD_SCRIPT,
        ],
        also_in_tests: false,
        message: "the environment is read in cli/src/config.rs and passed on",
    },
    Room {
        words: &["println!", "eprintln!", "print!", "eprint!"],
        below: "",
        rooms: &["crates/autocoder-cli/src/output.rs", BUILD_SCRIPT],
        also_in_tests: false,
        message: "printing belongs to cli/src/output.rs",
    },
    Room {
        words: &[
            "\"awaiting_approval\"",
            "'awaiting_approval'",
            "\"needs_input\"",
            "'needs_input'",
            "\"in_progress\"",
            "'in_progress'",
            "\"passing\"",
            "'passing'",
        ],
        below: "crates/autocoder-storage/src/",
        rooms: &["crates/autocoder-storage/src/entity"],
        also_in_tests: false,
        message: "a status is written through core's enum, never as a literal",
    },
    Room {
        words: &["todo!", "unimplemented!"],
        below: "",
        rooms: &[],
        also_in_tests: true,
        message: "finish it, or leave it out",
    },
    Room { words: &["#[ignore"], below: "", rooms: &[], also_in_tests: true, message: "a test runs or is deleted" },
];

pub(super) fn opens_with_its_job(file: &File) -> Vec<Finding> {
    let exempt = !file.is_rust() || file.path.ends_with("build.rs") || file.text.starts_with("//! ");
    if exempt { vec![] } else { vec![file.finding(1, "a file opens with `//!` and one sentence: its job")] }
}

pub(super) fn has_a_telling_name(file: &File) -> Vec<Finding> {
    if !file.is_rust() {
        return vec![];
    }
    let parts = || file.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    if file.path.ends_with("/mod.rs") {
        return vec![file.finding(1, "no `mod.rs`: a module is `phase.rs` beside `phase/`")];
    }
    let vague = parts().find(|part| VAGUE_NAMES.contains(part));
    vague
        .map(|part| file.finding(1, format!("`{part}` names no room: call it after what it does")))
        .into_iter()
        .collect()
}

pub(super) fn keeps_words_in_their_room(file: &File) -> Vec<Finding> {
    if !file.is_rust() || file.path.starts_with("xtask/") {
        return vec![];
    }
    let applies =
        |room: &&Room| file.path.starts_with(room.below) && !room.rooms.iter().any(|r| file.path.starts_with(r));
    let findings = ROOMS.iter().filter(applies).flat_map(|room| {
        let lines = if room.also_in_tests { usize::MAX } else { product_lines(file) };
        let lines = file.text.lines().enumerate().take(lines).filter(|(_, line)| !line.trim_start().starts_with("//"));
        lines.filter_map(|(index, line)| {
            let word = room.words.iter().find(|word| has_word(line, word))?;
            Some(file.finding(index + 1, format!("`{word}`: {}", room.message)))
        })
    });
    findings.collect()
}

pub(super) fn has_a_readable_length(file: &File) -> Vec<Finding> {
    let lines = product_lines(file);
    if !file.is_rust() || lines <= LONGEST_FILE {
        return vec![];
    }
    vec![file.finding(LONGEST_FILE, format!("{lines} lines without tests: split it, at most {LONGEST_FILE}"))]
}

/// The lines before the test module, which stands last; none in a test file.
fn product_lines(file: &File) -> usize {
    if file.is_trial() {
        return 0;
    }
    let lines: Vec<&str> = file.text.lines().collect();
    let is_tests =
        |pair: &[&str]| matches!(pair, ["#[cfg(test)]", module] if module.starts_with("mod ") && module.ends_with('{'));
    lines.windows(2).position(is_tests).unwrap_or(lines.len())
}

/// Finds `word` where it is not a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let joined = |a: Option<char>, b: Option<char>| part(a) && part(b);
    line.match_indices(word).any(|(start, _)| {
        let (before, after) = (&line[..start], &line[start + word.len()..]);
        !joined(before.chars().next_back(), word.chars().next())
            && !joined(word.chars().next_back(), after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, told};
    use super::*;

    const CORE: &str = "crates/autocoder-core/src/phase.rs";

    #[test]
    fn names_and_first_lines_are_checked() {
        let cases: [(Rule, &str, &str, bool); 8] = [
            (opens_with_its_job, CORE, "//! Phases.\n", false),
            (opens_with_its_job, CORE, "use std::fmt;\n", true),
            (opens_with_its_job, "crates/x/build.rs", "fn main() {}\n", false),
            (opens_with_its_job, "README.md", "# Autocoder\n", false),
            (has_a_telling_name, CORE, "", false),
            (has_a_telling_name, "crates/x/src/phase/mod.rs", "", true),
            (has_a_telling_name, "crates/x/src/utils.rs", "", true),
            (has_a_telling_name, "crates/x/src/common/phase.rs", "", true),
        ];
        for (rule, path, text, found) in cases {
            assert_eq!(!told(rule, path, text).is_empty(), found, "{path}: {text}");
        }
    }

    #[test]
    fn words_stay_in_their_room() {
        let storage = "crates/autocoder-storage/src/task.rs";
        for (path, line, found) in [
            (CORE, "use sea_orm::DbErr;", true),
            (storage, "use sea_orm::DbErr;", false),
            (CORE, "// sea_orm would not do here", false),
            (CORE, "let x = std::env::var(\"X\");", true),
            (CORE, "let x = env!(\"X\");", false),
            ("crates/autocoder-cli/src/config.rs", "let x = std::env::var(\"X\");", false),
            (CORE, "println!(\"x\");", true),
            (CORE, "my_println!(\"x\");", false),
            ("crates/autocoder-cli/src/output.rs", "println!(\"x\");", false),
            (storage, "WHERE status = 'in_progress'", true),
            (storage, "\"in_progress_tasks\"", false),
            ("crates/autocoder-storage/src/entity/task.rs", "\"passing\"", false),
            (CORE, "\"passing\"", false),
            ("tests/tests/run.rs", "std::env::var(\"X\")", false),
            ("tests/tests/run.rs", "todo!()", true),
            (CORE, "#[ignore]", true),
        ] {
            assert_eq!(!told(keeps_words_in_their_room, path, line).is_empty(), found, "{path}: {line}");
        }
    }

    #[test]
    fn a_test_module_may_use_what_the_product_may_not() {
        let text = "//! Job.\nlet a = std::env::var(A);\n#[cfg(test)]\nmod tests {\n    println!();\n    todo!();\n}\n";
        let told = told(keeps_words_in_their_room, CORE, text);
        let lines: Vec<_> = told.iter().filter_map(|finding| finding.split(':').nth(1)).collect();
        assert_eq!(lines, ["2", "6"]);
    }

    #[test]
    fn a_long_file_is_told_unless_its_tests_make_it_long() {
        let long = "x\n".repeat(LONGEST_FILE + 1);
        assert_eq!(told(has_a_readable_length, CORE, &long).len(), 1);
        assert_eq!(told(has_a_readable_length, "tests/tests/run.rs", &long), [""; 0]);
        assert_eq!(told(has_a_readable_length, CORE, &format!("#[cfg(test)]\nmod tests {{\n{long}")), [""; 0]);
    }
}
