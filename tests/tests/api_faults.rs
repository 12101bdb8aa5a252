//! A server that is killed under write load loses nothing that it acknowledged and leaves nothing half done.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use autocoder_tests::{Autocoder, Server};
use serde_json::{Value, json};

const KILLS: usize = 100;
const WRITERS: usize = 4;

/// What the writers know.
#[derive(Default)]
struct Known {
    /// Task names with the answer they got.
    acknowledged: BTreeMap<String, Value>,
    /// Names whose request got no answer.
    unanswered: BTreeSet<String>,
    /// Priorities that edits of tasks were acknowledged with.
    edited: BTreeMap<i64, i64>,
}

/// Creates tasks and edits each once until the server is gone; the name is the idempotency key.
fn write(server: &Server, feature: &str, next: &AtomicUsize, known: &Mutex<Known>, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let name = format!("task {}", next.fetch_add(1, Ordering::Relaxed));
        match create(server, feature, &name) {
            Some((201, body)) => {
                let id = body["id"].as_i64().unwrap();
                known.lock().unwrap().acknowledged.insert(name, body);
                if let Some(priority) = edit(server, id) {
                    known.lock().unwrap().edited.insert(id, priority);
                }
            }
            Some((status, body)) => panic!("{status}: {body}"),
            None => {
                known.lock().unwrap().unanswered.insert(name);
                return;
            }
        }
    }
}

fn create(server: &Server, feature: &str, name: &str) -> Option<(u16, Value)> {
    let feature: i64 = feature.parse().unwrap();
    let request = server.request("POST", "/projects/p/tasks").header("idempotency-key", name.replace(' ', "-"));
    let answer = request.json(&json!({ "name": name, "feature_id": feature })).send().ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.json().ok()?))
}

/// Gives the task another priority, once; which one, when that is acknowledged.
fn edit(server: &Server, id: i64) -> Option<i64> {
    let priority = 1 + id % 499;
    let request = server.request("PATCH", &format!("/projects/p/tasks/{id}")).header("if-match", "\"1\"");
    let answer = request.json(&json!({ "priority": priority })).send().ok()?;
    assert_eq!(answer.status().as_u16(), 200, "nobody else edits it");
    Some(priority)
}

/// Every task of the project: by name, the ids.
fn tasks(server: &Server) -> BTreeMap<String, Vec<i64>> {
    let mut found: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = server.get(&format!("/projects/p/tasks?status=all&limit=1000{cursor}"));
        for task in page["items"].as_array().unwrap() {
            let name = task["name"].as_str().unwrap().to_owned();
            found.entry(name).or_default().push(task["id"].as_i64().unwrap());
        }
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

/// The counters of features, phases and the project say what their tasks say.
fn counters_hold(server: &Server) {
    let mut counted: BTreeMap<i64, i64> = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = server.get(&format!("/projects/p/tasks?status=all&limit=1000{cursor}"));
        for task in page["items"].as_array().unwrap() {
            *counted.entry(task["feature_id"].as_i64().unwrap()).or_default() += 1;
        }
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let features = server.get("/projects/p/features?limit=1000");
    for feature in features["items"].as_array().unwrap() {
        let id = feature["id"].as_i64().unwrap();
        assert_eq!(feature["task_count"], counted.get(&id).copied().unwrap_or(0), "{feature}");
    }
    let total: i64 = counted.values().sum();
    assert_eq!(server.get("/projects/p")["task_count"], total);
    let phases = server.get("/projects/p/phases");
    let of_phases: i64 =
        phases["items"].as_array().unwrap().iter().map(|phase| phase["task_count"].as_i64().unwrap()).sum();
    assert_eq!(of_phases, total);
}

#[test]
fn a_hundred_kills_under_write_load_lose_no_acknowledged_write() {
    let autocoder = Autocoder::with_plan();
    let features = autocoder.json(&["feature", "list", "--project", "p"]);
    let feature = features["items"][0]["id"].to_string();
    let (known, next) = (Mutex::new(Known::default()), AtomicUsize::new(0));
    let log = autocoder.folder("logs").join("log");
    for round in 0..KILLS {
        let server = Server::start_logging(&autocoder, &[], &log);
        // What got no answer before is asked again under its key: it happens once, whatever had happened.
        let unanswered = std::mem::take(&mut known.lock().unwrap().unanswered);
        for name in unanswered {
            let (status, body) = create(&server, &feature, &name).unwrap();
            assert!(status == 201 || body["code"] == "reply_lost", "{status}: {body}");
            known.lock().unwrap().acknowledged.insert(name, body);
        }
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| write(&server, &feature, &next, &known, &stop));
            }
            std::thread::sleep(Duration::from_millis(20 + (round as u64 * 37) % 150));
            server.kill_now();
            stop.store(true, Ordering::Relaxed);
        });
    }
    let server = Server::start(&autocoder);
    let Known { acknowledged, edited, .. } = known.into_inner().unwrap();
    assert!(acknowledged.len() > KILLS, "{} writes are too few to tell", acknowledged.len());
    let found = tasks(&server);
    for (name, body) in &acknowledged {
        let ids = found.get(name).unwrap_or_else(|| panic!("`{name}` was acknowledged and is gone: {body}"));
        assert_eq!(ids.len(), 1, "`{name}` is there {} times", ids.len());
        if let Some(id) = body["id"].as_i64() {
            assert_eq!(ids[0], id, "{name}");
        }
    }
    assert!(edited.len() > KILLS / 2, "{} edits are too few to tell", edited.len());
    for (id, priority) in &edited {
        assert_eq!(server.get(&format!("/projects/p/tasks/{id}"))["priority"], *priority, "the edit of {id} is gone");
    }
    counters_hold(&server);
    // The first answer is given again, after all these kills.
    let (name, body) = acknowledged.iter().find(|(_, body)| body["id"].is_i64()).unwrap();
    assert_eq!(create(&server, &feature, name).unwrap(), (201, body.clone()));
    let created = tasks(&server).len();
    assert_eq!(created, found.len());
}
