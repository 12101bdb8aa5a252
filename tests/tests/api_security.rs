//! Who may come in: hosts, origins, tokens, roles, and what a browser is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, Server};
use serde_json::{Value, json};

/// A moment from now, as `date` understands it.
fn moment(from_now: &str) -> String {
    let date = std::process::Command::new("date").args(["-u", "-d", from_now, "+%Y-%m-%dT%H:%M:%S.%6NZ"]).output();
    String::from_utf8(date.expect("there is date").stdout).expect("it prints text").trim().to_owned()
}

#[test]
fn every_answer_keeps_a_browser_strict() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    for path in ["/projects", "/health", "/nothing"] {
        let answer = server.send(server.request("GET", path));
        for (name, part) in [
            ("content-security-policy", "default-src 'self'"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert!(answer.header(name).is_some_and(|value| value.contains(part)), "{path}: {name}: {answer:?}");
        }
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[test]
fn only_known_hosts_and_own_pages_get_an_answer() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let own = server.url.trim_start_matches("http://").to_owned();
    let port = own.rsplit_once(':').unwrap().1;
    let get = || server.request("GET", "/projects");
    for host in ["evil.example", "127.0.0.1", &format!("evil.example:{port}"), "127.0.0.1:1", ""] {
        server.send(get().header("host", host)).refused(421, "unknown_host");
    }
    for host in [own.clone(), format!("localhost:{port}"), format!("LOCALHOST:{port}")] {
        let _ = server.send(get().header("host", &host)).expect(200);
    }
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", &format!("https://{own}"), "http://localhost"] {
        server.send(get().header("origin", origin)).refused(403, "foreign_origin");
    }
    let _ = server.send(get().header("origin", &server.url)).expect(200);
    for path in ["/%61pi/projects", "/a%70i/projects", "/%6dcp"] {
        let request = |name, value| format!("GET {path} HTTP/1.1\r\nHost: {own}\r\n{name}: {value}\r\n\r\n");
        for foreign in [request("Origin", "http://evil.example"), request("Sec-Fetch-Site", "cross-site")] {
            let mut stream = TcpStream::connect(&own).unwrap();
            stream.write_all(foreign.as_bytes()).unwrap();
            let mut head = [0; 12];
            stream.read_exact(&mut head).unwrap();
            assert_eq!(head, *b"HTTP/1.1 403", "{foreign}");
        }
    }
    for site in ["cross-site", "same-site"] {
        server.send(get().header("sec-fetch-site", site)).refused(403, "foreign_origin");
    }
    for site in ["same-origin", "none"] {
        let _ = server.send(get().header("sec-fetch-site", site)).expect(200);
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let post = server.request("POST", "/projects/p/phases").header("content-type", kind);
        server.send(post.body(r#"{"name":"x"}"#)).refused(415, "not_json");
    }
    assert_eq!(server.get("/projects/p/phases")["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_token_counts_until_it_ends_and_only_for_what_it_allows() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    server.send(server.anonymous("GET", "/projects")).refused(401, "token_needed");
    let with = |token: &str, method: &str, path: &str| server.anonymous(method, path).bearer_auth(token);
    let (viewer, editor) = (server.token("viewer"), server.token("editor"));
    let phase = json!({ "name": "Third" });
    let _ = server.send(with(&viewer, "GET", "/projects")).expect(200);
    server.send(with(&viewer, "POST", "/projects/p/phases").json(&phase)).refused(403, "forbidden");
    let _ = server.send(with(&editor, "POST", "/projects/p/phases").json(&phase)).expect(201);
    server.send(with(&editor, "GET", "/tokens")).refused(403, "forbidden");

    let tokens = server.get("/tokens");
    let of = |access: &str| tokens["items"].as_array().unwrap().iter().find(|token| token["access"] == access).cloned();
    let id = of("editor").unwrap()["id"].clone();
    assert!(!tokens.to_string().contains(&editor) && !tokens.to_string().contains("hash"), "{tokens}");
    let _ = server.call("DELETE", &format!("/tokens/{id}"), &Value::Null).expect(200);
    server.send(with(&editor, "GET", "/projects")).refused(401, "token_refused");

    let short = json!({ "name": "short", "access": "admin", "expires_at": moment("+1 second") });
    let short = server.call("POST", "/tokens", &short).expect(201)["secret"].as_str().unwrap().to_owned();
    let _ = server.send(with(&short, "GET", "/projects")).expect(200);
    std::thread::sleep(Duration::from_millis(1_100));
    server.send(with(&short, "GET", "/projects")).refused(401, "token_refused");
    let past = json!({ "name": "past", "access": "admin", "expires_at": "2020-01-01T00:00:00Z" });
    server.call("POST", "/tokens", &past).refused(422, "invalid_field");
}

#[test]
fn a_token_of_one_project_sees_no_other() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["init", &autocoder.folder("q").to_string_lossy(), "--name", "q"]);
    let server = Server::start(&autocoder);
    let bound = json!({ "name": "q only", "access": "admin", "project": "q" });
    let bound = server.call("POST", "/tokens", &bound).expect(201)["secret"].as_str().unwrap().to_owned();
    let get = |path: &str| server.send(server.anonymous("GET", path).bearer_auth(&bound));
    let _ = get("/projects/q/phases").expect(200);
    let (foreign, missing) = (get("/projects/p/phases"), get("/projects/nothing/phases"));
    assert_eq!((foreign.status, foreign.text.replace("`p`", "`nothing`")), (404, missing.text));
    assert_eq!(get("/projects").expect(200)["items"].as_array().unwrap().len(), 1);
    get("/tokens").refused(403, "forbidden");
    let put = server.anonymous("PUT", "/usage/settings").bearer_auth(&bound);
    server.send(put.json(&server.get("/usage/settings"))).refused(403, "forbidden");
}

#[test]
fn a_stream_ends_with_the_token_that_opened_it() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let make = |body: Value| server.call("POST", "/tokens", &body).expect(201);
    let follow = |made: &Value| {
        let request = server.anonymous("GET", "/events").bearer_auth(made["secret"].as_str().unwrap());
        let response = request.send().unwrap();
        assert_eq!(response.status(), 200);
        response
    };
    let (revoked, other) = (json!({ "name": "r", "access": "viewer" }), json!({ "name": "o", "access": "viewer" }));
    let (revoked, other) = (make(revoked), make(other));
    let short = make(json!({ "name": "s", "access": "viewer", "expires_at": moment("+3 seconds") }));
    let (of_revoked, of_other, of_short) = (follow(&revoked), follow(&other), follow(&short));
    let begun = Instant::now();
    autocoder.ok(&["token", "revoke", &revoked["id"].to_string()]);
    for ended in [of_revoked, of_short] {
        assert!(ended.text().unwrap().starts_with(": connected"));
        assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    }
    let phase = server.call("POST", "/projects/p/phases", &json!({ "name": "Third" })).expect(201);
    let mut goes_on = BufReader::new(of_other).lines().map(Result::unwrap);
    assert!(goes_on.any(|line| line.starts_with("data: ") && line.contains(&phase["id"].to_string())));
}

#[test]
fn a_deleted_agent_leaves_no_token_behind() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let _ = server.call("POST", "/projects/p/agents", &json!({ "id": "robot", "runner": "external" })).expect(201);
    let new = |agent: &str| json!({ "name": agent, "access": "agent", "project": "p", "agent_id": agent });
    let secret = |agent: &str| server.call("POST", "/tokens", &new(agent)).expect(201)["secret"].clone();
    let (theirs, other) = (secret("robot"), secret("somebody"));
    let _ = server.call("DELETE", "/projects/p/agents/robot", &Value::Null).expect(204);
    let asks = |secret: &Value| server.anonymous("GET", "/projects").bearer_auth(secret.as_str().unwrap());
    server.send(asks(&theirs)).refused(401, "token_refused");
    server.send(asks(&other)).refused(403, "forbidden");
}

