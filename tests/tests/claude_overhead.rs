//! What Autocoder adds to the first request of a real Claude Code, counted by the stub that answers it.
//!
//! Needs one: `AUTOCODER_TEST_CLAUDE=/path/to/claude`; passes without a word otherwise.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, script};
use serde_json::Value;

/// System prompt, tool descriptions and task text together.
const MOST_TOKENS: u64 = 4_000;
/// The agent's own tools that a coder gets.
const TOOLS: &str = "Read,Edit,Write,Bash,Glob,Grep";
const PATIENCE: Duration = Duration::from_secs(60);

/// A stub of the Messages API that keeps what it is asked.
struct Stub {
    process: Child,
    url: String,
    log: PathBuf,
}

impl Stub {
    fn start(autocoder: &Autocoder, name: &str) -> Self {
        let log = autocoder.file(&format!("{name}.jsonl"), "");
        let port_file = autocoder.file(&format!("{name}.port"), "");
        let mut stub = Command::new("python3");
        stub.arg(script("messages_stub.py")).args(["--scenario", "text", "--log"]).arg(&log);
        let process = stub.arg("--port-file").arg(&port_file).spawn().unwrap();
        let port = wait(|| Some(std::fs::read_to_string(&port_file).unwrap()).filter(|port| !port.is_empty()));
        Self { process, url: format!("http://127.0.0.1:{port}"), log }
    }

    /// The first request that carries tools: the agent's own, not one that names the conversation.
    fn request(&self) -> Value {
        wait(|| {
            let log = std::fs::read_to_string(&self.log).unwrap();
            let mut bodies = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let with_tools = |body: &Value| body["tools"].as_array().is_some_and(|tools| tools.len() > 3);
            bodies.find_map(|entry| Some(entry["body"].clone()).filter(with_tools))
        })
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn wait<T>(mut found: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < until, "not in time");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// As the stub counts: four bytes of JSON are a token.
fn tokens(part: &Value) -> u64 {
    (part.to_string().len() as u64).div_ceil(4)
}

fn whole(request: &Value) -> u64 {
    ["system", "tools", "messages"].map(|part| tokens(&request[part])).iter().sum()
}

/// Claude Code in the same folder with the same built-in tools and nothing of ours.
fn bare(claude: &OsStr, folder: &Path, stub: &Stub, home: &Path) -> Value {
    let mut command = Command::new(claude);
    command.args(["-p", "x", "--output-format", "stream-json", "--verbose", "--include-partial-messages"]);
    command.args([
        "--strict-mcp-config",
        "--tools",
        TOOLS,
        "--allowedTools",
        TOOLS,
        "--permission-mode",
        "acceptEdits",
    ]);
    command.args(["--permission-prompts", "none", "--setting-sources", "", "--disable-slash-commands"]);
    command.current_dir(folder).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home);
    command.env("ANTHROPIC_API_KEY", "dummy-local-test").env("ANTHROPIC_BASE_URL", &stub.url);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let request = stub.request();
    child.kill().unwrap();
    child.wait().unwrap();
    request
}

#[test]
fn what_autocoder_adds_to_a_real_claude_code_is_small() {
    let Some(claude) = std::env::var_os("AUTOCODER_TEST_CLAUDE") else { return };
    let autocoder = Autocoder::with_plan();
    let stub = Stub::start(&autocoder, "ours");
    let mut run = autocoder.command(&["run", "--project", "p"]);
    run.env("AUTOCODER_RUNNER_CLAUDE_CODE", &claude).env("ANTHROPIC_API_KEY", "dummy-local-test");
    run.env("ANTHROPIC_BASE_URL", &stub.url).stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = run.spawn().unwrap();
    let ours = stub.request();
    Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    run.wait().unwrap();

    let stub = Stub::start(&autocoder, "bare");
    let bare = bare(&claude, &autocoder.folder("p"), &stub, &autocoder.folder("home"));
    let tools = ours["tools"].as_array().unwrap().iter();
    let tools: u64 =
        tools.filter(|tool| tool["name"].as_str().unwrap().starts_with("mcp__autocoder__")).map(tokens).sum();
    assert!(tools > 0, "the agent has no tools of ours");
    let (system, messages) = (
        tokens(&ours["system"]).saturating_sub(tokens(&bare["system"])),
        tokens(&ours["messages"]).saturating_sub(tokens(&bare["messages"])),
    );
    let added = tools + system + messages;
    let figures = format!(
        "{added} tokens: tools {tools}, system prompt {system}, task {messages}; of {} in all, {} bare",
        whole(&ours),
        whole(&bare)
    );
    if let Some(file) = std::env::var_os("AUTOCODER_FIGURES") {
        std::fs::write(file, &figures).unwrap();
    }
    assert!(added <= MOST_TOKENS, "{figures}");
}
