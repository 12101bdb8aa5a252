//! `autocoder backup`, `restore`, `health` and `token`, and the files of `deploy/`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, plan_of};
use serde_json::{Value, json};

fn names(autocoder: &Autocoder) -> Vec<String> {
    let list = autocoder.json(&["task", "list", "--project", "p", "--limit", "1000"]);
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

/// A file's path inside the installation, without making it.
fn path(autocoder: &Autocoder, name: &str) -> String {
    autocoder.folder("backups").join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_backup_while_commands_write_has_everything_they_were_told_is_done() {
    let autocoder = Autocoder::with_plan();
    let (done, stop) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let file = path(&autocoder, "b.db");
    let before = std::thread::scope(|scope| {
        for writer in 0..2 {
            let (autocoder, done, stop) = (&autocoder, &done, &stop);
            scope.spawn(move || {
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let name = format!("w{writer} {number}");
                    autocoder.ok(&["task", "add", &name, "--project", "p"]);
                    done.lock().unwrap().push(name);
                }
            });
        }
        while done.lock().unwrap().len() < 6 {
            std::thread::yield_now();
        }
        let before = done.lock().unwrap().clone();
        let made = autocoder.json(&["backup", &file]);
        stop.store(true, Ordering::Relaxed);
        assert_eq!((&made["file"], &made["bytes"]), (&json!(file), &json!(fs::metadata(&file).unwrap().len())));
        before
    });
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let other = Autocoder::new();
    assert!(other.ok(&["restore", &file]).starts_with("restored from "));
    let found = names(&other);
    assert!(before.iter().all(|name| found.contains(name)), "{before:?} {found:?}");
}

#[test]
fn a_killed_backup_leaves_no_file_of_that_name() {
    let autocoder = Autocoder::new();
    autocoder.ok(&["init", autocoder.folder("p").to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", plan_of(200, 40));
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);
    let file = path(&autocoder, "b.db");
    let partial = format!("{file}.partial");
    for extra_us in [0, 500, 2_000, 5_000, 10_000] {
        let mut child = autocoder.command(&["backup", &file]).stdout(Stdio::null()).spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(20);
        while !Path::new(&partial).exists() && child.try_wait().unwrap().is_none() && Instant::now() < end {
            std::thread::yield_now();
        }
        let kill_at = Instant::now() + Duration::from_micros(extra_us);
        while Instant::now() < kill_at {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if Path::new(&file).exists() {
            // It was faster than the kill: then it is whole.
            Autocoder::new().ok(&["restore", &file]);
            fs::remove_file(&file).unwrap();
        }
    }
    autocoder.ok(&["backup", &file]);
    assert!(!Path::new(&partial).exists());
    Autocoder::new().ok(&["restore", &file]);
}

#[test]
fn a_backup_says_what_it_refuses() {
    let autocoder = Autocoder::with_plan();
    let file = path(&autocoder, "b.db");
    autocoder.ok(&["backup", &file]);
    autocoder.bad(4, &["backup", &file], "exists already");
    autocoder.ok(&["backup", &file, "--force"]);
    let database = autocoder.data_dir().join("autocoder.db");
    autocoder.bad(2, &["backup", database.to_str().unwrap(), "--force"], "is the database itself");
    autocoder.bad(2, &["backup", "/nowhere/b.db"], "cannot write `/nowhere/b.db.partial`");
    Autocoder::new().bad(3, &["backup", &file], "there is no database");
    let url = ["--database-url", "postgres://me:secret@db/x"];
    for arguments in [["backup", "b c.db"], ["restore", "b c.db"]] {
        let output = autocoder.run(&[&url[..], &arguments].concat());
        assert!(output.code == 2 && !output.stderr.contains("secret"), "{output:?}");
        assert!(output.stderr.contains("'postgres://me@db/x'") && output.stderr.contains("'b c.db'"), "{output:?}");
    }
}

#[test]
fn a_restoration_needs_the_database_alone_and_keeps_the_old_one() {
    let autocoder = Autocoder::with_plan();
    let file = path(&autocoder, "b.db");
    autocoder.ok(&["backup", &file]);
    autocoder.ok(&["task", "add", "Later task", "--project", "p"]);
    let agent = autocoder.agent("coder-1");
    autocoder.bad(4, &["restore", &file], "other programs have this database open");
    drop(agent);
    let lock_path = autocoder.data_dir().join("autocoder.db.server.lock");
    let mut server = fs::File::create(&lock_path).unwrap();
    server.lock().unwrap();
    server.write_all(b"4711\n").unwrap();
    autocoder.bad(4, &["restore", &file], "another autocoder server (pid 4711) uses this database");
    assert_eq!(autocoder.json(&["doctor"])["server"]["lock_held_by"], json!(4711));
    drop(server);
    autocoder.bad(3, &["restore", "missing.db"], "there is no backup `missing.db`");
    let text = autocoder.file("text", "not a database, though long enough to be one".repeat(100));
    autocoder.bad(2, &["restore", text.to_str().unwrap()], "is not a database of autocoder");
    assert!(names(&autocoder).contains(&"Later task".to_owned()));
    let restored = autocoder.json(&["restore", &file]);
    assert!(!names(&autocoder).contains(&"Later task".to_owned()));
    let kept = restored["kept"].as_str().unwrap();
    assert!(kept.contains("autocoder.db.before-restore-"), "{kept}");
    autocoder.ok(&["restore", kept]);
    assert!(names(&autocoder).contains(&"Later task".to_owned()));
}

/// A server that gives one answer to one request, and its request line and Host.
fn answering(answer: &'static str) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        let request: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        stream.write_all(answer.as_bytes()).unwrap();
        request
    });
    (url, served)
}

#[test]
fn health_asks_the_server() {
    let autocoder = Autocoder::new();
    let (url, served) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(autocoder.ok(&["health", &url]), "the server is well\n");
    let request = served.join().unwrap();
    let host = format!("Host: {}", url.trim_start_matches("http://"));
    assert!(request[0] == "GET /api/health HTTP/1.1" && request.contains(&host), "{request:?}");
    for (answer, message) in [("HTTP/1.1 503 No\r\n\r\n", "status 503"), ("hello\r\n", "does not speak HTTP")] {
        let (url, served) = answering(answer);
        let output = autocoder.run(&["health", &url]);
        served.join().unwrap();
        assert!(output.code == 10 && output.stderr.contains(message), "{output:?}");
    }
    autocoder.bad(10, &["health"], "no server runs on this data directory");
    autocoder.bad(2, &["health", "https://example.com"], "must be like http://127.0.0.1:7777");
}

#[test]
fn health_finds_the_server_that_is_noted() {
    let autocoder = Autocoder::new();
    let (url, served) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    autocoder.ok(&["project", "list"]);
    let mut note = json!({
        "url": "https://autocoder.example.com/", "address": url.trim_start_matches("http://"),
        "pid": std::process::id(), "started_at": "2026-11-22T23:00:00Z",
    });
    let write = |note: &Value| fs::write(autocoder.data_dir().join("server.json"), note.to_string()).unwrap();
    write(&note);
    assert!(autocoder.ok(&["doctor"]).contains("https://autocoder.example.com/ (pid "));
    autocoder.ok(&["health"]);
    // The server knows its public name.
    assert!(served.join().unwrap().contains(&"Host: autocoder.example.com".to_owned()));
    note["pid"] = json!(i32::MAX);
    write(&note);
    autocoder.bad(10, &["health"], "no server runs");
}

#[test]
fn tokens_are_made_listed_and_revoked() {
    let autocoder = Autocoder::with_plan();
    let made = autocoder.json(&["token", "create", "--name", "ada", "--access", "editor", "--expires", "30d"]);
    let (id, secret) = (made["id"].to_string(), made["secret"].as_str().unwrap());
    assert!(secret.starts_with(&format!("ac_editor_{id}_")) && secret.len() == 11 + id.len() + 64, "{secret}");
    assert!(made["expires_at"].is_string() && made["hash"].is_null(), "{made}");
    let printed = autocoder.ok(&["token", "create", "--name", "board", "--access", "viewer", "--project", "p"]);
    assert!(printed.starts_with("ac_viewer_") && printed.lines().count() == 1, "{printed}");
    autocoder.ok(&["agent", "add", "coder-1", "--project", "p"]);
    let agent = autocoder.json(&["token", "create", "--agent", "coder-1", "--project", "p"]);
    assert_eq!(
        (&agent["access"], &agent["agent_id"], &agent["name"]),
        (&json!("agent"), &json!("coder-1"), &json!("coder-1"))
    );
    let text = autocoder.ok(&["token", "list"]);
    assert!(text.contains("ada") && text.contains("board") && text.contains("never"), "{text}");
    assert!(!text.contains(&secret[secret.len() - 64..]), "{text}");
    let of_p = autocoder.json(&["token", "list", "--project", "p"]);
    assert!(of_p["items"].as_array().unwrap().iter().all(|token| token["name"] != "ada"), "{of_p}");
    let revoked = autocoder.json(&["token", "revoke", &id]);
    assert!(revoked["revoked_at"].is_string(), "{revoked}");
    let database = fs::read(autocoder.data_dir().join("autocoder.db")).unwrap();
    let log = fs::read(autocoder.data_dir().join("autocoder.db-wal")).unwrap_or_default();
    let needle = &secret.as_bytes()[secret.len() - 64..];
    assert!(![database, log].iter().any(|bytes| bytes.windows(64).any(|window| window == needle)));
}

#[test]
fn a_token_that_cannot_be_made_is_refused() {
    let autocoder = Autocoder::with_plan();
    for (arguments, message) in [
        (&["--name", "x"][..], "--access"),
        (&["--name", "x", "--access", "owner"], "must be `viewer`, `editor` or `admin`"),
        (&["--name", "x", "--access", "agent"], "made by --agent"),
        (&["--agent", "coder-1"], "--project"),
        (&["--name", "x", "--access", "viewer", "--expires", "soon"], "like `30d` or `12h`"),
        (&["--name", "", "--access", "viewer"], "name"),
    ] {
        autocoder.bad(2, &[&["token", "create"], arguments].concat(), message);
    }
    autocoder.bad(2, &["token", "create"], "--name");
    autocoder.bad(3, &["token", "create", "--agent", "nobody", "--project", "p"], "there is no agent `nobody`");
    autocoder.bad(3, &["token", "list", "--project", "q"], "there is no project `q`");
    autocoder.bad(3, &["token", "revoke", "999"], "there is no token `999`");
}

#[test]
fn doctor_complains_about_a_token_that_others_can_read() {
    let autocoder = Autocoder::new();
    autocoder.ok(&["project", "list"]);
    assert!(autocoder.ok(&["doctor"]).contains("the first `autocoder serve` makes it"));
    let token = autocoder.data_dir().join("token");
    fs::write(&token, format!("ac_local_{}\n", "0".repeat(64))).unwrap();
    fs::set_permissions(&token, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(autocoder.ok(&["doctor"]).contains("can be read by others (mode 644)"));
    fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(autocoder.json(&["doctor"])["token_file"]["usable"], json!(true));
}

#[test]
fn systemd_understands_the_unit() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/autocoder.service");
    let text = fs::read_to_string(unit).unwrap();
    assert!(text.contains("ExecStart=/usr/local/bin/autocoder "), "{text}");
    let autocoder = Autocoder::new();
    // The program is not installed where tests run.
    let text = text.replace("ExecStart=/usr/local/bin/autocoder", "ExecStart=/bin/true");
    let file = autocoder.file("autocoder.service", text);
    let Ok(output) = Command::new("systemd-analyze").arg("verify").arg(file).output() else { return };
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !complaint.contains("autocoder.service"), "{complaint}");
}
