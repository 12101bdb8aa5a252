//! The official MCP conformance suite against `/mcp`: the scenarios that apply to a server of tools.

use std::path::Path;
use std::process::Command;

use autocoder_tests::{Autocoder, Server};
use serde_json::Value;

const SCENARIOS: [&str; 5] =
    ["server-initialize", "ping", "tools-list", "server-sse-multiple-streams", "dns-rebinding-protection"];

#[test]
fn the_official_scenarios_pass() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    // Nothing is done when it is installed already.
    let installed = Command::new("npm").args(["install", "--no-audit", "--no-fund"]).current_dir(&suite).output();
    let installed = installed.expect("npm is on the PATH; it comes with Node");
    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["agent", "add", "ci-1", "--project", "p"]);
    let token = autocoder.json(&["token", "create", "--agent", "ci-1", "--project", "p"]);
    let server = Server::start(&autocoder);
    let run = Command::new("node")
        .args(["conformance.mjs", &format!("{}/mcp", server.url), token["secret"].as_str().unwrap()])
        .current_dir(&suite)
        .output()
        .unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    let passed = |scenario: &str| {
        let lines = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.into_iter().any(|line| line["scenario"] == scenario && line["passed"] == true)
    };
    let failed: Vec<_> = SCENARIOS.into_iter().filter(|scenario| !passed(scenario)).collect();
    assert!(failed.is_empty(), "{failed:?}: {said}\n{}", String::from_utf8_lossy(&run.stderr));
}
