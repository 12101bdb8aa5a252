//! `autocoder feature`.

use autocoder_tests::Autocoder;

#[test]
fn features_are_listed_added_shown_edited_and_deleted() {
    let autocoder = Autocoder::with_plan();
    let phase = autocoder.id("phase", "Two");
    assert!(autocoder.ok(&["feature", "list"]).contains("Page"));
    let list = autocoder.json(&["feature", "list", "--phase", &phase]);
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["name"]), (1, &"Later".into()));
    autocoder.bad(3, &["feature", "list", "--phase", "4711"], "there is no phase `4711`");
    let made = autocoder.json(&["feature", "add", "Dark mode", "--phase", &phase, "--priority", "-5"]);
    assert_eq!((&made["status"], &made["priority"]), (&"pending".into(), &(-5).into()));
    let id = made["id"].to_string();
    autocoder.bad(3, &["feature", "add", "x", "--phase", "4711"], "there is no phase `4711`");
    autocoder.bad(2, &["feature", "add", "x", "--priority", "1000001"], "--priority");
    assert!(autocoder.ok(&["feature", "show", &id]).contains("Dark mode"));
    autocoder.bad(3, &["feature", "show", "4711"], "there is no feature `4711`");
    assert_eq!(autocoder.json(&["feature", "edit", &id, "--name", "Night"])["name"], "Night");
    autocoder.bad(2, &["feature", "edit", &id, "--name", " "], "name must not be empty");
    let page = autocoder.id("feature", "Page");
    autocoder.bad(2, &["feature", "delete", &page], "with 2 tasks cannot be undone");
    assert_eq!(autocoder.json(&["feature", "delete", &page, "--yes"])["tasks"], 2);
}

#[test]
fn a_spec_is_printed_and_written() {
    let autocoder = Autocoder::with_plan();
    let (page, store) = (autocoder.id("feature", "Page"), autocoder.id("feature", "Store"));
    assert_eq!(autocoder.ok(&["feature", "spec", &page]), "# Page\nA page.\n");
    assert!(autocoder.ok(&["feature", "spec", &store]).contains("has no spec yet"));
    autocoder.file("spec.md", "# Store\n");
    autocoder.ok(&["feature", "spec", &store, "--file", "spec.md"]);
    assert_eq!(autocoder.json(&["feature", "show", &store])["spec"], "# Store\n");
    assert_eq!(autocoder.run_with("# In\n", &["feature", "spec", &store, "--file", "-"]).code, 0);
    assert_eq!(autocoder.ok(&["feature", "spec", &store]), "# In\n");
    autocoder.bad(2, &["feature", "spec", &store, "--file", "nowhere.md"], "cannot read `nowhere.md`");
    autocoder.file("latin.md", [b'a', 0xe4]);
    autocoder.bad(2, &["feature", "spec", &store, "--file", "latin.md"], "`latin.md` is not UTF-8 text (byte 1)");
}

#[test]
fn a_feature_belongs_to_one_agent_or_to_everyone() {
    let autocoder = Autocoder::with_plan();
    let page = autocoder.id("feature", "Page");
    let said = autocoder.ok(&["feature", "assign", &page, "coder-1"]);
    assert_eq!(said, format!("feature {page} \"Page\" is assigned to coder-1\n"));
    assert_eq!(autocoder.json(&["agent", "list"])["items"][0]["id"], "coder-1");
    assert_eq!(autocoder.json(&["feature", "assign", &page, "--nobody"])["agent_id"], serde_json::Value::Null);
    autocoder.bad(2, &["feature", "assign", &page], "required arguments were not provided");
    autocoder.bad(2, &["feature", "assign", &page, "-x-"], "unexpected argument");
    autocoder.bad(2, &["feature", "assign", &page, "a b"], "agent is `a b`");
}
