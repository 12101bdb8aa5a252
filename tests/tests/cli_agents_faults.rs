//! Agents that misbehave, as `autocoder run` meets them: what is left of them, what they cost, and what people see.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use autocoder_tests::Autocoder;
use serde_json::{Value, json};

/// `autocoder run` with a shell script as its agent.
fn start(autocoder: &Autocoder, options: &[&str], script: &str) -> Child {
    let run = ["run", "--project", "p", "--agent", "command"];
    let arguments = [&run[..], options, &["--", "sh", "-c", script]].concat();
    autocoder.command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn interrupt(run: &Child) {
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
}

/// Waits until `done` holds.
fn wait_until(what: &str, within: Duration, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + within;
    while !done() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whether a process has `argument`.
fn alive(argument: &str) -> bool {
    let has = |path: &Path| {
        let line = std::fs::read(path.join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|part| part == argument.as_bytes())
    };
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| has(&entry.path()))
}

fn agent(autocoder: &Autocoder) -> Value {
    autocoder.json(&["agent", "show", "coder-1", "--project", "p"])
}

#[test]
fn what_an_agent_detached_is_gone_five_seconds_after_the_stop() {
    let autocoder = Autocoder::with_plan();
    let mark = format!("7{}", std::process::id());
    let mut run =
        start(&autocoder, &["--isolation", "none"], &format!("setsid sleep {mark} & echo working; sleep 600"));
    wait_until("the agent starts", Duration::from_secs(20), || alive(&mark));
    interrupt(&run);
    let stopped = Instant::now();
    assert_eq!(run.wait().unwrap().code(), Some(0));
    wait_until("the detached process ends", Duration::from_secs(5), || !alive(&mark));
    assert!(stopped.elapsed() < Duration::from_secs(10), "{:?}", stopped.elapsed());
    let task = autocoder.id("task", "A");
    assert_eq!(autocoder.json(&["task", "show", &task, "--project", "p"])["status"], json!("pending"));
}

#[test]
fn a_line_of_a_gigabyte_costs_little_memory_and_a_failure_of_the_task() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["project", "edit", "p", "--max-failures", "1"]);
    let mut run = start(&autocoder, &[], "head -c 1073741824 /dev/zero | tr '\\0' x; echo; sleep 1; exit 1");
    let mut peak_kib = 0;
    let until = Instant::now() + Duration::from_secs(120);
    let id = autocoder.id("task", "A");
    while run.try_wait().unwrap().is_none() && Instant::now() < until {
        let status = std::fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
        peak_kib = peak_kib.max(peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap());
        let task = autocoder.json(&["task", "show", &id, "--project", "p"]);
        if task["status"] == json!("blocked") {
            interrupt(&run);
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    run.wait().unwrap();
    assert!((1..150 * 1024).contains(&peak_kib), "{peak_kib} KiB");
    let task = autocoder.json(&["task", "show", &id, "--project", "p"]);
    assert_eq!(task["status"], json!("blocked"), "{task}");
    let logs = walk(&autocoder.data_dir().join("logs"));
    let longest = logs.iter().flat_map(|log| log.lines().map(str::len)).max().unwrap();
    assert!(longest < 70_000 && logs.iter().any(|log| log.contains("[cut: 1073676288 bytes more]")), "{longest}");
}

/// The texts of all files below `dir`.
fn walk(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let texts = entries.flat_map(|entry| {
        let path = entry.path();
        if path.is_dir() { walk(&path) } else { std::fs::read_to_string(path).into_iter().collect() }
    });
    texts.collect()
}

#[test]
fn a_key_that_an_agent_prints_reaches_neither_its_log_nor_the_screen() {
    let autocoder = Autocoder::with_plan();
    let key = format!("ghp_{}", "a1B2".repeat(9));
    let arguments = [
        "run",
        "--project",
        "p",
        "--agent",
        "command",
        "--",
        "sh",
        "-c",
        &format!("echo token {key}; echo $MY >&2; exit 1"),
    ];
    let mut run = autocoder.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let logs = autocoder.data_dir().join("logs");
    wait_until("the log is written", Duration::from_secs(20), || {
        walk(&logs).iter().any(|log| log.contains("[secret]"))
    });
    interrupt(&run);
    run.wait().unwrap();
    assert!(!walk(&logs).concat().contains(&key));
    let (_, task, _) = autocoder.everything();
    assert!(!task.to_string().contains(&key) && !agent(&autocoder).to_string().contains(&key));
}

#[test]
fn people_see_what_an_agent_does_now() {
    let autocoder = Autocoder::with_plan();
    let usage = r#"AUTOCODER_USAGE {{"message_id":"m","model":"x","input_tokens":1000,"output_tokens":200}}"#;
    let mut run =
        start(&autocoder, &[], &format!("echo '{usage}'; echo reading; echo 'I look at the code'; sleep 600"));
    let told = |view: &Value| view["last_line"] == json!("I look at the code") && view["tokens"] == json!(1200);
    let agents = || autocoder.json(&["agent", "list", "--project", "p"])["items"].as_array().unwrap().clone();
    wait_until("its last line is shown", Duration::from_secs(30), || agents().iter().any(told));
    let view = agent(&autocoder);
    assert_eq!((&view["status"], &view["minutes"], &view["task_name"]), (&json!("working"), &json!(0), &json!("A")));
    assert_eq!(view["tokens_per_minute"], json!(1200));
    let list = autocoder.ok(&["agent", "list", "--project", "p"]);
    assert!(list.contains("TOKENS/MIN") && list.contains("1200"), "{list}");
    interrupt(&run);
    run.wait().unwrap();
    let view = agent(&autocoder);
    assert_eq!((&view["tokens_per_minute"], &view["last_line"]), (&json!(null), &json!(null)));
}

#[test]
fn a_run_says_what_its_agents_can_reach() {
    let autocoder = Autocoder::with_plan();
    let run = |isolation: &str| {
        let arguments = ["run", "--project", "p", "--agent", "command", "--isolation", isolation, "--", "false"];
        autocoder.command(&arguments).env("PATH", "/nowhere").output().unwrap()
    };
    for (isolation, code, said) in [
        ("none", 2, "isolation: none, as set: an agent has the rights of the person who starts it"),
        ("auto", 2, "isolation: none (bubblewrap is not installed): an agent has the rights"),
        ("bubblewrap", 2, "isolation `bubblewrap` does not work here: bubblewrap is not installed"),
        ("docker", 2, "unknown isolation `docker`"),
    ] {
        let output = run(isolation);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(errors.contains(said), "{isolation}: {errors}");
        if isolation == "docker" || isolation == "bubblewrap" {
            assert_eq!(output.status.code(), Some(code), "{errors}");
        }
    }
}

#[test]
fn isolation_is_kept_with_the_project_and_the_agent() {
    let autocoder = Autocoder::with_plan();
    assert_eq!(autocoder.json(&["project", "show", "p"])["settings"]["isolation"], json!("auto"));
    autocoder.ok(&["project", "edit", "p", "--isolation", "bubblewrap"]);
    assert_eq!(autocoder.json(&["project", "show", "p"])["settings"]["isolation"], json!("bubblewrap"));
    autocoder.bad(2, &["project", "edit", "p", "--isolation", "jail"], "unknown isolation `jail`");
    autocoder.ok(&["agent", "add", "c", "--project", "p", "--runner", "codex", "--isolation", "none"]);
    let view = autocoder.json(&["agent", "show", "c", "--project", "p"]);
    assert_eq!((&view["runner"], &view["options"]["isolation"]), (&json!("codex"), &json!("none")));
}

#[test]
fn a_feature_is_given_to_a_new_agent_and_says_whether_it_can_be_worked_on_alone() {
    let autocoder = Autocoder::with_plan();
    let id = autocoder.id("feature", "Page");
    let said = autocoder.ok(&["feature", "assign", &id, "--new", "--runner", "opencode", "--project", "p"]);
    assert!(said.contains("is assigned to coder-1"), "{said}");
    assert_eq!(agent(&autocoder)["runner"], json!("opencode"));
    autocoder.bad(2, &["feature", "assign", &id, "coder-1", "--new", "--project", "p"], "cannot be used with");
    let view = autocoder.json(&["feature", "show", &id, "--project", "p"]);
    assert_eq!(view["independence"]["can_run_independently"], json!(true), "{view}");
    let later = autocoder.json(&["feature", "list", "--project", "p"])["items"].as_array().unwrap().len();
    assert!(later > 0 && autocoder.ok(&["feature", "show", &id, "--project", "p"]).contains("alone:"));
}
