//! Spec runs over the API: a turn, an answer, another turn, a stop, and proposals that become tasks.

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

fn items(server: &Server, path: &str) -> Vec<Value> {
    server.get(path)["items"].as_array().expect("a list has items").clone()
}

fn post(server: &Server, path: &str, body: &Value, status: u16) -> Value {
    server.call("POST", path, body).expect(status)
}

/// A spec writer of that speed, told to work.
fn start_writer(server: &Server, speed: f64) {
    let agent = json!({ "id": "w", "role": "spec_writer", "runner": "rehearsal", "options": { "speed": speed } });
    post(server, "/projects/p/agents", &agent, 201);
    post(server, "/projects/p/agents/w/start", &Value::Null, 200);
}

fn ends(server: &Server) -> usize {
    items(server, "/projects/p/events").iter().filter(|event| event["kind"] == "spec.ended").count()
}

#[test]
fn a_spec_is_written_in_turns_and_its_tasks_are_accepted() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let new = json!({ "name": "Dark mode", "description": "Let users choose." });
    let id = post(&server, "/projects/p/features", &new, 201)["id"].to_string();
    let at = |rest: &str| format!("/projects/p/features/{id}{rest}");
    assert_eq!(server.get(&at(""))["status"], "pending", "no agent starts unasked");
    start_writer(&server, 1_000.0);
    wait_until("the first turn", || ends(&server) == 1);
    let feature = server.get(&at(""));
    assert_eq!(feature["status"], "speccing");
    assert!(feature["spec"].as_str().unwrap().contains("## Acceptance"), "{feature}");
    let messages = items(&server, &at("/spec/messages"));
    assert!(messages.len() >= 2 && messages.iter().all(|message| message["author"] == "agent:w"), "{messages:?}");
    let run = items(&server, "/projects/p/runs")[0].clone();
    assert_eq!(
        (&run["kind"], run["feature_id"].to_string(), &run["outcome"]),
        (&json!("spec"), id.clone(), &json!("completed"))
    );

    post(&server, &at("/spec/messages"), &json!({ "text": "Black only,\nplease" }), 201);
    wait_until("the second turn", || ends(&server) == 2);
    let spec = server.get(&at(""))["spec"].as_str().unwrap().to_owned();
    assert!(spec.contains("## Decisions\n\n- Black only, please"), "{spec}");

    let proposals = items(&server, &at("/proposals?status=open"));
    assert!((3..=8).contains(&proposals.len()), "{proposals:?}");
    let accept: Vec<&Value> = proposals.iter().map(|proposal| &proposal["id"]).collect();
    let made = post(&server, &at("/proposals"), &json!({ "accept": accept }), 200);
    assert_eq!(made["tasks"].as_array().unwrap().len(), proposals.len());
    assert_eq!(server.get(&at(""))["status"], "ready");
    assert_eq!(ends(&server), 2);
    let usage = server.get("/usage/projects/p");
    assert!(usage.to_string().contains("rehearsal"), "{usage}");
}

#[test]
fn a_spec_run_that_is_stopped_ends_and_the_feature_is_pending_again() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let id = post(&server, "/projects/p/features", &json!({ "name": "Dark mode" }), 201)["id"].to_string();
    let at = |rest: &str| format!("/projects/p/features/{id}{rest}");
    start_writer(&server, 0.5);
    let runs = || items(&server, "/projects/p/runs");
    wait_until("the run", || runs().iter().any(|run| run["kind"] == "spec"));
    wait_until("the first words", || !items(&server, &at("/spec/messages")).is_empty());
    post(&server, &at("/spec/stop"), &Value::Null, 200);
    wait_until("the end of the run", || runs().iter().all(|run| run["ended_at"].is_string()));
    let feature = server.get(&at(""));
    assert_eq!((&feature["status"], &feature["spec_requested_at"]), (&json!("pending"), &Value::Null));
    assert_eq!((runs().len(), ends(&server)), (1, 0));

    post(&server, &at("/spec"), &Value::Null, 200);
    wait_until("another run", || runs().len() == 2);
    post(&server, "/projects/p/agents/w/stop", &Value::Null, 200);
    wait_until("the writer is stopped", || server.get("/projects/p/agents/w")["status"] == "stopped");
}

#[test]
fn notes_and_reports_are_shown() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let mut agent = autocoder.agent("coder-1");
    agent.call("note_add", json!({ "kind": "interface", "text": "`GET /page` gives HTML" }));
    let notes = items(&server, "/projects/p/notes");
    assert_eq!((&notes[0]["kind"], &notes[0]["author"]), (&json!("interface"), &json!("agent:coder-1")));
    let phase = autocoder.id("phase", "One");
    assert_eq!(items(&server, &format!("/projects/p/notes?phase_id={phase}")).len(), 1);
    server.call("GET", "/projects/p/notes?phase_id=4711", &Value::Null).refused(404, "not_found");
    agent.finish_everything();
    let review = server.get(&format!("/projects/p/phases/{phase}/review"));
    assert_eq!((review["notes"].as_array().unwrap().len(), &review["report"]), (1, &Value::Null));
    agent.call("phase_report", json!({ "phase_id": phase.parse::<i64>().unwrap(), "report": "## Risks\nNone." }));
    let review = server.get(&format!("/projects/p/phases/{phase}/review"));
    assert_eq!((&review["report"]["text"], &review["prompts"]), (&json!("## Risks\nNone."), &json!([])));
}
