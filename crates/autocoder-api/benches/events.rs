//! Live events to 1,000 connections: from commit to receipt, and the memory of the server.
//!
//! Not divan: the clients are a process of their own, so that the server's memory is only the server's. They need
//! 2,000 file descriptors in all (`ulimit -n`).

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and ends where it cannot measure")]

use std::env;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use autocoder_api::live::{AnnouncingStore, Hub, Start, streamed, subscribe};
use autocoder_core::agent::RunnerKind;
use autocoder_core::event::Actor;
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::Store;
use autocoder_core::project::{NewProject, ProjectPatch};
use autocoder_core::workflow::{Context, create_project, edit_project};
use autocoder_usage::meter::LedgerMeter;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::sync::Notify;

const SUBSCRIBERS: usize = 1_000;
/// Single commits at this distance.
const SINGLE: usize = 100;
const DISTANCE: Duration = Duration::from_millis(100);
/// Commits as fast as they go.
const BURST: usize = 1_000;
/// Makes this program the clients of the server at that address.
const CLIENTS_OF: &str = "AUTOCODER_BENCH_CLIENTS_OF";

#[actix_web::main]
async fn main() {
    match env::var(CLIENTS_OF) {
        Ok(address) => clients(&address).await,
        Err(_) => server().await,
    }
}

async fn server() {
    let memory = Arc::new(MemoryStore::new(|| chrono::Utc::now().into()));
    let committed = Arc::new(Notify::new());
    let store: Arc<dyn Store> = Arc::new(AnnouncingStore::new(memory, committed.clone()));
    let hub = web::Data::from(Hub::start(store.clone(), committed).await.unwrap());
    let app = move || App::new().app_data(hub.clone()).route("/", web::get().to(follow));
    let server = HttpServer::new(app).workers(2).bind(("127.0.0.1", 0)).unwrap();
    let address = server.addrs()[0].to_string();
    actix_web::rt::spawn(server.run());

    let before = resident_kib("VmRSS");
    let mut clients = Command::new(env::current_exe().unwrap());
    let mut clients = clients.env(CLIENTS_OF, address).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(clients.stdout.take().unwrap()).lines();
    said.next_line().await.unwrap().expect("the clients are connected");
    let connected = resident_kib("VmRSS");
    commit(&store).await;
    while let Some(line) = said.next_line().await.unwrap() {
        println!("{line}");
    }
    assert!(clients.wait().await.unwrap().success(), "every client got every event once and in order");
    let mib = |kib: u64| kib as f64 / 1024.0;
    println!("memory of {SUBSCRIBERS} idle subscribers: {:.1} MiB (aim <= 100)", mib(connected - before));
    println!("the same at most, in a burst: {:.1} MiB (aim <= 100)", mib(resident_kib("VmHWM") - before));
}

async fn follow(hub: web::Data<Hub>) -> HttpResponse {
    streamed(subscribe(&hub.into_inner(), None, Start::Now).await.unwrap().unwrap())
}

/// One event each.
async fn commit(store: &Arc<dyn Store>) {
    let usage = LedgerMeter::new(store.clone(), RunnerKind::ClaudeCode);
    let cx = Context { store: &**store, usage: &usage, actor: &Actor::System, request: None };
    let new = NewProject {
        name: "shop".into(),
        title: String::new(),
        path: "/code".into(),
        description: String::new(),
        spec: None,
        settings: Default::default(),
    };
    let project = create_project(&cx, new).await.unwrap().id;
    for index in 1..SINGLE + BURST {
        edit_project(&cx, project, ProjectPatch::default()).await.unwrap();
        if index < SINGLE {
            tokio::time::sleep(DISTANCE).await;
        }
    }
}

fn resident_kib(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':')).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

async fn clients(address: &str) {
    let mut readers = Vec::new();
    for _ in 0..SUBSCRIBERS {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut lines = BufReader::with_capacity(4096, connection).lines();
        while lines.next_line().await.unwrap().unwrap() != ": connected" {}
        readers.push(lines);
    }
    println!("connected");
    let readers: Vec<_> = readers.into_iter().map(|lines| actix_web::rt::spawn(receive(lines))).collect();
    let (mut single, mut burst) = (Vec::new(), Vec::new());
    for reader in readers {
        let mut delays = reader.await.unwrap();
        burst.extend(delays.split_off(SINGLE));
        single.extend(delays);
    }
    print("single commits, each to 1,000 subscribers", single, " (aim: p99 <= 50 ms)");
    print("1,000 commits at once, each to 1,000 subscribers", burst, "");
}

/// The microseconds from each commit to its receipt.
async fn receive(mut lines: Lines<BufReader<TcpStream>>) -> Vec<i64> {
    let mut delays = Vec::new();
    while delays.len() < SINGLE + BURST {
        let line = lines.next_line().await.unwrap().expect("no subscriber is dropped");
        if let Some(data) = line.strip_prefix("data: ") {
            let at = data.split_once(r#""at":""#).and_then(|(_, rest)| rest.split('"').next()).unwrap();
            let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
            delays.push((chrono::Utc::now() - at).num_microseconds().unwrap());
            assert!(data.starts_with(&format!("{{\"id\":{},", delays.len())), "event {} comes next", delays.len());
        }
    }
    delays
}

fn print(what: &str, mut delays: Vec<i64>, aim: &str) {
    delays.sort_unstable();
    let ms = |share: usize| delays[(delays.len() - 1) * share / 100] as f64 / 1000.0;
    println!("{what}: p50 {:.1} ms, p99 {:.1} ms, worst {:.1} ms{aim}", ms(50), ms(99), ms(100));
}
