//! Eight agents on 5,000 tasks a hundred times faster than life, and what a server needs for eight at life's speed.
//!
//! `AUTOCODER_BENCH_TASKS` and `AUTOCODER_BENCH_SECONDS` make it shorter.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and ends where it cannot measure")]

use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, Claims, Server, phased_plan};
use serde_json::{Value, json};

const AGENTS: usize = 8;
const PHASES: usize = 5;
const FEATURES: usize = 20;
/// Of `/proc/PID/stat`.
const TICKS_A_SECOND: f64 = 100.0;

fn main() {
    fast();
    lifelike();
}

/// No task is held twice or lost, and every gate holds.
fn fast() {
    let tasks = (number("AUTOCODER_BENCH_TASKS", 5_000) / (PHASES * FEATURES)).max(1);
    let (_autocoder, server) = planned(tasks);
    start_agents(&server, 100.0);
    let begun = Instant::now();
    for number in 0..PHASES {
        let gate = gate_of(&server, number);
        let later = phases(&server).into_iter().skip(number + 1);
        assert!(later.into_iter().all(|phase| phase["status"] == "pending"), "a gate holds");
        let _ = server.call("POST", &format!("/projects/p/phases/{gate}/approve"), &json!({})).expect(200);
    }
    let (took, process) = (begun.elapsed().as_secs_f64(), Process::of(server.pid()));
    let (claims, all) = (Claims::read(&server), PHASES * FEATURES * tasks);
    println!(
        "\n{AGENTS} rehearsals at 100x, {all} tasks behind {PHASES} gates: {took:.0} s, {:.1} tasks/s",
        all as f64 / took
    );
    println!("  {} claims, {} passed, {} held at the end", claims.claimed, claims.passed.len(), claims.held());
    println!("  double claims, claims behind a gate, two writers (aim: 0): {}", claims.faults.len());
    println!("  lost (aim: 0): {}", all - claims.passed.len());
    println!("  server: {:.0} % of one core, {:.1} MiB", 100.0 * process.cpu_s / took, process.memory_mib);
    assert_eq!((claims.faults, claims.passed.len()), (vec![], all));
}

/// What the server itself takes while eight agents work as fast as agents do.
fn lifelike() {
    let seconds = number("AUTOCODER_BENCH_SECONDS", 120);
    let (autocoder, server) = planned(1);
    std::thread::sleep(Duration::from_secs(5));
    let idle = Process::of(server.pid());
    start_agents(&server, 1.0);
    while server.get("/projects/p/runs")["items"].as_array().unwrap().len() < AGENTS {
        std::thread::sleep(Duration::from_millis(100));
    }
    let (begun, before) = (Instant::now(), Process::of(server.pid()));
    std::thread::sleep(Duration::from_secs(seconds as u64));
    let (after, took) = (Process::of(server.pid()), begun.elapsed().as_secs_f64());
    let passed = autocoder.json(&["project", "show", "p"])["tasks_completed"].clone();
    println!("\n{AGENTS} rehearsals at life's speed for {took:.0} s, {passed} tasks passed");
    let share = 100.0 * (after.cpu_s - before.cpu_s) / took;
    println!("  server: {share:.1} % of one core (aim: <= 10)");
    let each = (after.memory_mib - idle.memory_mib) / AGENTS as f64;
    println!(
        "  memory: {:.1} MiB without agents, {:.1} with, {each:.2} an agent (aim: <= 8)",
        idle.memory_mib, after.memory_mib
    );
}

/// A server with a plan of so many tasks a feature.
fn planned(tasks: usize) -> (Autocoder, Server) {
    let autocoder = Autocoder::new();
    autocoder.ok(&["init", autocoder.folder("p").to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", phased_plan(PHASES, FEATURES, tasks));
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    let server = Server::start_logging(&autocoder, &[], &autocoder.data_dir().join("server.log"));
    (autocoder, server)
}

fn start_agents(server: &Server, speed: f64) {
    for number in 1..=AGENTS {
        let options = json!({ "speed": speed, "seed": number });
        let agent = json!({ "id": format!("r-{number}"), "runner": "rehearsal", "options": options });
        let _ = server.call("POST", "/projects/p/agents", &agent).expect(201);
        let _ = server.call("POST", &format!("/projects/p/agents/r-{number}/start"), &Value::Null).expect(200);
    }
    let _ = server.call("POST", "/projects/p/start", &Value::Null).expect(200);
}

/// The id of the phase that is the `number`th, once it waits for an approval.
fn gate_of(server: &Server, number: usize) -> Value {
    loop {
        let phase = phases(server)[number].clone();
        if phase["status"] == "awaiting_approval" {
            return phase["id"].clone();
        }
        std::thread::sleep(Duration::from_millis(250));
    }
}

fn phases(server: &Server) -> Vec<Value> {
    server.get("/projects/p/phases")["items"].as_array().unwrap().clone()
}

/// What a process has taken so far.
struct Process {
    cpu_s: f64,
    memory_mib: f64,
}

impl Process {
    fn of(pid: u32) -> Self {
        let read = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap();
        let stat = read("stat");
        // Behind the name in brackets; user and system time are the 14th and 15th field.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: f64 = fields[11..13].iter().map(|field| field.parse::<f64>().unwrap()).sum();
        let status = read("status");
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kib: f64 = memory.trim().trim_end_matches(" kB").parse().unwrap();
        Self { cpu_s: ticks / TICKS_A_SECOND, memory_mib: kib / 1024.0 }
    }
}

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
