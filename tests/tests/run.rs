//! `autocoder run` as a person meets it: gates, stops, budgets, failures, and agents that write files.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, git, python, script};

const FAST: [&str; 7] = ["run", "--project", "p", "--agent", "rehearsal", "--speed", "100000"];

/// A `run` in the background whose lines can be waited for.
struct Running {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Running {
    fn start(autocoder: &Autocoder, arguments: &[&str]) -> Self {
        let mut child = autocoder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Reads until a line contains `text`.
    fn wait_for(&mut self, text: &str) -> String {
        let found = self.lines.by_ref().map(Result::unwrap).find(|line| line.contains(text));
        found.unwrap_or_else(|| {
            let mut errors = String::new();
            self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
            panic!("ended without `{text}`: {errors}")
        })
    }

    fn interrupt(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    }

    fn exit_code(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap()
    }
}

fn count(autocoder: &Autocoder, status: &str) -> usize {
    let list = autocoder.json(&["task", "list", "--project", "p", "--status", status]);
    list["items"].as_array().unwrap().len()
}

#[test]
fn run_stops_at_the_gate_and_says_what_to_type_next() {
    let autocoder = Autocoder::with_plan();
    let told = autocoder.ok(&FAST);
    let gate = autocoder.id("phase", "One");
    for line in [
        "PHASE COMPLETE: One",
        "All tasks in this phase have been completed.",
        "Please review and approve to continue to the next phase.",
        "done       2 features, 3 tasks",
        &format!("phase approve {gate}"),
        &format!("phase reject {gate} --reason \"…\" [--reopen TASK]"),
        "After the approval: phase \"Two\" with 1 tasks.",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(told.contains("(rehearsal: nothing was spent)"), "{told}");
    let inbox = autocoder.json(&["inbox", "--project", "p"]);
    assert_eq!(inbox["items"][0]["kind"], "gate");

    autocoder.ok(&["phase", "reject", &gate, "--project", "p", "--reason", "the button is blue"]);
    assert!(autocoder.ok(&FAST).contains("Address review: the button is blue"));
    autocoder.ok(&["phase", "approve", &gate, "--project", "p", "--note", "fine"]);
    autocoder.ok(&FAST);
    autocoder.ok(&["phase", "approve", &autocoder.id("phase", "Two"), "--project", "p"]);
    assert_eq!(autocoder.ok(&FAST).trim(), "finished: every phase of the plan is approved");
}

#[test]
fn run_with_wait_goes_on_after_the_approval() {
    let autocoder = Autocoder::with_plan();
    let mut running = Running::start(&autocoder, &[&FAST[..], &["--wait"]].concat());
    running.wait_for("waiting");
    autocoder.ok(&["phase", "approve", &autocoder.id("phase", "One"), "--project", "p"]);
    running.wait_for("passed");
    running.interrupt();
    assert_eq!(running.exit_code(), 0);
}

#[test]
fn an_interrupt_stops_the_agents_and_hands_their_tasks_back() {
    let autocoder = Autocoder::with_plan();
    let slow = ["run", "--project", "p", "--agent", "rehearsal", "--agents", "2", "--speed", "0.1"];
    let mut running = Running::start(&autocoder, &slow);
    running.wait_for("started    ");
    running.wait_for("started    ");
    autocoder.bad(4, &FAST, "is driven by");
    running.interrupt();
    running.wait_for("stopped: the agents have ended and their tasks are handed back");
    assert_eq!(running.exit_code(), 0);
    assert_eq!((count(&autocoder, "in_progress"), count(&autocoder, "pending")), (0, 4));
    let failures = autocoder.json(&["task", "show", &autocoder.id("task", "A")])["failures"].clone();
    assert_eq!(failures, 0, "a stop is no failure of the task");
}

#[test]
fn a_stopped_agent_gives_its_task_back_while_the_run_goes_on() {
    let autocoder = Autocoder::with_plan();
    let slow = ["run", "--project", "p", "--agent", "rehearsal", "--speed", "0.1", "--wait"];
    let mut running = Running::start(&autocoder, &slow);
    running.wait_for("started    ");
    autocoder.ok(&["agent", "stop", "rehearsal-1", "--project", "p"]);
    running.wait_for("released");
    assert_eq!(count(&autocoder, "in_progress"), 0);
    autocoder.ok(&["agent", "start", "rehearsal-1", "--project", "p"]);
    running.wait_for("started    ");
    running.interrupt();
    assert_eq!(running.exit_code(), 0);
}

#[test]
fn the_budget_stops_the_run_with_5() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["usage", "settings", "--rehearsal-limit", "10"]);
    let first = autocoder.run(&FAST);
    assert_eq!(first.code, 5, "{first:?}");
    assert!(first.stderr.contains("the budget stops the agents (usage_critical)"), "{first:?}");
    assert!(count(&autocoder, "passing") >= 1, "what was at hand may finish");
    assert!(count(&autocoder, "pending") >= 1);
}

#[test]
fn a_failed_run_backs_off_and_the_reason_is_kept() {
    let autocoder = Autocoder::with_plan();
    let mut running = Running::start(&autocoder, &[&FAST[..], &["--fail-rate", "1"]].concat());
    running.wait_for("failed     ");
    running.wait_for("waiting until");
    running.interrupt();
    assert_eq!(running.exit_code(), 0);
    let task = autocoder.json(&["task", "show", &autocoder.id("task", "A")]);
    assert_eq!(task["failures"], 1, "{task}");
    let why = autocoder.json(&["why", &autocoder.id("task", "A")]);
    assert!(why["reasons"].as_array().unwrap().iter().any(|reason| reason["code"] == "backoff"), "{why}");
}

/// A project in a git repository with one commit and a dirty checkout.
fn in_git(verify: &str) -> (Autocoder, std::path::PathBuf) {
    let autocoder = Autocoder::new();
    let folder = autocoder.folder("p");
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    std::fs::write(folder.join("README.md"), "mine\n").unwrap();
    git(&folder, &["add", "README.md"]);
    git(&folder, &["commit", "--quiet", "--message", "Start"]);
    std::fs::write(folder.join("README.md"), "mine, changed\n").unwrap();
    autocoder.ok(&["init", folder.to_str().unwrap(), "--name", "p", "--verify", verify]);
    let plan = autocoder.file("plan.yaml", autocoder_tests::SMALL_PLAN);
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    (autocoder, folder)
}

fn run_command(autocoder: &Autocoder, options: &[&str]) -> autocoder_tests::Output {
    let (python, agent) = (python(), script("agent.py"));
    let command =
        ["run", "--project", "p", "--agent", "command", "--", python.to_str().unwrap(), &agent, "{mcp_config}"];
    autocoder.run(&[&command[..], options].concat())
}

#[test]
fn a_command_agent_works_in_a_worktree_and_its_work_is_verified_and_committed() {
    let (autocoder, folder) = in_git("grep -q '^[A-Z]$' work.txt");
    let before = (git(&folder, &["status", "--porcelain"]), git(&folder, &["rev-parse", "HEAD"]));
    let ended = run_command(&autocoder, &["--break-first"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("PHASE COMPLETE: One"), "{ended:?}");
    assert!(ended.stdout.contains("1 files, +1 -0 on autocoder/main"), "{ended:?}");
    assert!(ended.stdout.contains("45 (30 in, 15 out"), "three messages, each counted once: {ended:?}");

    let after = (git(&folder, &["status", "--porcelain"]), git(&folder, &["rev-parse", "HEAD"]));
    assert_eq!(before, after, "the person's checkout is untouched");
    assert!(!folder.join("work.txt").exists());
    let log =
        git(&folder, &["log", "--format=%(trailers:key=Autocoder-Task,valueonly,separator=)", "main..autocoder/main"]);
    let mut committed: Vec<&str> = log.split_whitespace().collect();
    committed.sort_unstable();
    let mut tasks = ["A", "B", "C"].map(|name| autocoder.id("task", name));
    tasks.sort_unstable();
    assert_eq!(committed, tasks);
    let task = autocoder.json(&["task", "show", &tasks[0]]);
    let newest = &task["evidence"][0];
    assert_eq!((&newest["exit_code"], newest["command"].as_str()), (&0.into(), Some("grep -q '^[A-Z]$' work.txt")));
}

#[test]
fn an_agent_that_dies_has_failed_its_task_and_leaves_nothing_claimed() {
    let (autocoder, _) = in_git("true");
    let (python, agent) = (python(), script("agent.py"));
    let command = [
        "run",
        "--project",
        "p",
        "--agent",
        "command",
        "--",
        python.to_str().unwrap(),
        &agent,
        "{mcp_config}",
        "--die",
    ];
    let mut running = Running::start(&autocoder, &command);
    running.wait_for("failed     ");
    running.wait_for("failed     ");
    running.wait_for("waiting until");
    running.interrupt();
    assert_eq!(running.exit_code(), 0);
    assert_eq!(count(&autocoder, "in_progress"), 0);
    let usage = autocoder.json(&["usage", "show", "--project", "p"]);
    assert!(usage.to_string().contains("30"), "tokens of runs that died count too: {usage}");
}

#[test]
fn garbage_from_an_agent_is_a_failure_and_never_a_crash() {
    let (autocoder, _) = in_git("true");
    let garbage = "head -c 3000000 /dev/urandom; head -c 3000000 /dev/zero; kill -9 $$";
    let command = ["run", "--project", "p", "--agent", "command", "--", "sh", "-c", garbage];
    let mut running = Running::start(&autocoder, &command);
    running.wait_for("failed     ");
    running.wait_for("waiting until");
    running.interrupt();
    assert_eq!(running.exit_code(), 0);
    let reason = autocoder.json(&["task", "show", &autocoder.id("task", "A")])["blocked_reason"].clone();
    assert!(reason.as_str().unwrap().contains("signal `9`"), "{reason}");
}

#[test]
fn bad_flags_are_refused_before_anything_starts() {
    let autocoder = Autocoder::with_plan();
    let run = |more: &[&'static str]| [&["run", "--project", "p"], more].concat();
    for (more, message) in [
        (&["--agent", "gpt"][..], "must be one of claude-code, codex, gemini, opencode, command, rehearsal"),
        (&["--agent", "rehearsal", "--agents", "0"], "0 is not in 1..=64"),
        (&["--agent", "rehearsal", "--agents", "65"], "65 is not in 1..=64"),
        (&["--agent", "rehearsal", "--speed", "0"], "must be from 0.01 to 1000000"),
        (&["--agent", "rehearsal", "--fail-rate", "2"], "must be from 0 to 1"),
        (&["--agent", "command"], "--agent command needs a program"),
        (&["--agents", "2"], "is in no git repository, and one agent may work there"),
        (&["--agent", "rehearsal", "--", "ls"], "goes only with --agent command"),
    ] {
        let before = autocoder.everything();
        autocoder.bad(2, &run(more), message);
        assert_eq!(autocoder.everything(), before, "{more:?}");
    }
    autocoder.bad(3, &["run", "--project", "nowhere", "--agent", "rehearsal"], "there is no project `nowhere`");
    let missing = run(&["--agent", "command", "--", "/no/such/program"]);
    let ended = autocoder.run(&missing);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(
        ended.stderr.contains("error: the agents cannot work: there is no program `/no/such/program`"),
        "{ended:?}"
    );
    assert_eq!(count(&autocoder, "pending"), 4);
}

/// Needs a real Claude Code: `AUTOCODER_TEST_CLAUDE=/path/to/claude`; passes without a word otherwise.
#[test]
fn a_real_claude_code_finishes_a_task_against_the_stub() {
    let Some(claude) = std::env::var_os("AUTOCODER_TEST_CLAUDE") else { return };
    let (autocoder, _) = in_git("true");
    let (log, port_file) = (autocoder.file("requests.jsonl", ""), autocoder.file("port", ""));
    let task = autocoder.id("task", "A");
    let mut stub = Command::new("python3")
        .arg(script("messages_stub.py"))
        .args([
            "--scenario",
            "happy",
            "--tool",
            "task_mark_passing",
            "--full-tool",
            "mcp__autocoder__task_mark_passing",
        ])
        .args(["--tool-input", &format!("{{\"task_id\": {task}}}"), "--log", log.to_str().unwrap()])
        .args(["--port-file", port_file.to_str().unwrap()])
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    let port = loop {
        let port = std::fs::read_to_string(&port_file).unwrap();
        if !port.is_empty() {
            break port;
        }
        assert!(Instant::now() < end, "the stub did not start");
        std::thread::yield_now();
    };
    let mut command = autocoder.command(&["run", "--project", "p"]);
    command.env("AUTOCODER_RUNNER_CLAUDE_CODE", claude).env("ANTHROPIC_API_KEY", "dummy-local-test");
    command.env("ANTHROPIC_BASE_URL", format!("http://127.0.0.1:{port}")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let passed = lines.find(|line| line.contains(&format!("passed     {task} A")));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    child.wait().unwrap();
    stub.kill().unwrap();
    stub.wait().unwrap();
    assert!(passed.is_some(), "the task did not pass");
}
