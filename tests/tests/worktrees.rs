//! Agents that write at the same time: a worktree a feature, one merge after the other, and what goes wrong there.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use autocoder_tests::{Agent, Autocoder, git, python, script};
use serde_json::{Value, json};

const PLAN: &str = "\
version: 1
project:
  name: pair
phases:
  - name: One
    features:
      - {name: Left, key: left, priority: 10, tasks: [{name: L, key: l}]}
      - {name: Right, key: right, tasks: [{name: R, key: r}]}
  - name: Two
    features:
      - {name: Later, key: later, tasks: [{name: Z, key: z}]}
";

/// A project `p` in a git repository, with two agents that share it.
struct Pair {
    autocoder: Autocoder,
    folder: PathBuf,
}

impl Pair {
    fn new(verify: &str) -> Self {
        let autocoder = Autocoder::new();
        let folder = autocoder.folder("p");
        git(&folder, &["init", "--quiet", "--initial-branch=main"]);
        std::fs::write(folder.join("shared.txt"), "one\n").unwrap();
        git(&folder, &["add", "-A"]);
        git(&folder, &["commit", "--quiet", "--message", "Start"]);
        autocoder.ok(&["init", folder.to_str().unwrap(), "--name", "p", "--verify", verify, "--isolation", "none"]);
        let plan = autocoder.file("plan.yaml", PLAN);
        autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
        for agent in ["coder-1", "coder-2"] {
            autocoder.ok(&["agent", "add", agent, "--project", "p", "--runner", "command", "--", "true"]);
            autocoder.ok(&["agent", "start", agent, "--project", "p"]);
        }
        Self { autocoder, folder }
    }

    /// An agent with its task and its worktree, which is made by a first try that fails.
    fn at_work(&self, name: &str) -> (Agent, Value, PathBuf) {
        let mut agent = self.autocoder.agent(name);
        let task = agent.call("task_get_next", json!({}))["task"].clone();
        let refusal = agent.refused("task_mark_passing", json!({ "task_id": task["id"] }));
        assert_eq!(refusal["code"], "verification_failed", "{refusal}");
        let tree = self.autocoder.data_dir().join(format!("worktrees/p/f-{}", task["feature_id"]));
        (agent, task, tree)
    }

    /// Coder-1 merged its line of `shared.txt` while coder-2 wrote another one.
    fn at_odds(&self) -> (Agent, Value, PathBuf) {
        let (mut one, left, left_tree) = self.at_work("coder-1");
        let (two, right, right_tree) = self.at_work("coder-2");
        write(&left_tree, "shared.txt", "left\n");
        write(&right_tree, "shared.txt", "right\n");
        for tree in [&left_tree, &right_tree] {
            write(tree, "done.txt", "yes\n");
        }
        one.call("task_mark_passing", json!({ "task_id": left["id"] }));
        (two, right, right_tree)
    }

    fn merged(&self, file: &str) -> String {
        git(&self.folder, &["show", &format!("autocoder/main:{file}")])
    }

    fn main(&self) -> String {
        git(&self.folder, &["rev-parse", "autocoder/main"])
    }

    fn task(&self, id: &Value) -> Value {
        self.autocoder.json(&["task", "show", &id.to_string(), "--project", "p"])
    }
}

