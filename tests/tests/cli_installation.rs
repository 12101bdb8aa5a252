//! `autocoder status`, `inbox`, `usage`, `doctor`, `migrate`, `completions` and `man`, and how everything is printed.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use autocoder_tests::{Autocoder, plan_of};
use serde_json::json;

#[test]
fn status_shows_the_tree_and_what_needs_the_person() {
    let autocoder = Autocoder::with_plan();
    let text = autocoder.ok(&["status"]);
    for line in
        ["tasks   ░░░░░░░░░░░░░░░░░░░░ 0/4, 4 pending", "One", "Page", "Two", "Later", "of 1,000,000 tokens used"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains('\x1b'), "{text}");
    autocoder.agent("coder-1").finish_everything();
    let text = autocoder.ok(&["status"]);
    let id = autocoder.id("phase", "One");
    assert!(text.contains("Needs you") && text.contains(&format!("phase approve {id} --project p")), "{text}");
    let view = autocoder.json(&["status"]);
    assert_eq!((&view["tasks"]["passing"], &view["inbox"][0]["kind"]), (&json!(3), &json!("gate")));
    autocoder.bad(3, &["status", "--project", "q"], "there is no project `q`");
    assert!(autocoder.ok(&["status", "--color", "always"]).contains("\x1b[1m"));
}

