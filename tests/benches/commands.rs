//! Whole commands on big plans: medians over repeated runs, beside what the machine needs to start a process at all.
//!
//! Not divan: each sample is a process with its own peak memory, and the plan is imported once for all.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and ends where it cannot measure")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, plan_of};

mod measure;

fn main() {
    println!("\n{:<58} {:>10} {:>10} {:>9}  aim", "command", "median", "worst", "peak");
    print("start a process that does nothing (`true`)", &times(20, || Command::new("true")), None, "");
    let small = installation(10, 1_000);
    for (what, arguments, aim) in [
        ("task next, 10,000 tasks", &["task", "next", "--project", "p"][..], "<= 15 ms"),
        ("task add, 10,000 tasks", &["task", "add", "One more", "--project", "p"], "<= 15 ms"),
        ("status, 10,000 tasks", &["status", "--project", "p"], ""),
    ] {
        print(what, &times(40, || quiet(small.command(arguments))), peak(small.command(arguments)), aim);
    }
    mcp(&small);
    big();
}

fn big() {
    let autocoder = Autocoder::new();
    autocoder.ok(&["init", autocoder.folder("p").to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", plan_of(100, 1_000));
    let import = ["plan", "import", plan.to_str().unwrap(), "--project", "p"];
    let started = Instant::now();
    let memory = peak(autocoder.command(&import));
    print("plan import, 100,000 tasks (YAML)", &[started.elapsed()], memory, "<= 10 s, <= 300 MiB");
    let again = Instant::now();
    let memory = peak(autocoder.command(&import));
    print("the same import again: nothing changes", &[again.elapsed()], memory, "");
    let status = ["status", "--project", "p"];
    print(
        "status, 100,000 tasks",
        &times(20, || quiet(autocoder.command(&status))),
        peak(autocoder.command(&status)),
        "<= 200 ms",
    );
    let export = ["plan", "export", "--project", "p"];
    print(
        "plan export, 100,000 tasks",
        &times(3, || quiet(autocoder.command(&export))),
        peak(autocoder.command(&export)),
        "",
    );
}

/// The tool server, through the PyPI client.
fn mcp(autocoder: &Autocoder) {
    let Some(python) = std::env::var_os("AUTOCODER_TEST_PYTHON") else {
        println!("MCP: skipped, AUTOCODER_TEST_PYTHON names no Python with `mcp`");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/mcp_client.py");
    let server = autocoder.command(&["mcp", "--project", "p", "--agent", "bench"]);
    let mut client = Command::new(python);
    client.arg(script).args(["--bench", "500", "--"]).arg(server.get_program()).args(server.get_args());
    let output = client.output().unwrap();
    print!(
        "MCP through PyPI `mcp`, 10,000 tasks (aim: median <= 2 ms, p99 <= 8 ms; initialize <= 50 ms, <= 30 MiB):\n  "
    );
    println!("{}", String::from_utf8_lossy(&output.stdout).trim().replace('\n', "\n  "));
    if !output.status.success() {
        println!("  failed: {}", String::from_utf8_lossy(&output.stderr));
    }
}

fn installation(features: usize, tasks: usize) -> Autocoder {
    let autocoder = Autocoder::new();
    autocoder.ok(&["init", autocoder.folder("p").to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", plan_of(features, tasks));
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    autocoder
}

fn quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn times(runs: usize, make: impl Fn() -> Command) -> Vec<Duration> {
    (0..runs)
        .map(|_| {
            let mut command = make();
            let started = Instant::now();
            assert!(command.status().unwrap().success(), "{command:?}");
            started.elapsed()
        })
        .collect()
}

/// The most memory that the command had, in KiB.
fn peak(command: Command) -> Option<u64> {
    measure::measure(&command).map(|(_, kibibytes)| kibibytes)
}

fn print(what: &str, times: &[Duration], peak_kib: Option<u64>, aim: &str) {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let (median, worst) = (sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
    let peak = peak_kib.map_or(String::new(), |kib| format!("{} MiB", kib / 1024));
    println!("{what:<58} {median:>10.1?} {worst:>10.1?} {peak:>9}  {aim}");
}
