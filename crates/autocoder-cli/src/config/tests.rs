//! The order of the sources, and what is refused.

use super::*;

fn variables(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn home_with(config: &str) -> (tempfile::TempDir, String) {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join(".config/autocoder")).unwrap();
    std::fs::write(home.path().join(".config/autocoder/config.toml"), config).unwrap();
    let path = home.path().to_str().unwrap().to_owned();
    (home, path)
}

#[test]
fn flags_go_over_variables_over_the_file_over_defaults() {
    let (_home, home) = home_with("data_dir = \"/from/file\"");
    let flag = Flags { data_dir: Some("/from/flag".into()), ..Flags::default() };
    let empty = tempfile::tempdir().unwrap();
    let elsewhere = empty.path().to_str().unwrap();
    for (flags, environment, value, source) in [
        (flag, variables(&[("HOME", &home), ("AUTOCODER_DATA_DIR", "/from/env")]), "/from/flag", "--data-dir"),
        (
            Flags::default(),
            variables(&[("HOME", &home), ("AUTOCODER_DATA_DIR", "/from/env")]),
            "/from/env",
            "AUTOCODER_DATA_DIR",
        ),
        (
            Flags::default(),
            variables(&[("HOME", &home), ("AUTOCODER_DATA_DIR", "")]),
            "/from/file",
            &format!("{home}/.config/autocoder/config.toml"),
        ),
        (
            Flags::default(),
            variables(&[("HOME", elsewhere)]),
            &format!("{elsewhere}/.local/share/autocoder"),
            "default",
        ),
        (
            Flags::default(),
            variables(&[("HOME", elsewhere), ("XDG_DATA_HOME", "/data"), ("XDG_CONFIG_HOME", "relative")]),
            "/data/autocoder",
            "default",
        ),
    ] {
        let config = Config::load(flags, environment).unwrap();
        assert_eq!(config.data_dir.value, Path::new(value));
        assert_eq!(config.data_dir.source.to_string(), source);
    }
}

#[test]
fn a_runner_is_set_in_the_file_or_by_a_variable() {
    let (_home, home) = home_with("[runners.claude-code]\nprogram = \"/opt/claude\"");
    let config = Config::load(Flags::default(), variables(&[("HOME", &home)])).unwrap();
    assert_eq!(config.runners[&RunnerKind::ClaudeCode].value, Path::new("/opt/claude"));
    let variable = ("AUTOCODER_RUNNER_CLAUDE_CODE", "my-claude");
    let config = Config::load(Flags::default(), variables(&[("HOME", &home), variable])).unwrap();
    let runner = &config.runners[&RunnerKind::ClaudeCode];
    assert_eq!((runner.value.to_str(), runner.source.to_string()), (Some("my-claude"), variable.0.to_owned()));
}

#[test]
fn what_cannot_be_understood_is_refused() {
    for (config, found) in [
        ("data_dirr = 1", "unknown field `data_dirr`"),
        ("data_dir = 1", "invalid type"),
        ("[runners.klaude]\nprogram = \"x\"", "unknown runner `klaude`"),
        ("[", "TOML parse error"),
    ] {
        let (_home, home) = home_with(config);
        let refused = Config::load(Flags::default(), variables(&[("HOME", &home)])).unwrap_err().to_string();
        assert!(refused.contains(found), "{config}: {refused}");
    }
    let mysql = variables(&[("HOME", "/nowhere"), ("AUTOCODER_DATABASE_URL", "mysql://root:secret@db")]);
    let refused = Config::load(Flags::default(), mysql).unwrap_err().to_string();
    assert!(refused.contains("`mysql`") && !refused.contains("secret"), "{refused}");
    assert!(Config::load(Flags::default(), Environment::new()).is_err());
}

#[test]
fn a_command_to_type_reaches_the_same_data() {
    for (dir, command) in [
        (None, "autocoder"),
        (Some("/tmp/d"), "autocoder --data-dir /tmp/d"),
        (Some("/tmp/it's"), "autocoder --data-dir '/tmp/it'\\''s'"),
    ] {
        let flags = Flags { data_dir: dir.map(PathBuf::from), ..Flags::default() };
        assert_eq!(Config::load(flags, variables(&[("HOME", "/nowhere")])).unwrap().command(), command);
    }
}

#[test]
fn no_color_counts_unless_a_flag_says_otherwise() {
    let environment = || variables(&[("HOME", "/nowhere"), ("NO_COLOR", "1")]);
    let config = Config::load(Flags::default(), environment()).unwrap();
    assert_eq!(config.color.value, ColorChoice::Never);
    let flags = Flags { color: Some(ColorChoice::Always), ..Flags::default() };
    assert_eq!(Config::load(flags, environment()).unwrap().color.value, ColorChoice::Always);
}

#[test]
fn notifications_are_set_in_the_file() {
    let (_home, home) = home_with("[notify]\ncommand = [\"notify\", \"--now\"]\ndesktop = true");
    let config = Config::load(Flags::default(), variables(&[("HOME", &home)])).unwrap();
    assert_eq!(config.notify, Notify { command: vec!["notify".to_owned(), "--now".to_owned()], desktop: true });
    let (_home, home) = home_with("[notify]\nshell = \"rm\"");
    assert!(Config::load(Flags::default(), variables(&[("HOME", &home)])).is_err());
}
