//! `autocoder import-legacy`.

use std::path::{Path, PathBuf};

use autocoder_tests::Autocoder;
use serde_json::json;

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
    autocoder.file("old/prompts/coding_prompt.md", "Work.");
    let said = autocoder.ok(&["import-legacy", folder.to_str().unwrap(), "--project", "p", "--by-category"]);
    assert!(said.contains(".autocoder/prompts/coder.md"), "{said}");
    let project = autocoder.json(&["project", "show", "p"]);
    assert_eq!((&project["feature_count"], &project["spec"]), (&json!(7), &json!("<app>todo</app>")));
    assert!(!folder.join(".autocoder").exists());
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
