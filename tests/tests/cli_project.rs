//! `autocoder init` and `autocoder project`.

use std::path::Path;

use autocoder_tests::Autocoder;

#[test]
fn a_folder_becomes_a_project() {
    let autocoder = Autocoder::new();
    let folder = autocoder.folder("My Shop");
    let path = folder.canonicalize().unwrap();
    let view = autocoder.json(&["init", folder.to_str().unwrap(), "--verify", "npm test", "--verify", "npm run lint"]);
    assert_eq!(view["name"], "my-shop");
    assert_eq!(Path::new(view["path"].as_str().unwrap()), path);
    assert_eq!(view["settings"]["verify"], serde_json::json!(["npm test", "npm run lint"]));
    autocoder.bad(4, &["init", folder.to_str().unwrap()], "there is already a project `my-shop`");
    autocoder.bad(2, &["init", "nowhere"], "cannot use the folder `nowhere`");
    let file = autocoder.file("file", "");
    autocoder.bad(2, &["init", file.to_str().unwrap()], "is not a folder");
    for name in ["", "UPPER", "a b", "../x", "ä", &"x".repeat(64)] {
        autocoder.bad(2, &["init", folder.to_str().unwrap(), "--name", name], "name is `");
    }
    assert_eq!(autocoder.json(&["project", "list"])["items"].as_array().unwrap().len(), 1);
}

#[test]
fn projects_are_listed_added_shown_edited_and_deleted() {
    let autocoder = Autocoder::new();
    assert!(autocoder.ok(&["project", "list"]).contains("there is no project yet"));
    autocoder.bad(3, &["project", "show"], "there is no project yet");
    let folder = autocoder.folder("p");
    let said = autocoder.ok(&["project", "add", folder.to_str().unwrap(), "--name", "p", "--title", "The shop"]);
    assert!(said.starts_with("project \"p\" made for "), "{said}");
    autocoder.bad(2, &["project", "add", "/nowhere", "--name", "q"], "cannot use the folder");
    autocoder.bad(2, &["project", "list", "--nonsense"], "unexpected argument '--nonsense'");
    assert!(autocoder.ok(&["project", "show", "p"]).contains("The shop"));
    assert_eq!(autocoder.json(&["project", "show", "p"])["settings"]["max_failures"], 3);
    autocoder.bad(3, &["project", "show", "q"], "there is no project `q`");
    let edited = autocoder.json(&["project", "edit", "p", "--max-failures", "5", "--verify", "make test"]);
    assert_eq!((&edited["settings"]["max_failures"], &edited["title"]), (&5.into(), &"The shop".into()));
    let edited = autocoder.json(&["project", "edit", "p", "--no-verify"]);
    assert_eq!(edited["settings"]["verify"], serde_json::json!([]));
    autocoder.bad(2, &["project", "edit", "p", "--max-failures", "0"], "settings.max_failures is `0`");
    autocoder.bad(2, &["project", "delete", "p"], "deleting project \"p\" with 0 tasks cannot be undone");
    autocoder.bad(3, &["project", "delete", "q", "--yes"], "there is no project `q`");
    assert_eq!(autocoder.ok(&["project", "delete", "p", "--yes"]), "project \"p\" deleted with 0 tasks\n");
    autocoder.bad(3, &["project", "show", "p"], "there is no project `p`");
}

#[test]
fn a_project_is_started_paused_resumed_and_archived() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["project", "start", "p"]);
    assert_eq!(autocoder.json(&["phase", "list"])["items"][0]["status"], "in_progress");
    assert_eq!(autocoder.json(&["project", "pause", "p"])["status"], "paused");
    autocoder.bad(4, &["project", "pause", "p"], "cannot `pause`; it can `resume`");
    assert_eq!(autocoder.json(&["project", "resume", "p"])["status"], "active");
    autocoder.bad(4, &["project", "resume", "p"], "cannot `resume`");
    assert_eq!(autocoder.json(&["project", "archive", "p"])["status"], "archived");
    autocoder.bad(4, &["project", "archive", "p"], "cannot `archive`");
    autocoder.bad(3, &["project", "start", "q"], "there is no project `q`");
}

#[test]
fn the_folder_says_which_project_is_meant() {
    let autocoder = Autocoder::new();
    for name in ["one", "two"] {
        autocoder.ok(&["init", autocoder.folder(name).to_str().unwrap(), "--name", name]);
    }
    let inside = autocoder.folder("two/src");
    assert!(autocoder.run_in(&inside, &["project", "show"]).stdout.contains("two"));
    let outside = autocoder.run(&["status"]);
    assert_eq!(outside.code, 2);
    assert!(outside.stderr.contains("which project? there are `one`, `two`"), "{}", outside.stderr);
    assert!(outside.stderr.contains("hint: name one with --project"), "{}", outside.stderr);
}