#[test]
fn a_stranger_fills_no_memory_and_is_not_waited_for() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let host = server.url.trim_start_matches("http://");
    for path in ["/api/projects/p/phases", "/api/projects/p/plan", "/mcp"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\n\
             Content-Length: 4000000\r\n\r\n"
        );
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // The answer comes before the body.
        let mut begin = [0; 12];
        stream.read_exact(&mut begin).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(begin, *b"HTTP/1.1 401", "{path}");
    }
}

#[test]
fn an_address_that_guesses_tokens_is_told_to_wait() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let guess = || server.send(server.anonymous("GET", "/projects").bearer_auth("ac_local_nonsense"));
    let answers: Vec<_> = (0..12).map(|_| guess()).collect();
    answers[0].refused(401, "token_refused");
    let last = answers.last().unwrap();
    last.refused(429, "too_many_requests");
    assert!(last.header("retry-after").is_some_and(|seconds| seconds.parse::<u64>().is_ok_and(|seconds| seconds >= 1)));
    let _ = server.get("/projects");
}

#[test]
fn open_logs_a_browser_in_once() {
    let autocoder = Autocoder::with_plan();
    autocoder.bad(3, &["open", "--print"], "no server of this data directory is running");
    let server = Server::start(&autocoder);
    let opened = autocoder.json(&["open", "--print"]);
    let url = opened["url"].as_str().unwrap();
    let (page, code) = url.split_once("/#code=").unwrap();
    assert_eq!(page, server.url);
    let exchange = |code: &str| server.send(server.anonymous("POST", "/auth/exchange").json(&json!({ "code": code })));
    let token = exchange(code).expect(200)["token"].as_str().unwrap().to_owned();
    let _ = server.send(server.anonymous("GET", "/projects").bearer_auth(&token)).expect(200);
    exchange(code).refused(401, "code_refused");
    exchange("1.2.3").refused(401, "code_refused");
}

#[test]
fn a_server_for_other_machines_is_asked_for_in_so_many_words() {
    let autocoder = Autocoder::new();
    autocoder.bad(2, &["serve", "--host", "0.0.0.0"], "can be reached from other machines");
    autocoder.bad(2, &["serve", "--hosted", "--public-url", "ftp://a"], "must begin with https:// or http://");
    autocoder.bad(2, &["serve", "--host", "0.0.0.0", "--no-auth"], "can be reached from other machines");
    autocoder.bad(2, &["serve", "--no-auth", "--public-url", "https://a.example"], "cannot be used with");
    let server = Server::start(&autocoder);
    autocoder.bad(4, &["serve", "--port", "0"], "another autocoder server");
    server.stop();
    Server::start(&autocoder).kill();
    Server::start(&autocoder).stop();
}

#[test]
fn without_auth_a_token_is_not_asked_for_but_pages_are_still_kept_out() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start_with(&autocoder, &["--no-auth"]);
    let _ = server.send(server.anonymous("GET", "/projects")).expect(200);
    server.send(server.anonymous("GET", "/projects").header("origin", "http://x")).refused(403, "foreign_origin");
    server.send(server.anonymous("GET", "/projects").header("host", "x")).refused(421, "unknown_host");
}
