//! The field matrix: every field, parameter and body of the OpenAPI document with every bad value of one table.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "api_fields/ask.rs"]
mod ask;
#[path = "api_fields/fields.rs"]
mod fields;
#[path = "api_fields/judge.rs"]
mod judge;
#[path = "api_fields/values.rs"]
mod values;

use std::sync::Mutex;

use autocoder_tests::{Autocoder, Server, python};
use serde_json::{Value, json};

use ask::Asker;
use fields::Walker;
use judge::Judge;

/// No limit, and addresses as a proxy names them: wrong codes are counted by address.
const ARGUMENTS: [&str; 7] =
    ["--hosted", "--public-url", "http://localhost", "--trusted-proxy", "127.0.0.1", "--rate-limit", "0"];

fn served(autocoder: &Autocoder) -> Server {
    let mut server = Server::start_with(autocoder, &ARGUMENTS);
    let said = std::fs::read_to_string(autocoder.data_dir().join("server.json")).unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    server.url = format!("http://{}", said["address"].as_str().unwrap());
    server
}

/// One of everything that a path may name: the segment before, and its id.
fn things(autocoder: &Autocoder, server: &Server) -> Vec<(&'static str, String)> {
    let make = |path: &str, body: Value| server.call("POST", path, &body).expect(201)["id"].to_string();
    let agent = json!({ "id": "one", "runner": "rehearsal" });
    make("/projects/p/agents", agent);
    let schedule = json!({ "days": ["monday"], "starts": "22:00", "ends": "06:00" });
    let budget = json!({ "scope": "global", "amount": 1, "period": { "kind": "lifetime" } });
    vec![
        ("projects", "p".to_owned()),
        ("agents", "one".to_owned()),
        ("phases", autocoder.id("phase", "One")),
        ("features", autocoder.id("feature", "Page")),
        ("tasks", autocoder.id("task", "A")),
        ("schedules", make("/projects/p/schedules", schedule)),
        ("budgets", make("/usage/budgets", budget)),
        ("webhooks", make("/webhooks", json!({ "url": "https://example.com/" }))),
    ]
}

/// What stands for each name in a path. What ends or starts something without a body must find nothing.
fn parts(path: &str, said: &Value, method: &str, things: &[(&str, String)]) -> Vec<(String, String)> {
    let harmless = method == "get" || said["requestBody"].is_object();
    let segments: Vec<_> = path.split('/').collect();
    let named = segments.windows(2).filter(|pair| pair[1].starts_with('{'));
    let part = |pair: &[&str]| {
        let thing = things.iter().find(|(noun, _)| *noun == pair[0] && harmless);
        let nothing = if pair[1] == "{name}" { "nothing" } else { "4711" };
        let value = thing.map_or_else(|| nothing.to_owned(), |(_, id)| id.clone());
        (pair[1].trim_matches(['{', '}']).to_owned(), value)
    };
    named.map(part).collect()
}

fn plan() -> Value {
    let task = json!({ "name": "T", "key": "t", "description": "d", "category": "c", "complexity": 2, "priority": 3, "steps": ["s"], "depends_on": [] });
    let feature = json!({ "name": "F", "key": "f", "description": "d", "spec": "s", "priority": 3, "tasks": [task] });
    let phase = json!({ "name": "P", "key": "p", "description": "d", "features": [feature] });
    json!({ "version": 1, "project": { "title": "t", "description": "d", "spec": "s" }, "phases": [phase] })
}

#[test]
fn no_value_of_a_field_is_a_fault_of_the_server_or_of_the_document() {
    let autocoder = Autocoder::with_plan();
    let server = served(&autocoder);
    let document = server.get("/openapi.json");
    let things = things(&autocoder, &server);
    let id = |noun: &str| things.iter().find(|(known, _)| *known == noun).unwrap().1.parse::<i64>().unwrap();
    let known = [
        ("path", json!(autocoder.folder("made"))),
        ("feature_id", json!(id("features"))),
        ("phase_id", json!(id("phases"))),
        ("project", json!("p")),
        ("access", json!("viewer")),
        ("time_zone", json!("UTC")),
    ];
    let (judge, walker) = (Judge::new(&document), Walker { document: &document, known: &known });
    let mut askers = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, said) in item.as_object().unwrap() {
            let (server, judge, walker, path) = (&server, &judge, &walker, path.trim_start_matches("/api").to_owned());
            let parts = parts(&path, said, method, &things);
            let example = (said["operationId"] == "importPlan").then(plan);
            askers.push(Asker { server, judge, walker, method: method.to_uppercase(), path, parts, said, example });
        }
    }
    assert!(askers.len() > 80, "{}", askers.len());
    // What reads comes first, while lists are short.
    askers.sort_by_key(|asker| asker.method == "GET");
    let waiting = Mutex::new(askers);
    let next = || waiting.lock().unwrap().pop();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| std::iter::from_fn(next).for_each(|asker| asker.ask_all()));
        }
    });

    let faults = judge.faults();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(server.get("/health")["status"], "ok");
    let _ = server.get("/projects/p");
    server.stop();
    let check =
        "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone()[0])";
    let mut check_file = std::process::Command::new(python());
    let checked = check_file.args(["-c", check]).arg(autocoder.data_dir().join("autocoder.db")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&checked.stdout).trim(), "ok");
}
