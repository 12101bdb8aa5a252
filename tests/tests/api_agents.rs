//! Agents that a server runs: to the gate, over it, stopped, and after a kill.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, Server};
use serde_json::{Value, json};

/// How long a step may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn first_phase(server: &Server) -> Value {
    server.get("/projects/p/phases")["items"][0].clone()
}

/// A rehearsal of that speed, told to work.
fn start_agent(server: &Server, speed: f64) {
    let agent = json!({ "id": "one", "runner": "rehearsal", "options": { "speed": speed } });
    let _ = server.call("POST", "/projects/p/agents", &agent).expect(201);
    let _ = server.call("POST", "/projects/p/start", &Value::Null).expect(200);
    let _ = server.call("POST", "/projects/p/agents/one/start", &Value::Null).expect(200);
}

#[test]
fn a_servers_agents_work_to_the_gate_and_go_on_when_the_command_approves() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    start_agent(&server, 1_000.0);
    wait_until("the first gate", || first_phase(&server)["status"] == "awaiting_approval");

    // What the command writes is seen by whoever follows.
    let events = server.request("GET", "/events?project=p").send().unwrap();
    let mut lines = BufReader::new(events).lines();
    let id = first_phase(&server)["id"].to_string();
    autocoder.ok(&["phase", "approve", &id, "--project", "p"]);
    assert!(lines.any(|line| line.unwrap() == "event: phase.completed"));

    wait_until("the second gate", || server.get("/projects/p/phases")["items"][1]["status"] == "awaiting_approval");
    let runs = server.get("/projects/p/runs");
    let runs = runs["items"].as_array().unwrap();
    assert!(!runs.is_empty() && runs.iter().all(|run| run["rehearsal"] == true), "{runs:?}");
    let log = server.send(server.request("GET", &format!("/runs/{}/log?limit=200", runs[0]["id"])));
    assert_eq!(log.status, 200, "{}", log.text);
    assert!(server.stop() < Duration::from_secs(10));
}

#[test]
fn an_agent_stops_at_once_and_hands_its_task_back() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    start_agent(&server, 0.5);
    let held = || autocoder.json(&["task", "list", "--project", "p", "--status", "in_progress"]);
    let none = |list: &Value| list["items"].as_array().unwrap().is_empty();
    wait_until("a claim", || !none(&held()));
    let _ = server.call("POST", "/projects/p/agents/one/stop", &Value::Null).expect(200);
    wait_until("the task is handed back", || none(&held()));
    wait_until("the agent is stopped", || server.get("/projects/p/agents/one")["status"] == "stopped");
}

#[test]
fn a_killed_servers_work_is_fenced_and_goes_on() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    start_agent(&server, 20.0);
    wait_until("a run", || !server.get("/projects/p/runs")["items"].as_array().unwrap().is_empty());
    server.kill();
    let server = Server::start(&autocoder);
    wait_until("the gate", || first_phase(&server)["status"] == "awaiting_approval");
    wait_until("every run is closed", || {
        let runs = server.get("/projects/p/runs");
        runs["items"].as_array().unwrap().iter().all(|run| run["ended_at"].is_string())
    });
}

#[test]
fn without_a_login_a_servers_agents_reach_their_tools_too() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start_with(&autocoder, &["--no-auth"]);
    start_agent(&server, 1_000.0);
    wait_until("the gate", || first_phase(&server)["status"] == "awaiting_approval");
}
