//! `autocoder phase`: the milestones and their gates.

use autocoder_tests::Autocoder;

#[test]
fn phases_are_listed_added_shown_edited_and_deleted() {
    let autocoder = Autocoder::with_plan();
    let text = autocoder.ok(&["phase", "list"]);
    assert!(text.starts_with("ID") && text.contains("One") && text.contains("░░░░░░░░░░ 0/3"), "{text}");
    autocoder.bad(3, &["phase", "list", "--project", "q"], "there is no project `q`");
    let made = autocoder.json(&["phase", "add", "Three", "--description", "The last one"]);
    assert_eq!((&made["order"], &made["status"]), (&3.into(), &"pending".into()));
    let id = made["id"].to_string();
    autocoder.bad(2, &["phase", "add", ""], "name must not be empty");
    assert!(autocoder.ok(&["phase", "show", &id]).contains("The last one"));
    autocoder.bad(3, &["phase", "show", "4711"], "there is no phase `4711`");
    assert_eq!(autocoder.json(&["phase", "edit", &id, "--name", "Third"])["name"], "Third");
    autocoder.bad(2, &["phase", "edit", &id], "required arguments were not provided");
    autocoder.bad(2, &["phase", "edit", &id, "--order", "-1"], "order is `-1`");
    autocoder.bad(2, &["phase", "delete", &id], "cannot be undone");
    assert_eq!(
        autocoder.ok(&["phase", "delete", &id, "--yes"]),
        format!("phase {id} \"Third\" deleted with 0 tasks\n")
    );
}

#[test]
fn a_phase_starts_only_after_the_ones_before_it() {
    let autocoder = Autocoder::with_plan();
    let (one, two) = (autocoder.id("phase", "One"), autocoder.id("phase", "Two"));
    autocoder.bad(4, &["phase", "start", &two], "phase `Two` cannot start before phase `One` is completed");
    assert_eq!(autocoder.ok(&["phase", "start", &one]), format!("phase {one} \"One\" has started\n"));
    autocoder.bad(4, &["phase", "submit", &one], "phase `One` is not finished: `Page`, `Store`");
    autocoder.bad(4, &["phase", "approve", &one], "a phase that is `in_progress` cannot `approve`; it can `submit`");
}

#[test]
fn a_person_decides_at_the_gate() {
    let autocoder = Autocoder::with_plan();
    let (one, two) = (autocoder.id("phase", "One"), autocoder.id("phase", "Two"));
    assert_eq!(autocoder.agent("coder-1").finish_everything().len(), 3);
    assert_eq!(autocoder.json(&["phase", "submit", &one])["status"], "awaiting_approval");
    let inbox = autocoder.json(&["inbox"]);
    assert_eq!((&inbox["items"][0]["kind"], inbox["items"][0]["id"].to_string()), (&"gate".into(), one.clone()));

    autocoder.bad(2, &["phase", "reject", &one], "--reason <TEXT>");
    let foreign = autocoder.id("task", "D");
    let reject = ["phase", "reject", &one, "--reason", "see A", "--reopen"];
    autocoder.bad(2, &[&reject[..], &[&foreign]].concat(), "reopen_tasks names task");
    let a = autocoder.id("task", "A");
    let said = autocoder.ok(&[&reject[..], &[&a]].concat());
    assert_eq!(said, format!("phase {one} \"One\" rejected; 1 task reopened\n"));
    assert_eq!(autocoder.agent("coder-1").finish_everything().len(), 1);
    let said = autocoder.ok(&["phase", "reject", &one, "--reason", "the colours"]);
    assert_eq!(said, format!("phase {one} \"One\" rejected; what you wrote was added under \"Review findings\"\n"));
    assert_eq!(autocoder.agent("coder-1").finish_everything().len(), 1);

    let said = autocoder.ok(&["phase", "approve", &one, "--note", "fine"]);
    assert_eq!(said, format!("phase {one} \"One\" approved; phase {two} \"Two\" has started\n"));
    assert_eq!(autocoder.json(&["phase", "show", &one])["decision"]["by"], "tester");
    autocoder.bad(4, &["phase", "reopen", &one], "phase `One` cannot be reopened: phase `Two` has started");
    autocoder.bad(4, &["phase", "delete", &one, "--yes"], "phase `One` is completed");

    assert_eq!(autocoder.agent("coder-1").finish_everything().len(), 1);
    let said = autocoder.ok(&["phase", "approve", &two]);
    assert_eq!(said, format!("phase {two} \"Two\" approved; it was the last one: project \"p\" is completed\n"));
    let said = autocoder.ok(&["phase", "reopen", &two, "--reason", "not yet"]);
    assert_eq!(said, format!("phase {two} \"Two\" is open again\n"));
}
