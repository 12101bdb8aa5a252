//! Eight agents at once on one project: no task is lost, none is held twice, and every gate holds.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, Claims, Server, phased_plan};
use serde_json::{Value, json};

const AGENTS: usize = 8;
const PHASES: usize = 3;
const FEATURES: usize = 9;
const TASKS: usize = 8;
/// How long the crew may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

fn phases(server: &Server) -> Vec<Value> {
    server.get("/projects/p/phases")["items"].as_array().unwrap().clone()
}

#[test]
fn eight_agents_share_the_tasks_and_stop_at_every_gate() {
    let autocoder = Autocoder::new();
    autocoder.ok(&["init", autocoder.folder("p").to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", phased_plan(PHASES, FEATURES, TASKS));
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    let server = Server::start(&autocoder);
    for number in 1..=AGENTS {
        let options = json!({ "speed": 100_000, "seed": number });
        let agent = json!({ "id": format!("r-{number}"), "runner": "rehearsal", "options": options });
        let _ = server.call("POST", "/projects/p/agents", &agent).expect(201);
        let _ = server.call("POST", &format!("/projects/p/agents/r-{number}/start"), &Value::Null).expect(200);
    }
    let _ = server.call("POST", "/projects/p/start", &Value::Null).expect(200);

    let begun = Instant::now();
    for number in 0..PHASES {
        let gate = loop {
            let phase = phases(&server)[number].clone();
            if phase["status"] == "awaiting_approval" {
                break phase;
            }
            assert!(begun.elapsed() < PATIENCE, "{:?}", phases(&server));
            std::thread::sleep(Duration::from_millis(100));
        };
        let later = phases(&server).into_iter().skip(number + 1);
        assert!(later.into_iter().all(|phase| phase["status"] == "pending"), "a gate holds");
        let _ = server.call("POST", &format!("/projects/p/phases/{}/approve", gate["id"]), &json!({})).expect(200);
    }

    let claims = Claims::read(&server);
    assert_eq!(claims.faults, Vec::<String>::new());
    let all = PHASES * FEATURES * TASKS;
    assert_eq!((claims.passed.len(), claims.held()), (all, 0), "{} claims", claims.claimed);
    assert_eq!(server.get("/projects/p")["tasks_completed"], json!(all));
    let workers = server.get("/projects/p/runs?limit=1000");
    let workers = workers["items"].as_array().unwrap().iter().filter_map(|run| run["agent_id"].as_str());
    let workers: std::collections::BTreeSet<&str> = workers.collect();
    assert_eq!(workers.len(), AGENTS, "everybody worked: {workers:?}");
}
