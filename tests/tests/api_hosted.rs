//! A server for other machines: behind a proxy, and with TLS of its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use autocoder_tests::{Autocoder, Server};
use reqwest::blocking::Client;
use serde_json::Value;

/// Where the server listens on this machine.
fn local(autocoder: &Autocoder) -> String {
    let said = std::fs::read_to_string(autocoder.data_dir().join("server.json")).unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    said["address"].as_str().unwrap().to_owned()
}

#[test]
fn behind_a_proxy_it_answers_to_its_public_name() {
    let autocoder = Autocoder::with_plan();
    let arguments = ["--hosted", "--public-url", "https://plan.example.org", "--trusted-proxy", "127.0.0.1"];
    let mut server = Server::start_with(&autocoder, &arguments);
    assert_eq!(server.url, "https://plan.example.org");
    server.url = format!("http://{}", local(&autocoder));
    let get = || server.request("GET", "/projects").header("host", "plan.example.org");
    let _ = server.send(get().header("origin", "https://plan.example.org")).expect(200);
    server.send(get().header("origin", "http://plan.example.org")).refused(403, "foreign_origin");
    server.send(server.request("GET", "/projects").header("host", "other.example.org")).refused(421, "unknown_host");
    // The proxy says who asks: one guesser does not shut out another caller.
    let guess = |from: &str| {
        let request = server.anonymous("GET", "/projects").bearer_auth("ac_local_x");
        server.send(request.header("host", "plan.example.org").header("x-forwarded-for", from)).status
    };
    let statuses: Vec<_> = (0..12).map(|_| guess("203.0.113.7")).collect();
    assert_eq!((statuses[0], statuses[11]), (401, 429));
    assert_eq!(guess("203.0.113.8"), 401);
}

#[test]
fn it_ends_tls_itself() {
    let autocoder = Autocoder::with_plan();
    let folder = autocoder.folder("tls");
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let (cert, key) = (cert.to_string_lossy().into_owned(), key.to_string_lossy().into_owned());
    let server = Server::start_with(&autocoder, &["--tls-cert", &cert, "--tls-key", &key]);
    assert!(server.url.starts_with("https://"), "{}", server.url);
    let client = Client::builder().no_proxy().tls_danger_accept_invalid_certs(true).build().unwrap();
    let answer = client.get(format!("{}/api/projects", server.url)).bearer_auth(&server.token).send().unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    server.stop();
    autocoder.bad(2, &["serve", "--tls-cert", &key, "--tls-key", &cert], "cannot use");
    autocoder.bad(2, &["serve", "--tls-cert", &cert], "--tls-key");
}
