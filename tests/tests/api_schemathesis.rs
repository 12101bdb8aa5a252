//! What a generator of requests finds that knows only the OpenAPI document: nothing.

use std::process::Command;

use autocoder_tests::{Autocoder, Server, python};
use serde_json::json;

/// As far as a proxy may, which counts wrong tokens by the address that it names.
const ARGUMENTS: [&str; 7] =
    ["--hosted", "--public-url", "http://localhost", "--trusted-proxy", "127.0.0.1", "--rate-limit", "0"];

#[test]
fn a_generator_that_knows_only_the_document_finds_no_fault() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["init", &autocoder.folder("shop").to_string_lossy(), "--name", "shop"]);
    let mut server = Server::start_with(&autocoder, &ARGUMENTS);
    let said = std::fs::read_to_string(autocoder.data_dir().join("server.json")).expect("a server leaves its address");
    let said: serde_json::Value = serde_json::from_str(&said).expect("in JSON");
    server.url = format!("http://{}", said["address"].as_str().expect("with a port"));
    let agent = json!({ "id": "coder-1", "runner": "rehearsal" });
    let _ = server.call("POST", "/projects/p/agents", &agent).expect(201);

    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/python");
    let mut generator = Command::new(python());
    generator.current_dir(scripts).args(["-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"]);
    generator.arg(format!("{}/api/openapi.json", server.url));
    generator.arg("-H").arg(format!("Authorization: Bearer {}", server.token));
    let run = generator.output().expect("the Python of the tests is installed");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("Fuzzing"), "{said}");
}
