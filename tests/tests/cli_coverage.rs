//! Every command that `--help` names is tested, once good and once bad.

use std::path::Path;

use autocoder_tests::Autocoder;

/// The commands that a help text lists: at the top in groups of all sorts, below under one heading.
fn named_in(help: &str, at_top: bool) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in help.lines() {
        if line.ends_with(':') && !line.starts_with(' ') {
            inside = line == "Commands:" || at_top && !matches!(line, "Options:" | "Examples:");
        } else if inside && line.starts_with("  ") && !line.starts_with("   ") {
            names.extend(line.split_whitespace().next().map(str::to_owned));
        }
    }
    names.retain(|name| name != "help" && name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    names
}

fn leaves(autocoder: &Autocoder, path: &[String], found: &mut Vec<Vec<String>>) {
    let arguments: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let below = named_in(&autocoder.ok(&arguments), path.is_empty());
    if below.is_empty() {
        found.push(path.to_vec());
    }
    for name in below {
        leaves(autocoder, &[path, &[name]].concat(), found);
    }
}

/// The tests as one line of text without spaces.
fn tests() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let entries = std::fs::read_dir(folder).expect("it is the folder of this file").flatten();
    let files = entries.map(|entry| entry.path()).filter(|path| path.is_file());
    let tests_commands = |name: &str| name.starts_with("cli_") || name.starts_with("api_");
    let sources = files.filter(|path| path.file_name().is_some_and(|name| tests_commands(&name.to_string_lossy())));
    sources
        .map(|path| std::fs::read_to_string(path).expect("the source can be read"))
        .collect::<String>()
        .split_whitespace()
        .collect()
}

#[test]
fn every_command_has_a_good_and_a_bad_test() {
    let autocoder = Autocoder::new();
    let mut commands = Vec::new();
    leaves(&autocoder, &[], &mut commands);
    assert!(commands.len() > 50, "{commands:?}");
    let tests = tests();
    let mut missing = Vec::new();
    for command in commands {
        let words: Vec<_> = command.iter().map(|word| format!("\"{word}\"")).collect();
        let call = format!("&[{}", words.join(","));
        // A server does not end by itself, so it is started in its own way.
        let serves = command == ["serve"] && tests.contains("Server::start(&");
        let good = serves || ["ok(", "json("].iter().any(|verb| tests.contains(&format!("{verb}{call}")));
        let bad = (2..=10).any(|code| tests.contains(&format!("bad({code},{call}")));
        if !good || !bad {
            missing.push(format!("{} (good: {good}, bad: {bad})", command.join(" ")));
        }
    }
    assert!(missing.is_empty(), "without a test: {missing:#?}");
}

#[test]
fn the_guide_names_every_command() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/commands.md");
    let guide = std::fs::read_to_string(guide).expect("the guide can be read");
    let help = Autocoder::new().ok(&["--help"]);
    let rows: Vec<&str> = guide.lines().filter(|line| line.starts_with("| `")).collect();
    let missing: Vec<String> = named_in(&help, true)
        .into_iter()
        .filter(|name| !rows.iter().any(|row| row.contains(&format!("`{name}`"))))
        .collect();
    assert!(missing.is_empty(), "not in docs/guide/commands.md: {missing:?}");
}
