//! Who may come in: hosts, origins, tokens, roles, and what a browser is told.

use autocoder_tests::{Autocoder, Server};
use serde_json::{Value, json};

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

    let soon = std::process::Command::new("date").args(["-u", "-d", "+1 second", "+%Y-%m-%dT%H:%M:%S.%6NZ"]).output();
    let soon = String::from_utf8(soon.unwrap().stdout).unwrap();
    let short = json!({ "name": "short", "access": "admin", "expires_at": soon.trim() });
    let short = server.call("POST", "/tokens", &short).expect(201)["secret"].as_str().unwrap().to_owned();
    let _ = server.send(with(&short, "GET", "/projects")).expect(200);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
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
