//! Agents that do what they must not, each with what comes of it; in a sandbox too where there is one.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, git, python, script};
use serde_json::{Value, json};

/// How long a step may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// What every kind of agent may leave behind after its stop.
const AFTER_STOP: Duration = Duration::from_secs(5);

/// Project `p` with the small plan, in a git repository with one commit.
fn in_git(verify: &str) -> (Autocoder, PathBuf) {
    let autocoder = Autocoder::new();
    let folder = autocoder.folder("p");
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    std::fs::write(folder.join("README.md"), "mine\n").unwrap();
    git(&folder, &["add", "README.md"]);
    git(&folder, &["-c", "user.name=T", "-c", "user.email=t@example.invalid", "commit", "--quiet", "-m", "Start"]);
    autocoder.ok(&["init", folder.to_str().unwrap(), "--name", "p", "--verify", verify]);
    let plan = autocoder.file("plan.yaml", autocoder_tests::SMALL_PLAN);
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    autocoder.ok(&["project", "edit", "p", "--max-failures", "1"]);
    (autocoder, folder)
}

/// `autocoder run` with an agent of this fault.
fn run(autocoder: &Autocoder, isolation: &str, fault: &[&str]) -> Command {
    let (python, agent) = (python(), script("faulty_agent.py"));
    let run = ["run", "--project", "p", "--agent", "command", "--isolation", isolation, "--"];
    let agent = [python.to_str().unwrap(), &agent, "{mcp_config}"];
    autocoder.command(&[&run[..], &agent, fault].concat())
}

fn start(autocoder: &Autocoder, isolation: &str, fault: &[&str]) -> Child {
    run(autocoder, isolation, fault).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn interrupt(run: &mut Child) {
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(0));
}

