//! `autocoder import-legacy`.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, python, script};
use serde_json::{Value, json};

/// The columns of the newest version, without the rules that a damaged file may break.
const TABLE: &str = "CREATE TABLE features (id INTEGER PRIMARY KEY, priority, category, name, description, steps, \
                     passes, in_progress, dependencies, needs_human_input, human_input_request, human_input_response);";

fn list(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/legacy").join(format!("{name}.db"));
    std::fs::read(path).expect("the list is there")
}

/// An old project with one of the lists where some version kept it.
fn old(autocoder: &Autocoder, home: &str, name: &str) -> PathBuf {
    let folder = autocoder.folder("old");
    autocoder.folder(&format!("old/{home}"));
    autocoder.file(&format!("old/{home}/features.db"), list(name));
    folder
}

/// An old project with a list made by SQL.
fn made(autocoder: &Autocoder, sql: &str, flags: &[&str]) -> PathBuf {
    let folder = autocoder.folder("old");
    let mut command = Command::new(python());
    command.arg(script("legacy_list.py")).arg(folder.join("features.db")).args(flags);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    write!(child.stdin.take().unwrap(), "{TABLE}{sql}").unwrap();
    assert!(child.wait().unwrap().success());
    folder
}

fn rows(count: usize, more: impl Fn(usize) -> String) -> String {
    let rows = (1..=count).map(|id| format!("INSERT INTO features (id, name, {};", more(id)));
    format!("BEGIN;{}COMMIT;", rows.collect::<String>())
}

fn import(autocoder: &Autocoder, folder: &Path) -> Value {
    autocoder.json(&["import-legacy", folder.to_str().unwrap(), "--project", "p"])
}

/// The name and bytes of every file in a folder.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        entries.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    files.sort();
    files
}

fn tasks(autocoder: &Autocoder) -> Vec<Value> {
    let all = autocoder.json(&["task", "list", "--project", "p", "--status", "all", "--limit", "1000"]);
    all["items"].as_array().unwrap().clone()
}

#[test]
fn a_list_of_each_version_moves_in_and_stays_as_it_was() {
    for (home, name, tasks, passing) in
        [(".autoforge", "flat-with-dependencies", 120, 48), ("", "flat-with-progress", 60, 24)]
    {
        let autocoder = Autocoder::new();
        let folder = old(&autocoder, home, name);
        let moved = autocoder.json(&["import-legacy", folder.to_str().unwrap(), "--project", "p"]);
        assert_eq!((&moved["counts"]["tasks"], &moved["counts"]["passing"]), (&json!(tasks), &json!(passing)));
        let project = autocoder.json(&["project", "show", "p"]);
        assert_eq!(project["task_count"], tasks);
        let phases = autocoder.json(&["phase", "list", "--project", "p"]);
        let phase = &phases["items"][0];
        assert_eq!((&phase["name"], &phase["status"]), (&json!("Phase 1: Initial Development"), &json!("in_progress")));
        let done = autocoder.json(&["task", "list", "--project", "p", "--status", "passing", "--limit", "200"]);
        assert_eq!(done["items"].as_array().unwrap().len(), passing);
        assert_eq!(std::fs::read(folder.join(home).join("features.db")).unwrap(), list(name));
        let beside = std::fs::read_dir(folder.join(home)).unwrap().flatten().filter(|entry| entry.path().is_file());
        assert_eq!(beside.count(), 1, "nothing is written beside the list");
    }
}

#[test]
fn a_second_move_changes_nothing() {
    let autocoder = Autocoder::new();
    let folder = old(&autocoder, ".autocoder", "flat-with-dependencies");
    let arguments = ["import-legacy", folder.to_str().unwrap(), "--project", "p"];
    autocoder.ok(&arguments);
    let before = autocoder.everything();
    assert!(autocoder.ok(&arguments).contains("nothing was changed"));
    assert_eq!(autocoder.everything(), before);
}

#[test]
fn a_dry_run_shows_every_task_and_makes_nothing() {
    let autocoder = Autocoder::new();
    let folder = old(&autocoder, "", "flat-with-dependencies");
    let arguments = ["import-legacy", folder.to_str().unwrap(), "--project", "p", "--dry-run"];
    let said = autocoder.ok(&arguments);
    assert!(
        said.contains("\n    passing 4: Add and list items (functional, priority 40, 3 steps, after 1, 2)"),
        "{said}"
    );
    let view = autocoder.json(&arguments);
    assert_eq!(view["stood"].as_array().unwrap().len(), 120);
    assert!(!autocoder.data_dir().exists());
}

#[test]
fn categories_can_become_features_and_the_app_spec_the_spec() {
    let autocoder = Autocoder::new();
    let folder = old(&autocoder, "", "flat-with-dependencies");
    autocoder.folder("old/prompts");
    autocoder.file("old/prompts/app_spec.txt", "<app>todo</app>");
    autocoder.ok(&["import-legacy", folder.to_str().unwrap(), "--project", "p", "--by-category"]);
    let project = autocoder.json(&["project", "show", "p"]);
    assert_eq!((&project["feature_count"], &project["spec"]), (&json!(7), &json!("<app>todo</app>")));
    assert!(!folder.join(".autocoder").exists());
}

