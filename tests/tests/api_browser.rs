//! A real Chromium: foreign pages read nothing and change nothing, and the server's own pages work.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in its helper")]

use std::path::Path;
use std::process::Command;

use autocoder_tests::{Autocoder, Server};
use serde_json::Value;

/// All that an attack could change, without the token that the log-in itself makes.
fn everything(server: &Server) -> Vec<Value> {
    let p = "/projects/p";
    let of_project = ["", "/tasks", "/features", "/phases", "/agents", "/runs"].map(|part| format!("{p}{part}"));
    let mut found: Vec<_> = of_project.iter().map(|path| server.get(path)).collect();
    found.extend(["/projects", "/webhooks"].map(|path| server.get(path)));
    let mut tokens = server.get("/tokens");
    tokens["items"].as_array_mut().unwrap().retain(|token| token["name"] != "browser");
    found.push(tokens);
    found
}

#[test]
fn no_foreign_page_gets_in_and_the_own_pages_open() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    // Nothing is done when it is installed already.
    let installed = Command::new("npm").args(["install", "--no-audit", "--no-fund"]).current_dir(&suite).output();
    let installed = installed.expect("npm is on the PATH; it comes with Node");
    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let before = everything(&server);
    let login = autocoder.json(&["open", "--print"]);
    let run = Command::new("timeout")
        .args(["120", "node", "browser.mjs", &server.url, login["url"].as_str().unwrap()])
        .current_dir(&suite)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{complaint}");
    let said = String::from_utf8(run.stdout).unwrap();
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |case: &str| lines.iter().filter(|line| line["case"] == case).collect::<Vec<_>>();

    let own = of("own")[0];
    assert_eq!(
        (&own["hash"], &own["token"], &own["wrong"]),
        (&"".into(), &true.into(), &Value::Array(vec![])),
        "{own}"
    );
    assert_eq!(of("again")[0]["token"], 0, "a code works once: {said}");
    assert_eq!(of("attack").len(), 10, "{said}");
    of("attack").into_iter().for_each(nothing_was_got);
    let taken = of("taken")[0]["by_naive"].as_array().unwrap();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        assert!(taken.contains(&format!("POST {kind} /api/tokens").into()), "{kind} was not sent: {taken:?}");
    }
    assert_eq!(everything(&server), before);
}

fn nothing_was_got(attack: &Value) {
    let rebound = attack["from"] == attack["target"];
    for tried in attack["tried"].as_array().unwrap() {
        // The rebound page may read the refusal, which is its own origin's.
        let refused = tried["read"].is_null() || (rebound && tried["read"]["status"] == 421);
        assert!(refused, "{tried} in {attack}");
    }
    let answers = attack["answers"].as_array().unwrap();
    let refusal = if rebound { 421 } else { 403 };
    assert!(!answers.is_empty() && answers.iter().all(|status| *status == refusal), "{attack}");
    assert_eq!(attack["framed"], false);
    assert!(!rebound || attack["stored"] == 0, "the rebound page has no token: {attack}");
}
