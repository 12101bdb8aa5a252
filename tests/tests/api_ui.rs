//! The web UI as the binary serves it: the page for every screen, its files, and nothing where nothing is.

use std::path::Path;

use autocoder_tests::{Answer, Autocoder, Server};

/// An address outside of the API.
fn ask(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let plain = server.anonymous(method, &format!("/..{path}"));
    server.send(headers.iter().fold(plain, |request, (name, value)| request.header(*name, *value)))
}

/// The first file that the page loads from `assets/`; none: no UI was built.
fn asset(page: &str) -> Option<String> {
    let start = page.find("/assets/")?;
    page[start..].split('"').next().map(str::to_owned)
}

#[test]
fn every_screen_is_the_page_and_what_is_missing_is_not() {
    let autocoder = Autocoder::new();
    let server = Server::start(&autocoder);
    let home = ask(&server, "GET", "/", &[]);
    assert_eq!(home.status, 200);
    for path in ["/p/shop", "/p/shop/phases/1/review", "/usage?days=30", "/p/shop/agents/coder.1", "/anything"] {
        let screen = ask(&server, "GET", path, &[]);
        assert_eq!((screen.status, screen.text), (200, home.text.clone()), "{path}");
    }
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-cache"),
        ("x-content-type-options", "nosniff"),
        ("vary", "accept-encoding"),
    ] {
        assert_eq!(home.header(name), Some(value));
    }
    let csp = home.header("content-security-policy").unwrap_or_default();
    assert!(csp.contains("default-src 'self'") && !csp.contains("script-src"), "{csp}");
    for path in ["/assets/gone-1.js", "/favicon.ico", "/assets/../../Cargo.toml"] {
        ask(&server, "GET", path, &[]).refused(404, "not_found");
    }
    for path in ["/api", "/api/nothing", "/mcp/nothing"] {
        ask(&server, "GET", path, &[]).refused(404, "not_found");
    }
    ask(&server, "POST", "/p/shop", &[]).refused(404, "not_found");
}

#[test]
fn a_browser_asks_twice_and_loads_once() {
    let autocoder = Autocoder::new();
    let server = Server::start(&autocoder);
    let home = ask(&server, "GET", "/", &[]);
    let tag = home.header("etag").unwrap_or_default().to_owned();
    let again = ask(&server, "GET", "/p/shop", &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", Some(tag.as_str())));
    let head = ask(&server, "HEAD", "/", &[]);
    assert_eq!((head.status, head.text.as_str(), head.header("etag")), (200, "", Some(tag.as_str())));
    assert_eq!(head.header("content-length"), Some(home.text.len().to_string().as_str()));
}

#[test]
fn hashed_files_stay_and_come_packed() {
    let autocoder = Autocoder::new();
    let server = Server::start(&autocoder);
    let home = ask(&server, "GET", "/", &[]);
    let Some(path) = asset(&home.text) else {
        assert!(home.text.contains("cargo xtask ui"), "a page without a UI says how to build it: {}", home.text);
        return;
    };
    let plain = ask(&server, "HEAD", &path, &[("accept-encoding", "identity")]);
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(plain.header("content-encoding"), None);
    for coding in ["br", "gzip"] {
        let packed = ask(&server, "HEAD", &path, &[("accept-encoding", coding)]);
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist").join(path.trim_start_matches('/'));
        let is_packed = built.with_added_extension(if coding == "gzip" { "gz" } else { coding }).exists();
        assert_eq!(packed.header("content-encoding"), is_packed.then_some(coding), "{path}");
        assert_eq!(packed.header("content-type"), plain.header("content-type"));
    }
}

#[test]
fn a_seeded_installation_has_projects_in_every_state() {
    let autocoder = Autocoder::new();
    let end = "2026-11-20T09:00:00Z";
    autocoder.ok(&["seed", "--profile", "e2e", "--seed", "42", "--clock", end]);
    let twin = Autocoder::new();
    twin.ok(&["seed", "--profile", "e2e", "--clock", end]);
    let projects = autocoder.json(&["project", "list"]);
    let states: Vec<_> = projects["items"].as_array().into_iter().flatten().map(|p| p["status"].clone()).collect();
    for state in ["active", "paused", "completed", "archived"] {
        assert!(states.contains(&state.into()), "{state}: {states:?}");
    }
    let board = |of: &Autocoder| of.ok(&["--json", "task", "list", "--project", "todo-app"]);
    assert_eq!(board(&autocoder), board(&twin), "the same seed makes the same history");
    assert!(!autocoder.json(&["inbox"])["items"].as_array().is_none_or(Vec::is_empty));
    autocoder.bad(2, &["seed", "--profile", "big"], "this data directory has projects already");
}
