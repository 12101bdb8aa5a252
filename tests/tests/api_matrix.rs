//! Who is refused, for every operation of the OpenAPI document.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use autocoder_tests::{Answer, Autocoder, Server};
use serde_json::{Value, json};

/// Every operation that needs a token: the method, the path with ids in it, and the access it needs.
fn guarded(project: &str) -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(&Autocoder::new().ok(&["openapi"])).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, said) in item.as_object().unwrap() {
            let Some(access) = said["x-access"].as_str() else { continue };
            let parts = path.strip_prefix("/api").unwrap().split('/').map(|part| match part {
                "{name}" => project,
                part if part.starts_with('{') => "1",
                part => part,
            });
            found.push((method.to_uppercase(), parts.collect::<Vec<_>>().join("/"), access.to_owned()));
        }
    }
    assert!(found.len() > 80, "{}", found.len());
    found
}

fn token(server: &Server, new: &Value) -> (Value, String) {
    let made = server.call("POST", "/tokens", new).expect(201);
    (made["id"].clone(), made["secret"].as_str().unwrap().to_owned())
}

fn ask(server: &Server, method: &str, path: &str, token: &str) -> Answer {
    server.send(server.anonymous(method, path).bearer_auth(token).json(&json!({})))
}

#[test]
fn every_operation_refuses_whoever_has_no_token_or_too_little_access() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let (_, viewer) = token(&server, &json!({ "name": "v", "access": "viewer" }));
    let (_, editor) = token(&server, &json!({ "name": "e", "access": "editor" }));
    let agent = json!({ "name": "a", "access": "agent", "project": "p", "agent_id": "one" });
    let (_, agent) = token(&server, &agent);
    let before = autocoder.everything();
    for (method, path, access) in guarded("p") {
        server.send(server.anonymous(&method, &path)).refused(401, "token_needed");
        ask(&server, &method, &path, &agent).refused(403, "forbidden");
        if access != "viewer" {
            ask(&server, &method, &path, &viewer).refused(403, "forbidden");
        }
        if access == "admin" {
            ask(&server, &method, &path, &editor).refused(403, "forbidden");
        }
    }
    assert_eq!(autocoder.everything(), before);
}

#[test]
fn every_operation_refuses_a_token_that_ended_or_was_taken_back() {
    let autocoder = Autocoder::with_plan();
    // As a proxy may: otherwise the address of the test is told to wait after ten wrong tokens.
    let proxy = ["--hosted", "--public-url", "http://localhost", "--trusted-proxy", "127.0.0.1"];
    let mut server = Server::start_with(&autocoder, &proxy);
    let said = std::fs::read_to_string(autocoder.data_dir().join("server.json")).unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    server.url = format!("http://{}", said["address"].as_str().unwrap());
    let (id, revoked) = token(&server, &json!({ "name": "r", "access": "admin" }));
    let soon = std::process::Command::new("date").args(["-u", "-d", "+1 second", "+%Y-%m-%dT%H:%M:%S.%6NZ"]).output();
    let soon = String::from_utf8(soon.unwrap().stdout).unwrap();
    let (_, expired) = token(&server, &json!({ "name": "x", "access": "admin", "expires_at": soon.trim() }));
    let _ = server.call("DELETE", &format!("/tokens/{id}"), &Value::Null).expect(200);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    for (number, (method, path, _)) in guarded("p").into_iter().enumerate() {
        for bad in [&revoked, &expired] {
            let request = server.anonymous(&method, &path).bearer_auth(bad);
            let request = request.header("x-forwarded-for", format!("10.0.0.{number}"));
            server.send(request).refused(401, "token_refused");
        }
    }
}

#[test]
fn a_foreign_project_answers_like_one_that_is_missing() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["init", &autocoder.folder("q").to_string_lossy(), "--name", "q"]);
    let server = Server::start(&autocoder);
    let (_, bound) = token(&server, &json!({ "name": "b", "access": "admin", "project": "q" }));
    let before = autocoder.everything();
    let missing = guarded("nothing");
    for ((method, path, _), (_, nowhere, _)) in guarded("p").into_iter().zip(missing) {
        if path == nowhere {
            continue;
        }
        // A body that lacks a field is refused first, for both.
        let (foreign, missing) = (ask(&server, &method, &path, &bound), ask(&server, &method, &nowhere, &bound));
        assert_eq!(foreign.status, missing.status, "{method} {path}: {} {}", foreign.text, missing.text);
        assert_eq!(foreign.text.replace("`p`", "`nothing`"), missing.text, "{method} {path}");
        assert!(matches!(foreign.status, 404 | 415 | 422), "{method} {path}: {}", foreign.text);
    }
    assert_eq!(autocoder.everything(), before);
}

#[test]
fn an_id_of_another_project_answers_like_one_that_is_missing() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["init", &autocoder.folder("q").to_string_lossy(), "--name", "q"]);
    let server = Server::start(&autocoder);
    let before = autocoder.everything();
    let ids = [("phases", "phase", "One"), ("features", "feature", "Page"), ("tasks", "task", "A")];
    let ids = ids.map(|(place, noun, name)| (format!("/{place}/1"), format!("/{place}/"), autocoder.id(noun, name)));
    for (method, path, _) in guarded("q").into_iter().filter(|(_, path, _)| path.contains("/1")) {
        let nowhere = path.replace("/1", "/4711");
        let known = ids.iter().find(|(found, _, _)| path.contains(found));
        let Some((found, place, id)) = known else { continue };
        let path = path.replace(found, &format!("{place}{id}"));
        let (foreign, missing) = (server.call(&method, &path, &json!({})), server.call(&method, &nowhere, &json!({})));
        if path.starts_with("/projects/q/") {
            assert_eq!(
                (foreign.status, foreign.text.replace(&format!("`{id}`"), "`4711`")),
                (missing.status, missing.text),
                "{path}"
            );
            assert!(matches!(foreign.status, 404 | 422), "{method} {path}: {}", foreign.text);
        }
    }
    assert_eq!(autocoder.everything(), before);
}
