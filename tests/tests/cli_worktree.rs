//! `autocoder worktree`: where agents work, and what may go of it.
#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use autocoder_tests::{Autocoder, SMALL_PLAN};
use serde_json::{Value, json};

fn git(folder: &Path, line: &str) -> String {
    autocoder_tests::git(folder, &line.split(' ').collect::<Vec<_>>())
}

/// A project in a repository, with the integration branch one commit ahead of the person's.
fn in_git() -> (Autocoder, PathBuf) {
    let autocoder = Autocoder::new();
    let folder = autocoder.folder("p");
    git(&folder, "init --quiet --initial-branch=main");
    std::fs::write(folder.join("file.txt"), "1\n").unwrap();
    git(&folder, "add .");
    git(&folder, "commit --quiet --message Start");
    autocoder.ok(&["init", folder.to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", SMALL_PLAN);
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    (autocoder, folder)
}

/// A worktree of a feature as agents have it, on a branch that stands where the integration branch does.
fn worktree(autocoder: &Autocoder, folder: &Path, id: &str) -> PathBuf {
    if git(folder, "branch --list autocoder/main").is_empty() {
        git(folder, "branch autocoder/main");
    }
    let path = autocoder.data_dir().join(format!("worktrees/p/f-{id}"));
    git(folder, &format!("worktree add --quiet -b autocoder/f-{id} {} autocoder/main", path.display()));
    path
}

fn commit(worktree: &Path) {
    std::fs::write(worktree.join("work.txt"), "work\n").unwrap();
    git(worktree, "add .");
    git(worktree, "commit --quiet --message Work");
}

fn listed(autocoder: &Autocoder) -> Vec<Value> {
    autocoder.json(&["worktree", "list", "--project", "p"])["items"].as_array().unwrap().clone()
}

#[test]
fn each_worktree_is_listed_with_its_work() {
    let (autocoder, folder) = in_git();
    assert!(autocoder.ok(&["worktree", "list", "--project", "p"]).contains("no agent has worked on this project yet"));
    let [page, store, later] = ["Page", "Store", "Later"].map(|name| autocoder.id("feature", name));
    let [dirty, ahead, gone] = [&page, &store, &later].map(|id| worktree(&autocoder, &folder, id));
    std::fs::write(dirty.join("new.txt"), "12345").unwrap();
    commit(&ahead);
    std::fs::remove_dir_all(gone).unwrap();
    git(&folder, "switch --quiet autocoder/main");
    git(&folder, "commit --quiet --allow-empty --message Other");
    git(&folder, "switch --quiet main");
    let items = listed(&autocoder);
    let item = |id: &str| items.iter().find(|item| item["feature_id"].as_i64() == id.parse().ok()).unwrap();
    for (id, name, state, ahead) in
        [(&page, "Page", "uncommitted", 0), (&store, "Store", "clean", 1), (&later, "Later", "missing", 0)]
    {
        let found = item(id);
        let told = [&found["feature"], &found["state"], &found["ahead"], &found["behind"], &found["agent"]];
        assert_eq!(json!(told), json!([name, state, ahead, 1, null]), "{found}");
        assert_eq!(found["branch"], format!("autocoder/f-{id}"));
        assert_eq!(found["feature_status"], "ready");
    }
    assert_eq!(item(&later)["bytes"], Value::Null);
    assert!(item(&page)["bytes"].as_u64().unwrap() > 5);
    let text = autocoder.ok(&["worktree", "list", "--project", "p"]);
    assert!(text.contains("uncommitted changes") && text.contains("Store"), "{text}");
    autocoder.bad(3, &["worktree", "list", "--project", "nowhere"], "there is no project `nowhere`");
}

#[test]
fn without_a_repository_there_are_none() {
    let autocoder = Autocoder::with_plan();
    assert!(autocoder.ok(&["worktree", "list"]).contains("is no git repository: one agent at a time"));
    assert_eq!(autocoder.json(&["worktree", "clean"]), json!({ "removed": [], "kept": [] }));
    autocoder.bad(3, &["worktree", "clean", "--feature", "1"], "feature `1` has no worktree");
    autocoder.bad(2, &["worktree", "clean", "--feature", "x"], "must be a whole number");
}

/// What is done to a worktree, to its feature, the options, and what becomes of it.
type Case = (fn(&Path), Feature, &'static [&'static str], Result<bool, &'static str>);

#[derive(Clone, Copy, PartialEq)]
enum Feature {
    Open,
    Completed,
    Deleted,
}

/// Removed, and whether the branch is kept; or kept for a reason.
const CASES: &[Case] = &[
    (|_| {}, Feature::Completed, &[], Ok(false)),
    (|_| {}, Feature::Deleted, &[], Ok(false)),
    (|at| std::fs::remove_dir_all(at).unwrap(), Feature::Completed, &[], Ok(false)),
    (|_| {}, Feature::Open, &[], Err("its feature is `ready`")),
    (|_| {}, Feature::Open, &["--force"], Err("its feature is `ready`")),
    (dirty, Feature::Completed, &[], Err("it has uncommitted changes; --force throws them away")),
    (dirty, Feature::Completed, &["--force"], Ok(false)),
    (dirty, Feature::Deleted, &["--force"], Ok(false)),
    (commit, Feature::Completed, &[], Err("its branch has 1 commit that autocoder/main has not")),
    (commit, Feature::Deleted, &["--force"], Ok(true)),
];

fn dirty(worktree: &Path) {
    std::fs::write(worktree.join("new.txt"), "new\n").unwrap();
}

#[test]
fn what_is_finished_goes_and_no_work_is_lost() {
    for (number, (change, feature, options, expected)) in CASES.iter().enumerate() {
        let (autocoder, folder) = in_git();
        let id = autocoder.id("feature", "Page");
        let path = worktree(&autocoder, &folder, &id);
        change(&path);
        match feature {
            Feature::Open => {}
            Feature::Completed => drop(autocoder.agent("coder-1").finish_everything()),
            Feature::Deleted => drop(autocoder.ok(&["feature", "delete", &id, "--yes", "--project", "p"])),
        }
        let existed = path.exists();
        let cleaned = autocoder.json(&[&["worktree", "clean", "--project", "p"], *options].concat());
        let branch = !git(&folder, &format!("branch --list autocoder/f-{id}")).is_empty();
        match expected {
            Ok(branch_kept) => {
                assert_eq!((path.exists(), branch), (false, *branch_kept), "{number}: {cleaned}");
                assert_eq!(cleaned["removed"][0]["kept_branch"].is_string(), *branch_kept, "{number}: {cleaned}");
                assert!(listed(&autocoder).is_empty(), "{number}");
            }
            Err(reason) => {
                assert_eq!((path.exists(), branch), (existed, true), "{number}: {cleaned}");
                assert!(cleaned["kept"][0]["reason"].as_str().unwrap().contains(reason), "{number}: {cleaned}");
                let named = ["worktree", "clean", "--project", "p", "--feature", &id];
                autocoder.bad(4, &named, &format!("the worktree of feature `{id}` is kept: {reason}"));
            }
        }
        assert_eq!(std::fs::read_to_string(folder.join("file.txt")).unwrap(), "1\n");
    }
}

#[test]
fn an_unfinished_feature_goes_only_by_name_and_force() {
    let (autocoder, folder) = in_git();
    let id = autocoder.id("feature", "Page");
    let path = worktree(&autocoder, &folder, &id);
    dirty(&path);
    let told = autocoder.ok(&["worktree", "clean", "--project", "p", "--feature", &id, "--force"]);
    assert_eq!(told, format!("removed {}\n", path.canonicalize().unwrap_or(path.clone()).display()));
    assert!(!path.exists());
    assert_eq!(autocoder.ok(&["worktree", "clean", "--project", "p"]), "there is no worktree to remove\n");
    autocoder.bad(3, &["worktree", "clean", "--project", "p", "--feature", &id], "has no worktree");
}

#[test]
fn a_worktree_in_which_an_agent_works_stays() {
    let (autocoder, _) = in_git();
    let run = ["run", "--project", "p", "--agent", "command", "--", "sleep", "60"];
    let mut child = autocoder.command(&run).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("started    ")));
    let item = listed(&autocoder).remove(0);
    assert_eq!(item["agent"], "coder-1", "{item}");
    let id = item["feature_id"].to_string();
    let clean = ["worktree", "clean", "--project", "p", "--feature", &id, "--force"];
    autocoder.bad(4, &clean, "agent `coder-1` works in it");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    child.wait().unwrap();
    autocoder.ok(&clean);
    assert!(listed(&autocoder).is_empty());
}