#[test]
fn status_of_a_big_plan_is_short() {
    let autocoder = Autocoder::new();
    autocoder.ok(&["init", autocoder.folder("p").to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", plan_of(50, 3));
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    let text = autocoder.ok(&["status"]);
    assert!(text.contains("… and 30 more") && text.lines().count() < 30, "{text}");
}

#[test]
fn watching_prints_every_change() {
    let autocoder = Autocoder::with_plan();
    let mut child = autocoder.command(&["status", "--watch"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains(" 0/4, 4 pending")));
    autocoder.ok(&["task", "add", "One more"]);
    assert!(lines.any(|line| line.contains(" 0/5, 5 pending")));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_inbox_is_empty_until_something_needs_the_person() {
    let autocoder = Autocoder::with_plan();
    assert_eq!(autocoder.ok(&["inbox"]), "nothing needs you\n");
    autocoder.ok(&["feature", "add", "Dark mode"]);
    let text = autocoder.ok(&["inbox", "--project", "p"]);
    assert!(text.contains("waits for its spec and tasks") && text.contains("feature spec"), "{text}");
    autocoder.bad(3, &["inbox", "--project", "q"], "there is no project `q`");
}

#[test]
fn the_budget_is_shown_and_set() {
    let autocoder = Autocoder::with_plan();
    for show in [&["usage"][..], &["usage", "show"]] {
        assert!(autocoder.ok(show).contains("0 of 1,000,000 tokens used, 100.0 % left"));
    }
    autocoder.bad(3, &["usage", "show", "--project", "q"], "there is no project `q`");
    let set = autocoder.json(&["usage", "settings", "--monthly-limit", "5000", "--pause-at", "2%"]);
    assert_eq!((&set["monthly_limit"], &set["pause_at_percentage"]), (&json!(5000), &json!(0.02)));
    assert_eq!(autocoder.json(&["usage", "settings", "--monthly-limit", "none"])["monthly_limit"], json!(null));
    for (arguments, message) in [
        (["--monthly-limit", "many"], "must be a whole number, or `none`"),
        (["--pause-at", "2"], "pause_at_percentage"),
        (["--reset-day", "32"], "reset_day"),
        (["--time-zone", "Nowhere"], "time_zone"),
        (["--track-by", "moon"], "expected `project` or `global`"),
    ] {
        autocoder.bad(2, &[&["usage", "settings"], &arguments[..]].concat(), message);
    }
    autocoder.bad(2, &["usage", "settings", "--warn-at", "x"], "must be a share from 0 to 1");
    assert_eq!(autocoder.json(&["usage", "settings"])["monthly_limit"], json!(null));
}

#[test]
fn doctor_says_where_each_value_comes_from() {
    let autocoder = Autocoder::new();
    let text = autocoder.ok(&["doctor"]);
    for found in ["(--data-dir)", "not made yet", "rehearsal:", "git:", "isolation:  "] {
        assert!(text.contains(found), "{found}: {text}");
    }
    assert!(!autocoder.data_dir().exists());
    autocoder.ok(&["project", "list"]);
    let view = autocoder.json(&["doctor"]);
    assert_eq!(view["database"]["migrations"]["pending"], json!([]));
    autocoder.bad(
        2,
        &["doctor", "--database-url", "mysql://me:secret@db/x"],
        "has `mysql`, must start with `postgres://`",
    );
    autocoder.bad(2, &["doctor", "me"], "unexpected argument 'me'");
}

#[test]
fn a_bad_configuration_file_is_named() {
    let autocoder = Autocoder::new();
    autocoder.folder("home/.config/autocoder");
    autocoder.file("home/.config/autocoder/config.toml", "colour = 1");
    autocoder.bad(2, &["project", "list"], "config.toml is not a configuration file");
}

#[test]
fn migrations_are_shown_and_applied() {
    let autocoder = Autocoder::new();
    assert!(autocoder.ok(&["migrate", "status"]).starts_with("pending"));
    assert!(autocoder.ok(&["migrate", "up"]).contains("applied"));
    assert_eq!(autocoder.ok(&["migrate", "up"]), "the database is up to date\n");
    assert_eq!(autocoder.json(&["migrate", "status"])["pending"], json!([]));
    autocoder.bad(2, &["migrate", "up", "now"], "unexpected argument 'now'");
    autocoder.bad(2, &["migrate", "status", "now"], "unexpected argument 'now'");
    let unreachable = "postgres:///x?host=/nowhere";
    autocoder.bad(10, &["migrate", "up", "--database-url", unreachable], "the database is not available");
}

#[test]
fn a_file_that_is_no_database_is_an_error() {
    let autocoder = Autocoder::new();
    autocoder.folder("data");
    autocoder.file(
        "data/autocoder.db",
        "this is not a database, but it is long enough to look like a header of one".repeat(50),
    );
    autocoder.bad(10, &["project", "list"], "the database");
}

#[test]
fn completions_and_manual_pages_are_made() {
    let autocoder = Autocoder::new();
    assert!(autocoder.ok(&["completions", "bash"]).contains("complete -F"));
    autocoder.bad(2, &["completions", "dos"], "invalid value 'dos'");
    assert!(autocoder.ok(&["man"]).contains(".TH"));
    autocoder.ok(&["man", "--out", "pages"]);
    assert!(autocoder.folder("pages").join("autocoder-task-add.1").exists());
    let file = autocoder.file("file", "");
    autocoder.bad(2, &["man", "--out", file.to_str().unwrap()], "cannot make the folder");
}

#[test]
fn a_noun_alone_shows_its_verbs() {
    let autocoder = Autocoder::new();
    for noun in
        [&[][..], &["plan"], &["project"], &["phase"], &["feature"], &["task"], &["agent"], &["schedule"], &["migrate"]]
    {
        let output = autocoder.run(noun);
        assert_eq!(output.code, 2, "{noun:?}");
        assert!(output.stderr.contains("Usage: autocoder"), "{noun:?}: {}", output.stderr);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let autocoder = Autocoder::new();
    let mut child =
        autocoder.command(&["completions", "zsh"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaint.as_str()), (Some(0), ""));
}

#[test]
fn text_from_outside_cannot_drive_the_terminal() {
    let autocoder = Autocoder::new();
    let output = autocoder.run(&["project", "show", "a\x1b[2Jb"]);
    assert_eq!(output.code, 3);
    assert!(!output.stderr.contains('\x1b'), "{}", output.stderr);
}

#[test]
fn quiet_hides_sentences_and_no_color_hides_colours() {
    let autocoder = Autocoder::new();
    let folder = autocoder.folder("p");
    assert_eq!(autocoder.ok(&["-q", "init", folder.to_str().unwrap()]), "");
    let output = autocoder.command(&["--color", "never", "status"]).env("NO_COLOR", "1").output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains('\x1b'));
}