#[test]
fn prompts_become_templates_where_they_fit() {
    let autocoder = Autocoder::new();
    let folder = old(&autocoder, "", "flat-with-progress");
    autocoder.folder("old/prompts");
    autocoder.file("old/prompts/coding_prompt.md", "Be kind, then call feature_mark_passing with feature_id.");
    autocoder.file("old/prompts/testing_prompt.md", "y".repeat(20_000));
    autocoder.file("old/prompts/initializer_prompt.md", "Plan.");
    autocoder.file("old/prompts/notes.md", "Mine.");
    let arguments = ["import-legacy", folder.to_str().unwrap(), "--project", "p"];
    autocoder.ok(&[&arguments[..], &["--dry-run"]].concat());
    assert!(!folder.join(".autocoder").exists());
    let said = autocoder.ok(&arguments);
    for part in [
        "coding_prompt.md` becomes `.autocoder/prompts/coder.md` (`feature_mark_passing` is `task_mark_passing`)",
        "testing_prompt.md` is left out: it would have",
        "write what still holds into `.autocoder/prompts/tester.md`",
        "initializer_prompt.md` is left out: a planner makes phases and features first",
        "notes.md` is left out: no role does that work",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let template = std::fs::read_to_string(folder.join(".autocoder/prompts/coder.md")).unwrap();
    assert!(template.starts_with("Be kind, then call task_mark_passing with task_id."), "{template}");
    let task = tasks(&autocoder).into_iter().find(|task| task["status"] == "pending").unwrap();
    let prompt = autocoder.ok(&["prompt", "show", "coder", "--task", &task["id"].to_string()]);
    assert!(prompt.contains("Be kind") && prompt.contains(task["name"].as_str().unwrap()), "{prompt}");
    assert!(autocoder.ok(&arguments).contains("nothing was changed"));
}

#[test]
fn what_is_not_folded_into_the_file_yet_counts_and_stays() {
    let autocoder = Autocoder::new();
    let sql = rows(3, |id| format!("passes) VALUES ({id}, 'Row {id}', 0)"));
    let folder = made(&autocoder, &sql, &["--open"]);
    let before = files(&folder);
    let names: Vec<_> = before.iter().map(|(path, _)| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["features.db", "features.db-shm", "features.db-wal"]);
    assert_eq!(import(&autocoder, &folder)["counts"]["tasks"], 3);
    assert_eq!(files(&folder), before);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_good_enough() {
    use std::os::unix::fs::PermissionsExt;

    let autocoder = Autocoder::new();
    let folder = old(&autocoder, "", "flat-with-progress");
    let mode = |bits| std::fs::set_permissions(&folder, PermissionsExt::from_mode(bits)).unwrap();
    let list = folder.join("features.db");
    std::fs::set_permissions(&list, PermissionsExt::from_mode(0o444)).unwrap();
    mode(0o555);
    assert_eq!(import(&autocoder, &folder)["counts"]["tasks"], 60);
    mode(0o755);
    assert_eq!(files(&folder).len(), 1);
}

#[test]
fn damaged_fields_are_mended_and_told() {
    let autocoder = Autocoder::new();
    let folder = made(
        &autocoder,
        "INSERT INTO features VALUES
           (1, 'soon', NULL, NULL, NULL, NULL, 'yes', NULL, NULL, NULL, NULL, NULL),
           (2, X'33', X'7374796c65', X'4e616d65', X'64', X'5b2273225d', 1, 0, 'null', 0, NULL, NULL),
           (3, 1e300, 'style', 'a' || char(10) || 'b', 'd', '{oops', 0, 1, '[1, 3, 99, 2]', 0, NULL, NULL),
           (4, 5, 'style', 'c', 'd', '[]', 0, 0, '[5]', 1, '{\"prompt\": \"Which?\"}', NULL),
           (5, 5, 'style', 'e', 'd', '[]', 0, 0, '[4]', 0, '{\"prompt\": \"Why?\"}', '{\"a\": \"So.\"}');",
        &[],
    );
    let moved = import(&autocoder, &folder);
    let told: Vec<_> = moved["notices"].as_array().unwrap().iter().map(|notice| notice.as_str().unwrap()).collect();
    let expected = [
        "task 3: its dependency on itself is left out",
        "task 3: its dependency on task 99 is left out: there is no such task",
        "task 5: its dependency on task 4 is left out: it closes a circle",
        "task 1: its passes is neither yes nor no and is taken as no",
        "task 1: it has no name and is called `Task 1`",
        "task 1: its priority `soon` is taken as 500",
        "task 3: the line breaks and tabs in its name are spaces now",
        "task 3: its steps are no JSON list; their text is kept as one step",
        "task 3: its priority `1.0e+300` is taken as 1000000",
        "tasks without a category are `functional` now: 1",
    ];
    assert_eq!(told, expected);
    let counts = json!({
        "tasks": 5, "passing": 1, "asking": 1, "answered": 1, "interrupted": 1, "dependencies": 3,
    });
    assert_eq!(moved["counts"], counts);
    let all = tasks(&autocoder);
    let names: Vec<_> = all.iter().map(|task| task["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Task 1", "Name", "a b", "c", "e"]);
    let answered = autocoder.json(&["task", "show", &all[4]["id"].to_string()]);
    assert_eq!((&answered["answer"], &answered["question"]["text"]), (&json!("So."), &json!("Why?")));
    assert_eq!(answered["status"], "pending");
    let bad = "INSERT INTO features (id, name, passes) VALUES (1, X'ff', 0);";
    std::fs::remove_file(folder.join("features.db")).unwrap();
    let folder = made(&autocoder, bad, &[]);
    autocoder.bad(2, &["import-legacy", folder.to_str().unwrap(), "--project", "q"], "must be UTF-8 text");
}

#[test]
fn a_finished_list_waits_for_approval() {
    let autocoder = Autocoder::new();
    let folder = made(&autocoder, &rows(2, |id| format!("passes) VALUES ({id}, 'Row {id}', 1)")), &[]);
    import(&autocoder, &folder);
    let phases = autocoder.json(&["phase", "list", "--project", "p"]);
    assert_eq!(phases["items"][0]["status"], "awaiting_approval");
    autocoder.ok(&["phase", "approve", &phases["items"][0]["id"].to_string()]);
    assert_eq!(autocoder.json(&["project", "show", "p"])["status"], "completed");
}

#[test]
fn a_move_that_is_killed_is_brought_to_its_end_by_the_next() {
    let sql = rows(2_000, |id| format!("passes, dependencies) VALUES ({id}, 'Row {id}', 0, '[{}]')", id - 1));
    let clean = Autocoder::new();
    let folder = made(&clean, &sql, &[]);
    let prepare = |autocoder: &Autocoder| {
        autocoder.folder("old/prompts");
        autocoder.file("old/prompts/app_spec.txt", "The spec");
        autocoder.file("old/prompts/coding_prompt.md", "Work.");
    };
    prepare(&clean);
    let begun = Instant::now();
    import(&clean, &folder);
    let whole = begun.elapsed();
    let wanted = (clean.ok(&["plan", "export", "--project", "p"]), tasks(&clean).len());
    for part in 1..=8 {
        let autocoder = Autocoder::new();
        autocoder.folder("old");
        autocoder.file("old/features.db", std::fs::read(folder.join("features.db")).unwrap());
        prepare(&autocoder);
        let old = autocoder.folder("old");
        let mut command = autocoder.command(&["import-legacy", old.to_str().unwrap(), "--project", "p"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(f64::from(part) / 9.0).max(Duration::from_millis(2)));
        child.kill().unwrap();
        child.wait().unwrap();
        import(&autocoder, &old);
        assert_eq!((autocoder.ok(&["plan", "export", "--project", "p"]), tasks(&autocoder).len()), wanted, "{part}");
        assert_eq!(autocoder.json(&["project", "show", "p"])["spec"], "The spec");
        let template = std::fs::read_to_string(old.join(".autocoder/prompts/coder.md")).unwrap();
        assert!(template.starts_with("Work."), "{template}");
        assert_eq!(autocoder.json(&["phase", "list", "--project", "p"])["items"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_project_that_was_made_and_nothing_more_takes_the_list() {
    let autocoder = Autocoder::new();
    let folder = old(&autocoder, "", "flat-with-progress");
    autocoder.folder("old/prompts");
    autocoder.file("old/prompts/app_spec.txt", "The spec");
    autocoder.ok(&["init", folder.to_str().unwrap(), "--name", "p"]);
    assert_eq!(import(&autocoder, &folder)["was_there"], false);
    let project = autocoder.json(&["project", "show", "p"]);
    assert_eq!((&project["spec"], &project["task_count"]), (&json!("The spec"), &json!(60)));
    assert_eq!(import(&autocoder, &folder)["was_there"], true);
}

#[test]
fn what_is_no_list_is_refused_and_nothing_is_made() {
    let autocoder = Autocoder::new();
    let broken = list("flat-with-progress")[..5000].to_vec();
    let cases: [(&str, &[u8], &str); 3] = [
        ("text.db", b"not a database at all", "is not a SQLite file"),
        ("empty.db", b"", "is not a SQLite file"),
        ("cut.db", &broken, "is damaged"),
    ];
    for (name, bytes, message) in cases {
        let file = autocoder.file(name, bytes);
        autocoder.bad(2, &["import-legacy", file.to_str().unwrap(), "--project", "p"], message);
    }
    let folder = autocoder.folder("nothing");
    autocoder.bad(2, &["import-legacy", folder.to_str().unwrap(), "--project", "p"], "features.db");
    assert!(!autocoder.data_dir().exists());
}

#[test]
fn a_project_with_a_plan_of_its_own_is_left_alone() {
    let autocoder = Autocoder::with_plan();
    let folder = old(&autocoder, "", "flat-with-progress");
    let before = autocoder.everything();
    autocoder.bad(4, &["import-legacy", folder.to_str().unwrap(), "--project", "p"], "has a plan of its own");
    assert_eq!(autocoder.everything(), before);
}