fn write(tree: &Path, file: &str, text: &str) {
    std::fs::write(tree.join(file), text).unwrap();
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn two_agents_write_at_the_same_time_in_worktrees_of_their_own() {
    let pair = Pair::new("test \"$PORT\" = \"$AUTOCODER_PORT_FIRST\" && test $((AUTOCODER_PORT_LAST - PORT)) = 9");
    let (autocoder, folder) = (&pair.autocoder, &pair.folder);
    let before = (git(folder, &["status", "--porcelain"]), git(folder, &["rev-parse", "HEAD"]));
    let meeting = autocoder.folder("meeting");
    let (python, agent) = (python(), script("pair_agent.py"));
    let command = ["run", "--project", "p", "--agents", "2", "--agent", "command", "--isolation", "none", "--"];
    let arguments = [python.to_str().unwrap(), &agent, "{mcp_config}", meeting.to_str().unwrap()];
    let ended = autocoder.run(&[&command[..], &arguments].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("PHASE COMPLETE: One"), "{ended:?}");

    let seen = ["L", "R"].map(|name| {
        let text = std::fs::read_to_string(meeting.join(format!("{name}.json"))).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    });
    let trees = autocoder.data_dir().canonicalize().unwrap().join("worktrees/p");
    for agent in &seen {
        let own = trees.join(format!("f-{}", agent["feature"]));
        assert_eq!(agent["dir"], own.to_str().unwrap());
        assert_eq!(agent["files"], json!([".git", "shared.txt"]), "neither sees what the other writes");
        assert!(!own.exists(), "the worktree of a finished feature goes");
    }
    assert_ne!(seen[0]["PORT"], seen[1]["PORT"]);
    assert_eq!((pair.merged("L.txt"), pair.merged("R.txt")), ("L".into(), "R".into()));
    assert_eq!(git(folder, &["branch", "--list", "autocoder/f-*"]), "");
    let after = (git(folder, &["status", "--porcelain"]), git(folder, &["rev-parse", "HEAD"]));
    assert_eq!(before, after, "the person's checkout is untouched");
}

#[test]
fn a_conflict_is_told_with_its_files_and_mended() {
    let pair = Pair::new("test -e done.txt");
    let (mut two, task, tree) = pair.at_odds();
    let pass = json!({ "task_id": task["id"] });
    let before = pair.main();
    let refusal = two.refused("task_mark_passing", pass.clone());
    assert_eq!(refusal["code"], "merge_conflict");
    let message = refusal["message"].as_str().unwrap();
    assert!(message.contains("in: `shared.txt`.") && message.contains("<<<<<<<"), "{message}");
    assert!(refusal["hint"].as_str().unwrap().starts_with("the task is still yours"), "{refusal}");
    assert!(std::fs::read_to_string(tree.join("shared.txt")).unwrap().contains("<<<<<<<"));
    assert_eq!((pair.task(&task["id"])["status"].clone(), pair.main()), (json!("in_progress"), before));

    write(&tree, "shared.txt", "left\nright\n");
    two.call("task_mark_passing", pass);
    assert_eq!(pair.task(&task["id"])["status"], "passing");
    assert_eq!(pair.merged("shared.txt"), "left\nright\n");
}

#[test]
fn after_two_conflicts_a_person_is_asked_whoever_met_them() {
    let pair = Pair::new("test -e done.txt");
    let (mut two, task, tree) = pair.at_odds();
    let pass = json!({ "task_id": task["id"] });
    assert_eq!(two.refused("task_mark_passing", pass.clone())["code"], "merge_conflict");
    two.call("task_release", json!({ "task_id": task["id"], "reason": "too hard" }));
    drop(two);

    let mut other = pair.autocoder.agent("coder-1");
    assert_eq!(other.call("task_get_next", json!({}))["task"]["id"], task["id"]);
    let refusal = other.refused("task_mark_passing", pass.clone());
    assert_eq!(refusal["code"], "merge_conflict");
    assert!(refusal["hint"].as_str().unwrap().starts_with("a person was asked"), "{refusal}");
    let asked = pair.task(&task["id"]);
    assert_eq!(asked["status"], "needs_input");
    assert!(asked["question"]["text"].as_str().unwrap().contains("- shared.txt"), "{asked}");
    let inbox = pair.autocoder.json(&["inbox", "--project", "p"]);
    assert_eq!(inbox["items"][0]["kind"], "question", "{inbox}");

    pair.autocoder.ok(&["task", "answer", &task["id"].to_string(), "Both lines", "--project", "p"]);
    assert_eq!(other.call("task_get_next", json!({}))["task"]["id"], task["id"]);
    let again = other.refused("task_mark_passing", pass.clone());
    assert!(again["hint"].as_str().unwrap().starts_with("the task is still yours"), "the count began anew: {again}");
    write(&tree, "shared.txt", "left\nright\n");
    other.call("task_mark_passing", pass);
    assert_eq!(pair.merged("shared.txt"), "left\nright\n");
}

#[test]
fn what_passes_alone_and_fails_merged_does_not_pass() {
    let pair = Pair::new("test -e done.txt && ! { test -e left.txt && test -e right.txt; }");
    let (mut one, left, left_tree) = pair.at_work("coder-1");
    let (mut two, right, right_tree) = pair.at_work("coder-2");
    for (tree, file) in [(&left_tree, "left.txt"), (&right_tree, "right.txt")] {
        write(tree, "done.txt", "yes\n");
        write(tree, file, "x\n");
    }
    one.call("task_mark_passing", json!({ "task_id": left["id"] }));
    let before = pair.main();
    let refusal = two.refused("task_mark_passing", json!({ "task_id": right["id"] }));
    assert_eq!(refusal["code"], "verification_failed");
    assert!(refusal["message"].as_str().unwrap().contains("merged with what others finished"), "{refusal}");
    assert_eq!(pair.main(), before, "nothing unverified is merged");

    std::fs::rename(right_tree.join("right.txt"), right_tree.join("other.txt")).unwrap();
    two.call("task_mark_passing", json!({ "task_id": right["id"] }));
    assert_eq!(pair.merged("other.txt"), "x\n");
}

#[test]
fn a_crash_between_the_merge_and_the_record_is_made_good_by_the_same_call() {
    let autocoder_dir = tempfile::tempdir().unwrap();
    let (begun, go) = (autocoder_dir.path().join("begun"), autocoder_dir.path().join("go"));
    let pair = Pair::new(&format!(
        "test -e done.txt || exit 1; touch '{}'; until test -e '{}'; do sleep 0.02; done",
        begun.display(),
        go.display()
    ));
    let (mut agent, task, tree) = pair.at_work("coder-1");
    write(&tree, "done.txt", "yes\n");
    let pass = json!({ "task_id": task["id"] });
    let before = pair.main();
    agent.begin("task_mark_passing", pass.clone());
    wait_until("the verification begins", || begun.exists());
    let mut holder = Command::new(python())
        .args([&script("hold_writes.py"), pair.autocoder.data_dir().join("autocoder.db").to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "held\n");
    std::fs::write(&go, "").unwrap();
    wait_until("the work is merged", || pair.main() != before);
    agent.kill();
    drop(holder.stdin.take());
    holder.wait().unwrap();
    let merged = pair.main();
    assert_eq!(pair.task(&task["id"])["status"], "in_progress", "the pass was not recorded");

    let mut again = pair.autocoder.agent("coder-1");
    assert_eq!(again.call("task_get_next", json!({}))["task"]["id"], task["id"]);
    again.call("task_mark_passing", pass);
    assert_eq!(pair.task(&task["id"])["status"], "passing");
    assert_eq!(pair.main(), merged, "the repeated merge changes nothing");
}
