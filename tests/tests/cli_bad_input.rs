//! Bad input of every field: a clear error with the documented exit code, and nothing changed.

use autocoder_tests::{Autocoder, SMALL_PLAN};

struct Ids {
    phase: String,
    feature: String,
    task: String,
    second: String,
}

fn ids(autocoder: &Autocoder) -> Ids {
    Ids {
        phase: autocoder.id("phase", "One"),
        feature: autocoder.id("feature", "Page"),
        task: autocoder.id("task", "A"),
        second: autocoder.id("task", "B"),
    }
}

#[test]
fn bad_fields_are_named_and_change_nothing() {
    let autocoder = Autocoder::with_plan();
    let Ids { phase, feature, task, second } = &ids(&autocoder);
    let (long_name, long_text) = ("x".repeat(256), "x".repeat(64 * 1024 + 1));
    let too_many = "name has 256 characters, at most 255 are allowed";
    let too_long = "description has 65537 bytes, at most 65536 are allowed";
    let control = "has the control character U+0007; remove it";
    autocoder.file("long.md", "x".repeat(1024 * 1024 + 1));
    autocoder.file("nul.md", "a\0b");
    let id_rule = "must be a whole number from 1 to 9223372036854775807";
    let before = autocoder.everything();
    let cases: &[(&[&str], &str)] = &[
        (&["phase", "add", ""], "name must not be empty"),
        (&["phase", "add", "  "], "name must not be empty"),
        (&["phase", "add", &long_name], too_many),
        (&["phase", "add", "a\x07"], control),
        (&["phase", "add", "a\nb"], "U+000A"),
        (&["phase", "add", "x", "--description", &long_text], too_long),
        (&["phase", "add", "x", "--order", "-1"], "order is `-1`"),
        (&["phase", "add", "x", "--order", "1.5"], "--order"),
        (&["phase", "edit", phase, "--name", ""], "name must not be empty"),
        (&["phase", "edit", phase, "--description", "a\x07"], control),
        (&["phase", "show", "-1"], id_rule),
        (&["phase", "show", "0"], id_rule),
        (&["phase", "show", "99999999999999999999"], id_rule),
        (&["phase", "show", "one"], id_rule),
        (&["phase", "approve", "x"], id_rule),
        (&["phase", "reject", phase, "--reason", "r", "--reopen", "x"], id_rule),
        (&["phase", "reject", phase, "--reason", " "], "reason must not be empty"),
        (&["feature", "add", &long_name], too_many),
        (&["feature", "add", "a\x07"], control),
        (&["feature", "add", "x", "--description", &long_text], too_long),
        (&["feature", "add", "x", "--spec-file", "long.md"], "spec has 1048577 bytes, at most 1048576 are allowed"),
        (&["feature", "add", "x", "--spec-file", "nul.md"], "spec has the control character U+0000"),
        (&["feature", "spec", feature, "--file", "long.md"], "at most 1048576 are allowed"),
        (&["feature", "spec", feature, "--file", "nul.md"], "U+0000"),
        (&["feature", "edit", feature, "--priority", "1000001"], "must be a whole number from -1000000 to 1000000"),
        (&["feature", "assign", feature, "a/b"], "agent is `a/b`"),
        (&["feature", "assign", feature, &"x".repeat(64)], "must be 1 to 63 letters"),
        (&["task", "add", ""], "name must not be empty"),
        (&["task", "add", &long_name], too_many),
        (&["task", "add", "x", "--description", &long_text], too_long),
        (&["task", "add", "x", "--category", &"x".repeat(101)], "category has 101 characters, at most 100"),
        (&["task", "add", "x", "--category", ""], "category must not be empty"),
        (&["task", "add", "x", "--step", ""], "steps[0] must not be empty"),
        (&["task", "add", "x", "--step", "a\x07"], "steps[0] has the control character"),
        (&["task", "add", "x", "--complexity", "0"], "must be a whole number from 1 to 5"),
        (&["task", "add", "x", "--complexity", "6"], "must be a whole number from 1 to 5"),
        (&["task", "add", "x", "--complexity", "-1"], "must be a whole number from 1 to 5"),
        (&["task", "add", "x", "--complexity", "hard"], "must be a whole number from 1 to 5"),
        (&["task", "add", "x", "--priority", "99999999999"], "must be a whole number from -1000000"),
        (&["task", "add", "x", "--depends-on", "0"], id_rule),
        (&["task", "add", "x", "--status", "passing"], "unexpected argument '--status'"),
        (&["task", "edit", task, "--name", "a\tb"], "U+0009"),
        (&["task", "list", "--status", "sleeping"], "unknown task status `sleeping`"),
        (&["task", "list", "--cursor", "x"], id_rule),
        (&["task", "depends", task, "--on", second], "would wait for each other"),
        (&["task", "skip", task, "--reason", "a\x07"], "reason has the control character"),
        (&["task", "answer", task, ""], "text must not be empty"),
        (&["why", "-7"], id_rule),
        (&["agent", "add", ""], "agent is ``"),
        (&["agent", "add", "x", "--model", "a\nb"], "model has the control character"),
        (&["agent", "add", "x", "--role", "boss"], "unknown role `boss`"),
        (&["project", "edit", "p", "--title", ""], "title must not be empty"),
        (&["project", "edit", "p", "--verify-timeout", "0"], "settings.verify_timeout_s is `0`"),
        (&["project", "edit", "p", "--writers-per-feature", "65"], "settings.writers_per_feature is `65`"),
        (&["project", "edit", "p", "--verify", " "], "settings.verify[0] must not be empty"),
        (&["init", "/nowhere/at/all", "--name", "q"], "cannot use the folder"),
        (&["init", ".", "--name", "q", "--description", "a\x07"], control),
        (&["nonsense"], "unrecognized subcommand 'nonsense'"),
    ];
    for (arguments, message) in cases {
        autocoder.bad(2, arguments, message);
    }
    assert_eq!(autocoder.everything(), before);
}