fn wait_until(what: &str, within: Duration, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + within;
    while !done() {
        assert!(Instant::now() < until, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The isolations that this machine has.
fn isolations() -> Vec<&'static str> {
    let mut sandbox = Command::new("bwrap");
    sandbox.args(["--ro-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "true"]).stderr(Stdio::null());
    let works = sandbox.status().is_ok_and(|status| status.success());
    if works { vec!["none", "bubblewrap"] } else { vec!["none"] }
}

/// Whether a process has `argument`.
fn alive(argument: &str) -> bool {
    let has = |path: &Path| {
        let line = std::fs::read(path.join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|part| part == argument.as_bytes())
    };
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| has(&entry.path()))
}

/// What the agents said of `what`, the first first.
fn said(autocoder: &Autocoder, what: &str) -> Vec<Value> {
    let logs = walk(&autocoder.data_dir().join("logs")).join("\n");
    let told = logs.lines().filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("SAID ")?).ok());
    told.filter_map(|told| told.get(what).cloned()).collect()
}

fn walk(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let texts = entries.flat_map(|entry| {
        let path = entry.path();
        if path.is_dir() { walk(&path) } else { std::fs::read_to_string(path).into_iter().collect() }
    });
    texts.collect()
}

fn task(autocoder: &Autocoder, name: &str) -> Value {
    autocoder.json(&["task", "show", &autocoder.id("task", name), "--project", "p"])
}

#[test]
fn an_agent_deaf_to_interrupt_and_termination_is_gone_five_seconds_after_the_stop() {
    for isolation in isolations() {
        let (autocoder, _) = in_git("true");
        let mark = format!("deaf-{isolation}-{}", std::process::id());
        let mut running = start(&autocoder, isolation, &["deaf", &mark]);
        wait_until("it is deaf", PATIENCE, || !said(&autocoder, "pid").is_empty());
        let asked = Instant::now();
        interrupt(&mut running);
        wait_until("it is gone", AFTER_STOP, || !alive(&mark));
        assert!(asked.elapsed() < Duration::from_secs(8), "{isolation}: {:?}", asked.elapsed());
        let task = task(&autocoder, "A");
        assert_eq!((&task["status"], &task["failures"]), (&json!("pending"), &json!(0)), "{isolation}");
    }
}

#[test]
fn what_forked_twice_and_hid_is_gone_after_the_stop_of_a_sandbox_and_best_effort_is_said_without_one() {
    for isolation in isolations() {
        let (autocoder, _) = in_git("true");
        let mark = format!("{}{}", if isolation == "none" { 61 } else { 62 }, std::process::id());
        let mut running = start(&autocoder, isolation, &["detach", &mark]);
        wait_until("it detaches", PATIENCE, || !said(&autocoder, "detached").is_empty());
        interrupt(&mut running);
        if isolation == "bubblewrap" {
            wait_until("the sandbox is empty", AFTER_STOP, || !alive(&mark));
        } else {
            // It left the group and cleared the mark; the guide says that it stays.
            assert!(alive(&mark));
            let _ = Command::new("sh")
                .args(["-c", &format!("kill $(ps -eo pid,args | awk '$3 == {mark} {{print $1}}')")])
                .status();
        }
        assert_eq!(task(&autocoder, "A")["status"], json!("pending"), "{isolation}");
    }
}

#[test]
fn an_agent_that_deletes_its_worktree_passes_nothing() {
    for isolation in isolations() {
        let (autocoder, folder) = in_git("test -f work.txt");
        let _ = run(&autocoder, isolation, &["raze"]).output().unwrap();
        let passing = said(&autocoder, "passing");
        if isolation == "none" {
            assert_eq!(passing[0]["code"], json!("verification_failed"), "{passing:?}");
        }
        assert_eq!(task(&autocoder, "A")["status"], json!("blocked"), "{isolation}: {passing:?}");
        assert_eq!(std::fs::read_to_string(folder.join("README.md")).unwrap(), "mine\n");
        assert_eq!(git(&folder, &["status", "--porcelain"]), "");
    }
}

#[test]
fn a_rewritten_git_config_runs_nothing_and_in_a_sandbox_it_cannot_be_written() {
    for isolation in isolations() {
        let (autocoder, folder) = in_git("true");
        let before = std::fs::read_to_string(folder.join(".git/config")).unwrap();
        let mark = autocoder.folder("marks").join("ran");
        let _ = run(&autocoder, isolation, &["rewire", mark.to_str().unwrap()]).output().unwrap();
        let (wrote, passing) = (said(&autocoder, "wrote"), said(&autocoder, "passing"));
        assert_eq!(passing[0]["code"], json!(null), "{isolation}: {passing:?}");
        assert_eq!(task(&autocoder, "A")["status"], json!("passing"), "{isolation}");
        assert!(!mark.exists(), "{isolation}: git ran what an agent wrote");
        let after = std::fs::read_to_string(folder.join(".git/config")).unwrap();
        if isolation == "bubblewrap" {
            assert_eq!((after, &wrote[0]), (before, &json!("OSError")));
            assert!(!folder.join(".git/hooks/pre-commit").exists());
        } else {
            assert_eq!(wrote[0], json!(true));
            assert!(after.contains("fsmonitor"), "without a sandbox it can be written, and the guide says so");
        }
    }
}

#[test]
fn a_task_of_another_and_a_task_given_back_cannot_be_passed() {
    for isolation in isolations() {
        let (autocoder, _) = in_git("true");
        autocoder.ok(&["project", "edit", "p", "--max-failures", "3"]);
        let other = autocoder.id("task", "C");
        let mut running = start(&autocoder, isolation, &["steal", &other]);
        wait_until("it tries", PATIENCE, || !said(&autocoder, "database").is_empty());
        interrupt(&mut running);
        for what in ["other", "released"] {
            let refused = &said(&autocoder, what)[0];
            assert_eq!(refused["code"], json!("not_your_task"), "{isolation} {what}: {refused}");
            assert!(refused["message"].as_str().unwrap().contains("is not yours"), "{refused}");
        }
        let database = &said(&autocoder, "database")[0];
        assert_eq!(database == &json!([]), isolation == "bubblewrap", "a sandbox hides the database: {database}");
        assert_eq!(
            (task(&autocoder, "A")["status"].clone(), task(&autocoder, "C")["passes"].clone()),
            (json!("pending"), json!(false))
        );
    }
}

#[test]
fn verification_gets_no_more_than_the_agent_whose_work_it_runs() {
    for isolation in isolations() {
        let marks = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let mark = marks.path().join("written");
        let verify = format!("echo verified > {} 2>&1; test -f work.txt && git log -1 >&2", mark.display());
        let (autocoder, _) = in_git(&verify);
        let _ = run(&autocoder, isolation, &["rewire", "/nowhere"]).output().unwrap();
        let task = task(&autocoder, "A");
        assert_eq!(task["status"], json!("passing"), "{isolation}: {task}");
        assert_eq!(mark.exists(), isolation == "none", "{isolation}");
    }
}

#[test]
fn the_tools_of_a_run_are_closed_when_it_is_over() {
    let (autocoder, _) = in_git("true");
    let answer = autocoder.folder("marks").join("answer");
    let mut running = start(&autocoder, "none", &["outlive", answer.to_str().unwrap()]);
    wait_until("somebody was left behind and tried", PATIENCE, || {
        std::fs::read_to_string(&answer).is_ok_and(|answer| !answer.is_empty())
    });
    let error = std::fs::read_to_string(&answer).unwrap();
    assert!(["ConnectionRefusedError", "FileNotFoundError"].contains(&error.as_str()), "{error}");
    let _ = Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    running.wait().unwrap();
    assert_eq!(task(&autocoder, "A")["passes"], json!(false));
}

#[test]
fn a_call_after_the_lease_lapsed_is_refused_and_the_next_holder_keeps_the_task() {
    let autocoder = Autocoder::with_plan();
    let mut late = autocoder.agent("late");
    let id = late.call("task_get_next", json!({}))["task"]["id"].as_i64().unwrap();
    let database = autocoder.data_dir().join("autocoder.db");
    let lapse = "import sqlite3, sys; base = sqlite3.connect(sys.argv[1], timeout=20)\n\
                 base.execute('UPDATE tasks SET lease_expires = 1 WHERE lease_expires IS NOT NULL'); base.commit()";
    assert!(Command::new("python3").args(["-c", lapse]).arg(database).status().unwrap().success());
    let mut next = autocoder.agent("next");
    assert_eq!(next.call("task_get_next", json!({}))["task"]["id"], json!(id), "a lapsed lease is free");
    for tool in ["task_mark_passing", "task_release", "task_skip"] {
        let arguments = if tool == "task_mark_passing" {
            json!({ "task_id": id })
        } else {
            json!({ "task_id": id, "reason": "late" })
        };
        let refused = late.refused(tool, arguments);
        let code = refused["code"].as_str().unwrap();
        assert!(["lease_lost", "not_your_task"].contains(&code), "{tool}: {refused}");
    }
    let held = task(&autocoder, "A");
    assert_eq!((&held["status"], &held["agent_id"]), (&json!("in_progress"), &json!("next")), "{held}");
    next.call("task_mark_passing", json!({ "task_id": id }));
    assert_eq!(task(&autocoder, "A")["status"], json!("passing"));
}
