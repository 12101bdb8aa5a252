//! `autocoder plan`.

use autocoder_tests::{Autocoder, SMALL_PLAN};

const BAD_PLAN: &str = "\
version: 1
project: {}
phases:
  - name: One
    features:
      - name: F
        colour: red
        tasks:
          - {name: A, complexity: 6}
          - {name: \"\"}
";

#[test]
fn a_plan_is_checked_without_a_database() {
    let autocoder = Autocoder::new();
    let plan = autocoder.file("plan.yaml", SMALL_PLAN);
    let said = autocoder.ok(&["plan", "check", plan.to_str().unwrap()]);
    assert!(said.contains("is a good plan: 2 phases, 3 features, 4 tasks\n"), "{said}");
    assert!(said.ends_with("\n  One: a → b\n  Two: d\n"), "the longest chains by complexity: {said}");
    assert_eq!(autocoder.json(&["plan", "check", plan.to_str().unwrap()])["tasks"], 4);
    assert_eq!(autocoder.run_with(SMALL_PLAN, &["plan", "check", "-"]).code, 0);
    autocoder.bad(2, &["plan", "check", "nowhere.yaml"], "cannot read `nowhere.yaml`");
    assert!(!autocoder.data_dir().exists());
}

#[test]
fn every_problem_of_a_plan_is_told_with_file_and_line() {
    let autocoder = Autocoder::new();
    autocoder.file("bad.yaml", BAD_PLAN);
    let output = autocoder.run(&["plan", "check", "bad.yaml"]);
    assert_eq!(output.code, 2);
    for found in ["bad.yaml has 3 problems:", "bad.yaml:7: ", "bad.yaml:9: ", "bad.yaml:10: ", "colour", "complexity"] {
        assert!(output.stderr.contains(found), "{found}: {}", output.stderr);
    }
    let output = autocoder.run(&["--json", "plan", "check", "bad.yaml"]);
    let problem: serde_json::Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!((&problem["code"], &problem["errors"][0]["line"]), (&"invalid_plan".into(), &7.into()));
}

#[test]
fn importing_again_updates_and_loses_nothing() {
    let autocoder = Autocoder::with_plan();
    autocoder.agent("coder-1").call("task_get_next", serde_json::json!({}));
    let plan = autocoder.file("again.yaml", SMALL_PLAN.replace("name: B,", "name: B better,"));
    let report = autocoder.json(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    assert_eq!(report["report"]["tasks"], serde_json::json!({ "added": 0, "updated": 1, "unchanged": 3 }));
    let held = autocoder.json(&["task", "list", "--project", "p", "--status", "in_progress"]);
    assert_eq!(held["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_bad_plan_imports_nothing() {
    let autocoder = Autocoder::with_plan();
    let before = autocoder.everything();
    autocoder.file("bad.yaml", BAD_PLAN);
    autocoder.bad(2, &["plan", "import", "bad.yaml", "--project", "p"], "bad.yaml has 3 problems");
    assert_eq!(autocoder.everything(), before);
}

#[test]
fn a_missing_project_is_made_only_on_request() {
    let autocoder = Autocoder::new();
    let plan = autocoder.file("plan.yaml", SMALL_PLAN);
    let file = plan.to_str().unwrap();
    autocoder.bad(3, &["plan", "import", file], "there is no project `small`");
    autocoder.bad(3, &["plan", "import", file, "--project", "q"], "autocoder init PATH --name q");
    autocoder.bad(2, &["plan", "import", file, "--create"], "--path <DIR>");
    let folder = autocoder.folder("code");
    autocoder.ok(&["plan", "import", file, "--create", "--path", folder.to_str().unwrap()]);
    assert_eq!(autocoder.json(&["project", "show", "small"])["task_count"], 4);
    let nameless = autocoder.file("nameless.yaml", SMALL_PLAN.replace("  name: small\n", "  title: x\n"));
    autocoder.bad(2, &["plan", "import", nameless.to_str().unwrap()], "neither --project nor");
}

#[test]
fn export_and_import_give_the_same_plan() {
    let autocoder = Autocoder::with_plan();
    let yaml = autocoder.ok(&["plan", "export", "--project", "p"]);
    let json = autocoder.ok(&["--json", "plan", "export", "--project", "p"]);
    autocoder.ok(&["plan", "export", "--project", "p", "out.yaml"]);
    assert_eq!(std::fs::read_to_string(autocoder.folder("").join("out.yaml")).unwrap(), yaml);
    for (name, text) in [("q", &yaml), ("r", &json)] {
        autocoder.ok(&["init", autocoder.folder(name).to_str().unwrap(), "--name", name]);
        let output = autocoder.run_with(text, &["plan", "import", "-", "--project", name]);
        assert_eq!(output.code, 0, "{output:?}");
        let again = autocoder.ok(&["plan", "export", "--project", name]);
        assert_eq!(again.replace(&format!("name: {name}\n"), "name: p\n"), yaml);
    }
    autocoder.bad(3, &["plan", "export", "--project", "nowhere"], "there is no project `nowhere`");
}

#[test]
fn the_schema_of_plans_is_printed() {
    let autocoder = Autocoder::new();
    assert_eq!(autocoder.json(&["plan", "schema"])["title"], "Autocoder plan");
    autocoder.bad(2, &["plan", "schema", "extra"], "unexpected argument 'extra'");
}
