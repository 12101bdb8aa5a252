//! `phase approve --merge`: the agents' work goes into the person's own branch with the approval, or neither happens.
#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use autocoder_tests::{Autocoder, SMALL_PLAN, Server};
use serde_json::json;

fn git(folder: &Path, line: &str) -> String {
    autocoder_tests::git(folder, &line.split(' ').collect::<Vec<_>>())
}

/// A project whose first phase waits for a person, and its folder: a repository in which the agents have changed
/// `theirs.txt` and `both.txt` and added `new.txt`, or no repository.
fn at_gate(in_git: bool) -> (Autocoder, PathBuf) {
    let autocoder = Autocoder::new();
    let folder = autocoder.folder("p");
    if in_git {
        git(&folder, "init --quiet --initial-branch=main");
        write(&folder, &[("mine.txt", "1\n"), ("theirs.txt", "1\n"), ("both.txt", "1\n")]);
        git(&folder, "add .");
        git(&folder, "commit --quiet --message Start");
        git(&folder, "switch --quiet --create autocoder/main");
        write(&folder, &[("theirs.txt", "2\n"), ("both.txt", "2\n"), ("new.txt", "2\n")]);
        git(&folder, "add .");
        git(&folder, "commit --quiet --message Work");
        git(&folder, "switch --quiet main");
    }
    autocoder.ok(&["init", folder.to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", SMALL_PLAN);
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    autocoder.agent("coder-1").finish_everything();
    (autocoder, folder)
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    files.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
}

fn commit(folder: &Path, files: &[(&str, &str)]) {
    write(folder, files);
    git(folder, "commit --quiet --all --message Mine");
}

/// What must be as it was when nothing was merged.
fn checkout(folder: &Path) -> (Vec<(PathBuf, Vec<u8>)>, String) {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut files: Vec<_> = files.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    files.sort();
    if !folder.join(".git").exists() {
        return (files, String::new());
    }
    let refs = git(folder, "for-each-ref");
    (files, refs + &git(folder, "status --porcelain=v2 --branch") + &git(folder, "rev-parse HEAD"))
}

/// Makes a checkout that cannot take the work.
type Spoil = fn(&Path);

/// A checkout, the code it is refused with, and words of the message.
const REFUSED: &[(Spoil, &str, &str)] = &[
    (|at| write(at, &[("mine.txt", "dirty\n")]), "checkout_uncommitted", "uncommitted changes: `mine.txt`"),
    (
        |at| {
            write(at, &[("added.txt", "dirty\n")]);
            git(at, "add added.txt");
        },
        "checkout_uncommitted",
        "`added.txt`",
    ),
    (|at| drop(git(at, "switch --quiet --detach")), "checkout_detached", "is on no branch"),
    (|at| drop(git(at, "switch --quiet autocoder/main")), "checkout_on_agents_branch", "is on `autocoder/main`"),
    (
        |at| {
            git(at, "switch --quiet --create side");
            commit(at, &[("mine.txt", "side\n")]);
            git(at, "switch --quiet main");
            git(at, "merge --quiet --no-ff --no-commit side");
        },
        "checkout_busy",
        "a merge is under way in your checkout",
    ),
    (
        |at| commit(at, &[("both.txt", "mine\n")]),
        "merge_conflict",
        "`main` and `autocoder/main` both changed: `both.txt`",
    ),
    (|at| write(at, &[("new.txt", "mine\n")]), "checkout_in_the_way", "are in the way: `new.txt`"),
    (
        |at| {
            write(at, &[(".git/info/attributes", "*.txt filter=secret\n")]);
            git(at, "config filter.secret.smudge false");
        },
        "merge_filtered",
        "kept by a filter",
    ),
];

#[test]
fn what_cannot_be_merged_is_not_approved_and_nothing_is_touched() {
    for (spoil, _, message) in REFUSED {
        let (autocoder, folder) = at_gate(true);
        spoil(&folder);
        let id = autocoder.id("phase", "One");
        let before = (checkout(&folder), autocoder.everything());
        autocoder.bad(4, &["phase", "approve", &id, "--project", "p", "--merge"], message);
        assert_eq!((checkout(&folder), autocoder.everything()), before, "{message}");
        autocoder.ok(&["phase", "approve", &id, "--project", "p"]);
        assert_eq!(checkout(&folder), before.0, "an approval alone touches nothing: {message}");
    }
}

#[test]
fn over_http_each_refusal_has_its_code() {
    for (spoil, code, message) in REFUSED {
        let (autocoder, folder) = at_gate(true);
        spoil(&folder);
        let server = Server::start(&autocoder);
        let path = format!("/projects/p/phases/{}/approve", autocoder.id("phase", "One"));
        let before = (checkout(&folder), autocoder.everything());
        let answer = server.call("POST", &path, &json!({ "merge": true }));
        answer.refused(409, code);
        assert!(answer.body["detail"].as_str().unwrap().contains(message), "{}", answer.text);
        assert!(answer.body["hint"].as_str().unwrap().contains("approve without the merge"), "{}", answer.text);
        assert_eq!((checkout(&folder), autocoder.everything()), before, "{code}");
    }
}

#[test]
fn without_a_repository_there_is_nothing_to_merge() {
    let (autocoder, _) = at_gate(false);
    let id = autocoder.id("phase", "One");
    autocoder.bad(4, &["phase", "approve", &id, "--project", "p", "--merge"], "is no git repository");
    let server = Server::start(&autocoder);
    let answer = server.call("POST", &format!("/projects/p/phases/{id}/approve"), &json!({ "merge": true }));
    answer.refused(409, "no_repository");
}

#[test]
fn a_branch_without_own_commits_is_moved_forward() {
    let (autocoder, folder) = at_gate(true);
    write(&folder, &[("notes.md", "a file that git does not know\n")]);
    // Written again with the same words: git has to look inside to see that nothing changed.
    fs::remove_file(folder.join("theirs.txt")).unwrap();
    write(&folder, &[("theirs.txt", "1\n")]);
    let told = autocoder.ok(&["phase", "approve", &autocoder.id("phase", "One"), "--project", "p", "--merge"]);
    assert!(told.contains("approved; `main` was moved forward to "), "{told}");
    assert_eq!(git(&folder, "rev-parse main"), git(&folder, "rev-parse autocoder/main"));
    assert_eq!(git(&folder, "status --porcelain"), "?? notes.md\n");
    assert_eq!(fs::read_to_string(folder.join("theirs.txt")).unwrap(), "2\n");
}

#[test]
fn a_branch_with_own_commits_gets_a_merge_commit_and_no_hook_runs() {
    let (autocoder, folder) = at_gate(true);
    commit(&folder, &[("mine.txt", "mine\n")]);
    for hook in ["pre-merge-commit", "commit-msg", "post-merge", "post-checkout", "reference-transaction"] {
        let path = folder.join(".git/hooks").join(hook);
        fs::write(&path, "#!/bin/sh\ntouch \"$(git rev-parse --show-toplevel)/hooked\"\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let own = git(&folder, "rev-parse main autocoder/main");
    let told = autocoder.ok(&["phase", "approve", &autocoder.id("phase", "One"), "--project", "p", "--merge"]);
    assert!(told.contains("autocoder/main was merged into `main` by "), "{told}");
    assert!(!folder.join("hooked").exists());
    fs::remove_dir_all(folder.join(".git/hooks")).unwrap();
    assert_eq!(git(&folder, "rev-parse main^1 main^2"), own);
    assert_eq!(git(&folder, "status --porcelain"), "");
    for (file, text) in [("mine.txt", "mine\n"), ("both.txt", "2\n"), ("new.txt", "2\n")] {
        assert_eq!(fs::read_to_string(folder.join(file)).unwrap(), text, "{file}");
    }
}

#[test]
fn a_merge_that_was_cut_off_before_its_approval_goes_on() {
    for cut in ["merge --quiet --ff-only autocoder/main", "read-tree -m -u HEAD autocoder/main"] {
        let (autocoder, folder) = at_gate(true);
        git(&folder, cut);
        autocoder.ok(&["phase", "approve", &autocoder.id("phase", "One"), "--project", "p", "--merge"]);
        assert_eq!(git(&folder, "rev-parse main"), git(&folder, "rev-parse autocoder/main"), "{cut}");
        assert_eq!(git(&folder, "status --porcelain"), "", "{cut}");
    }
}

#[test]
fn what_may_not_be_approved_is_not_merged() {
    let (autocoder, folder) = at_gate(true);
    let before = checkout(&folder);
    let [one, two] = ["One", "Two"].map(|name| autocoder.id("phase", name));
    autocoder.bad(4, &["phase", "approve", &two, "--project", "p", "--merge"], "`pending` cannot `approve`");
    let server = Server::start(&autocoder);
    let path = format!("/projects/p/phases/{one}/approve");
    let stale = server.request("POST", &path).header("if-match", "\"4711\"").json(&json!({ "merge": true }));
    server.send(stale).refused(412, "stale");
    let long = "x".repeat(1_000_000);
    server.call("POST", &path, &json!({ "merge": true, "note": long })).refused(422, "invalid_field");
    assert_eq!(checkout(&folder), before);

    let again = || server.request("POST", &path).header("idempotency-key", "k").json(&json!({ "merge": true }));
    let phase = server.send(again()).expect(200);
    assert_eq!(phase["status"], "completed");
    assert_eq!(server.send(again()).expect(200), phase, "a repetition is answered alike");
    assert_eq!(git(&folder, "rev-parse main"), git(&folder, "rev-parse autocoder/main"));
    server.call("POST", &path, &json!({ "merge": true })).refused(409, "illegal_transition");
}
