//! Webhooks over the hosted API, from the request to the signed delivery.
#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use autocoder_core::changes::Changes;
use autocoder_core::event::{Actor, EventKind, Subject};
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Scope, Store};
use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
use autocoder_tests::{Autocoder, Server, python};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(20);
const GUIDE: &str = include_str!("../../docs/guide/webhooks.md");

/// A receiver that answers 500 first, then 200: its address, and the requests as text.
fn receiver() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, arrived) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut head, mut length) = (String::new(), 0);
            while stream.read_line(&mut head).unwrap() > 2 {
                let line = head.lines().last().unwrap_or_default().to_lowercase();
                length = line.strip_prefix("content-length: ").map_or(length, |length| length.parse().unwrap());
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let text = head + &String::from_utf8(body).unwrap();
            let status = if number == 0 { "500 Broken" } else { "200 OK" };
            write!(stream.get_mut(), "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    (url, arrived)
}

/// Another process writes an event of project `p`.
fn something_happens(autocoder: &Autocoder, project: i64) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let target = Target::Sqlite(autocoder.data_dir().join("autocoder.db"));
        let store = SeaOrmStore::open(target, OpenOptions::default()).await.unwrap();
        let unit = store.begin(Scope::Project(ProjectId(project))).await.unwrap();
        let mut changes = Changes::new(ProjectId(project), Actor::System, unit.now());
        changes.event(EventKind::AgentCrashed, Subject::Project(ProjectId(project)), json!({ "reason": "ä" }));
        unit.commit(changes).await.unwrap();
    });
}

/// The guide's own example says whether a delivery is genuine.
fn verified(secret: &str, headers: &Value, body: &str) -> bool {
    let example = GUIDE.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let call = "import json, sys\nprint(verify(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]))";
    let script = format!("{example}\n{call}");
    let output = Command::new(python()).args(["-c", &script, secret, &headers.to_string(), body]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim() == "True"
}

#[test]
fn an_event_is_delivered_signed_after_a_failure() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start_with(&autocoder, &["--webhook-allow", "127.0.0.1"]);
    let (url, arrived) = receiver();
    let new = json!({ "url": url, "project": "p", "kinds": ["agent.crashed"] });
    let made = server.call("POST", "/webhooks", &new).expect(201);
    let (id, secret) = (made["id"].to_string(), made["secret"].as_str().unwrap().to_owned());
    something_happens(&autocoder, made["project_id"].as_i64().unwrap());
    let first = arrived.recv_timeout(PATIENCE).unwrap();
    let second = arrived.recv_timeout(PATIENCE).unwrap();
    let (head, body) = second.split_once("\r\n\r\n").unwrap();
    assert_eq!(first.split_once("\r\n\r\n").unwrap().1, body);
    let pairs = head.lines().filter_map(|line| line.split_once(": "));
    let headers: Value = pairs.map(|(name, value)| (name.to_lowercase(), json!(value))).collect();
    assert!(verified(&secret, &headers, body));
    assert!(!verified(&secret, &headers, &body.replace("ä", "a")));
    let facts: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&facts["type"], &facts["data"]["project_name"]), (&json!("agent.crashed"), &json!("p")));

    let path = format!("/webhooks/{id}/deliveries");
    let begun = Instant::now();
    let delivery = loop {
        let delivery = server.get(&path)["items"][0].clone();
        if delivery["status"] == "delivered" {
            break delivery;
        }
        assert!(begun.elapsed() < PATIENCE, "{delivery}");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!((&delivery["tries"], &delivery["message_id"]), (&json!(2), &headers["webhook-id"]));
    let replay = format!("{path}/{}/replay", delivery["id"]);
    let again = server.call("POST", &replay, &Value::Null).expect(200);
    assert_eq!((&again["status"], &again["tries"]), (&json!("pending"), &json!(0)));
    assert!(arrived.recv_timeout(PATIENCE).unwrap().contains(headers["webhook-id"].as_str().unwrap()));
    server.call("POST", &format!("{path}/999/replay"), &Value::Null).refused(404, "not_found");
    server.send(server.request("GET", "/webhooks/999/deliveries")).refused(404, "not_found");
    assert!(server.send(server.request("GET", "/metrics")).text.contains("autocoder_webhook_deliveries_total"));
}

#[test]
fn a_webhook_is_made_shown_changed_and_deleted() {
    let autocoder = Autocoder::new();
    let server = Server::start(&autocoder);
    let new = json!({ "url": "https://example.com/hook" });
    let made = server.call("POST", "/webhooks", &new).expect(201);
    let path = format!("/webhooks/{}", made["id"]);
    assert!(!server.get("/webhooks").to_string().contains("whsec_"));
    let stale = server.request("PATCH", &path).header("If-Match", "\"9\"").json(&json!({ "enabled": false }));
    server.send(stale).refused(412, "stale");
    let edited = server.call("PATCH", &path, &json!({ "enabled": false, "kinds": ["task.blocked"] })).expect(200);
    assert_eq!((&edited["enabled"], &edited["kinds"]), (&json!(false), &json!(["task.blocked"])));
    let twice = || server.request("POST", "/webhooks").header("Idempotency-Key", "k").json(&new);
    let secret = server.send(twice()).expect(201)["secret"].clone();
    assert_eq!((server.send(twice()).expect(201)["secret"].clone(), secret.as_str().unwrap().len()), (json!(""), 50));
    assert_eq!(server.call("DELETE", &path, &Value::Null).status, 204);
    server.call("DELETE", &path, &Value::Null).refused(404, "not_found");
    server.call("PATCH", &path, &json!({})).refused(404, "not_found");
}

#[test]
fn a_bad_webhook_is_refused_with_every_field() {
    let autocoder = Autocoder::new();
    let server = Server::start_with(&autocoder, &["--webhook-allow", "127.0.0.1"]);
    let made = server.call("POST", "/webhooks", &json!({ "url": "https://example.com/" })).expect(201);
    let own = format!("{}/api/webhooks", server.url);
    let field = |body: Value| {
        let answer = server.call("POST", "/webhooks", &body);
        answer.refused(422, "invalid_field");
        answer.body["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    for url in ["", "x", "ftp://example.com/", "http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]/", &own] {
        assert_eq!(field(json!({ "url": url })), "url", "{url}");
        server
            .call("PATCH", &format!("/webhooks/{}", made["id"]), &json!({ "url": url }))
            .refused(422, "invalid_field");
    }
    let good = "https://example.com/";
    assert_eq!(field(json!({ "url": good, "kinds": ["task.claimed"] })), "kinds[0]");
    assert_eq!(field(json!({ "url": good, "kinds": ["nothing"] })), "kinds[0]");
    assert_eq!(field(json!({ "url": good, "secret": "whsec_short" })), "secret");
    assert_eq!(field(json!({ "url": good, "project": "nothing" })), "project");
    assert_eq!(server.get("/webhooks")["items"].as_array().unwrap().len(), 1);
    for access in ["viewer", "editor"] {
        let token = server.token(access);
        let asked = server.anonymous("GET", "/webhooks").bearer_auth(token);
        server.send(asked).refused(403, "forbidden");
    }
}