#[test]
fn ids_of_another_project_are_missing() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["init", autocoder.folder("q").to_str().unwrap(), "--name", "q"]);
    let plan = autocoder.file("q.yaml", SMALL_PLAN);
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "q"]);
    let Ids { phase, feature, task, .. } = &ids(&autocoder);
    let foreign = |list: &str| autocoder.json(&[list, "list", "--project", "q"])["items"][0]["id"].to_string();
    let (foreign_phase, foreign_task) = (&foreign("phase"), &foreign("task"));
    let before = autocoder.everything();
    let cases: &[&[&str]] = &[
        &["phase", "show", phase, "--project", "q"],
        &["phase", "start", phase, "--project", "q"],
        &["phase", "approve", phase, "--project", "q"],
        &["phase", "delete", phase, "--project", "q", "--yes"],
        &["feature", "show", feature, "--project", "q"],
        &["feature", "spec", feature, "--project", "q"],
        &["feature", "assign", feature, "coder-1", "--project", "q"],
        &["feature", "delete", feature, "--project", "q", "--yes"],
        &["feature", "add", "x", "--phase", foreign_phase, "--project", "p"],
        &["task", "show", task, "--project", "q"],
        &["task", "skip", task, "--project", "q"],
        &["task", "delete", task, "--project", "q", "--yes"],
        &["task", "depends", task, "--on", foreign_task],
        &["task", "add", "x", "--feature", feature, "--project", "q"],
        &["task", "add", "x", "--depends-on", foreign_task, "--project", "p"],
        &["why", task, "--project", "q"],
        &["task", "show", phase],
        &["phase", "show", task, "--project", "p"],
        &["feature", "show", task, "--project", "p"],
    ];
    for arguments in cases {
        autocoder.bad(3, arguments, "there is no ");
    }
    assert_eq!(autocoder.everything(), before);
}

#[test]
fn bad_plans_are_refused_whole() {
    let autocoder = Autocoder::with_plan();
    let before = autocoder.everything();
    let task = |fields: &str| {
        format!(
            "version: 1\nproject: {{}}\nphases:\n  - name: X\n    features:\n      - name: Y\n        tasks:\n          - {fields}\n"
        )
    };
    let cases: &[(&str, Vec<u8>, &str)] = &[
        ("empty", Vec::new(), "is empty"),
        ("not UTF-8", vec![0x76, 0xff, 0xfe], "UTF-8"),
        ("NUL", task("{name: \"a\\0b\"}").into_bytes(), "U+0000"),
        ("long name", task(&format!("{{name: {}}}", "x".repeat(256))).into_bytes(), "255"),
        ("complexity", task("{name: a, complexity: 0}").into_bytes(), "complexity"),
        ("wrong type", task("{name: [a]}").into_bytes(), "name"),
        ("unknown field", task("{name: a, stepps: []}").into_bytes(), "stepps"),
        ("unknown dependency", task("{name: a, depends_on: [nobody]}").into_bytes(), "nobody"),
        ("cycle", task("{name: a, key: a, depends_on: [a]}").into_bytes(), "depends_on"),
        ("deep", "[".repeat(100_000).into_bytes(), "plan.yaml:1"),
    ];
    for (what, plan, message) in cases {
        let file = autocoder.file("plan.yaml", plan);
        let output = autocoder.run(&["plan", "import", file.to_str().unwrap(), "--project", "p"]);
        assert_eq!(output.code, 2, "{what}: {output:?}");
        assert!(output.stderr.contains(message) && output.stderr.contains("plan.yaml:"), "{what}: {}", output.stderr);
        assert_eq!(autocoder.everything(), before, "{what}");
    }
}
