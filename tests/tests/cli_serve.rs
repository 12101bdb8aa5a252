//! The commands around the server, beside what `api_security.rs` says of who may come in.

use autocoder_tests::{Autocoder, Server};
use serde_json::Value;

#[test]
fn the_openapi_document_is_printed_without_a_server() {
    let autocoder = Autocoder::new();
    let document: Value = serde_json::from_str(&autocoder.ok(&["openapi"])).expect("the document is JSON");
    assert_eq!(document["openapi"], "3.1.0");
    autocoder.bad(2, &["openapi", "please"], "unexpected argument");
}

#[test]
fn a_server_says_where_it_is_and_leaves_nothing_behind() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    let noted = autocoder.data_dir().join("server.json");
    assert!(noted.is_file());
    let took = server.stop();
    assert!(took.as_secs() < 10, "{took:?}");
    assert!(!noted.exists());
}

#[test]
fn a_log_line_of_a_request_has_its_id_and_no_query() {
    let autocoder = Autocoder::with_plan();
    let log = autocoder.folder("logs").join("log");
    let server = Server::start_logging(&autocoder, &["--log-format", "json"], &log);
    let answer = server.call("POST", "/projects/p/phases?token=secret", &serde_json::json!({ "name": "Three" }));
    let id = answer.header("x-request-id").expect("an answer names its request").to_owned();
    let text = std::fs::read_to_string(&log).expect("the server logs");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let line = lines.iter().find(|line| line["id"] == id.as_str()).unwrap_or_else(|| panic!("no {id} in {text}"));
    assert_eq!((&line["method"], &line["path"]), (&Value::from("POST"), &Value::from("/api/projects/p/phases")));
    assert!(!text.contains("secret") && !text.contains(&server.token), "{text}");
}
