//! The server under load, beside actix-web with constant JSON in the same run and from the same load generator.
//!
//! Not divan: what counts is how many requests a whole process answers. The raw server is this program, started again;
//! both servers have two workers, the generator one thread with 16 connections (like `wrk -t1 -c16`).

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and ends where it cannot measure")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use autocoder_tests::{Autocoder, Server, plan_of};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 16;
const ROUND: Duration = Duration::from_secs(2);
const ROUNDS: usize = 3;
/// Makes this program the raw server.
const RAW: &str = "AUTOCODER_BENCH_RAW";

fn main() {
    if std::env::var_os(RAW).is_some() {
        return raw_server();
    }
    println!("\n{:<52} {:>10} {:>8} {:>8} {:>8}  aim", "requests", "a second", "p50", "p99", "bytes");
    let autocoder = Autocoder::new();
    import(&autocoder, "p", &plan_of(1, 10_000));
    let server = Server::start_with(&autocoder, &["--rate-limit", "0"]);
    let first = &server.get("/projects/p/tasks?status=all&limit=1")["items"][0];
    let (task, feature) = (first["id"].as_i64().unwrap(), first["feature_id"].as_i64().unwrap());
    let get = |path: &str| request(&server, "GET", path, None);

    let raw = RawServer::start(&server.call("GET", &format!("/projects/p/tasks/{task}"), &Value::Null).text);
    let one = format!("/projects/p/tasks/{task}");
    let cards = format!("/projects/p/features/{feature}/tasks?limit=100");
    let create = json!({ "name": "One more", "feature_id": feature });
    // In turns, so that whatever else the machine does falls on both.
    let mut loads = vec![Load::of(&raw.address, get("/")), Load::of(&server.url, get(&one))];
    loads.push(Load::of(&server.url, get(&cards)));
    loads.push(Load::of(&server.url, request(&server, "POST", "/projects/p/tasks", Some(&create))));
    for _ in 0..ROUNDS {
        loads.iter_mut().for_each(Load::round);
    }
    let static_json = loads[0].rate();
    loads[0].print("static JSON, actix-web alone", "");
    let share = loads[1].rate() / static_json;
    loads[1].print("GET a task by its id, 10,000 tasks", &format!("{share:.2} of static (>= 0.30)"));
    loads[2].print("GET 100 cards of a feature of 10,000 tasks", ">= 1,000/s, <= 40 kB");
    loads[3].print("POST a task, durable", ">= 1,500/s");
    drop(server);
    overview();
    beginnings();
}

/// 50 projects with 100,000 tasks.
fn overview() {
    let autocoder = Autocoder::new();
    let plan = plan_of(20, 100);
    (0..50).for_each(|number| import(&autocoder, &format!("p{number}"), &plan));
    let server = Server::start_with(&autocoder, &["--rate-limit", "0"]);
    let mut load = Load::of(&server.url, request(&server, "GET", "/projects", None));
    load.connections = 1;
    (0..ROUNDS).for_each(|_| load.round());
    load.print("GET /projects, 50 projects, 100,000 tasks, one client", "p99 <= 10 ms");
}

/// From the start of the process to the first answer, and the memory of a server that nobody asks.
fn beginnings() {
    let autocoder = Autocoder::with_plan();
    let mut starts: Vec<_> = (0..11)
        .map(|_| {
            let begun = Instant::now();
            let server = Server::start(&autocoder);
            let _ = server.get("/ready");
            (begun.elapsed(), resident_kib(server.pid()))
        })
        .collect();
    starts.sort_unstable();
    let (start, resident) = starts[starts.len() / 2];
    println!("start to the first answer: median {start:.1?} (aim <= 150 ms)");
    println!("memory then: {} MiB (aim <= 40)", resident / 1024);
}

fn import(autocoder: &Autocoder, name: &str, plan: &str) {
    autocoder.ok(&["init", autocoder.folder(name).to_str().unwrap(), "--name", name]);
    let file = autocoder.file("plan.yaml", plan);
    autocoder.ok(&["plan", "import", file.to_str().unwrap(), "--project", name]);
}

/// A request as it goes over the wire.
fn request(server: &Server, method: &str, path: &str, body: Option<&Value>) -> Vec<u8> {
    let body = body.map(ToString::to_string).unwrap_or_default();
    let host = server.url.trim_start_matches("http://");
    let mut head =
        format!("{method} /api{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n", server.token);
    if !body.is_empty() {
        head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    format!("{head}\r\n{body}").into_bytes()
}

/// The same request again and again from several connections.
struct Load {
    address: String,
    request: Vec<u8>,
    connections: usize,
    delays: Vec<Duration>,
    rates: Vec<f64>,
    bytes: usize,
}

impl Load {
    fn of(url: &str, request: Vec<u8>) -> Self {
        let address = url.trim_start_matches("http://").to_owned();
        Self { address, request, connections: CONNECTIONS, delays: Vec::new(), rates: Vec::new(), bytes: 0 }
    }

    fn round(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let end = Instant::now() + ROUND;
        let before = self.delays.len();
        runtime.block_on(async {
            let ask = || tokio::spawn(ask(self.address.clone(), self.request.clone(), end));
            let asking: Vec<_> = (0..self.connections).map(|_| ask()).collect();
            for asked in asking {
                let (delays, bytes) = asked.await.unwrap();
                self.delays.extend(delays);
                self.bytes = bytes;
            }
        });
        #[expect(clippy::cast_precision_loss, reason = "requests of two seconds")]
        self.rates.push((self.delays.len() - before) as f64 / ROUND.as_secs_f64());
    }

    /// Requests a second: the median of the rounds.
    fn rate(&self) -> f64 {
        let mut rates = self.rates.clone();
        rates.sort_unstable_by(f64::total_cmp);
        rates[rates.len() / 2]
    }

    fn print(&mut self, what: &str, aim: &str) {
        self.delays.sort_unstable();
        let ms = |share: usize| self.delays[(self.delays.len() - 1) * share / 100].as_secs_f64() * 1_000.0;
        let (rate, bytes) = (self.rate(), self.bytes);
        println!("{what:<52} {rate:>10.0} {:>5.1} ms {:>5.1} ms {bytes:>8}  {aim}", ms(50), ms(99));
    }
}

/// How long each answer took, and how many bytes the last body had.
async fn ask(address: String, request: Vec<u8>, end: Instant) -> (Vec<Duration>, usize) {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.set_nodelay(true).unwrap();
    let (mut delays, mut bytes, mut buffer) = (Vec::new(), 0, vec![0; 256 * 1024]);
    while Instant::now() < end {
        let begun = Instant::now();
        connection.write_all(&request).await.unwrap();
        bytes = read_answer(&mut connection, &mut buffer).await;
        delays.push(begun.elapsed());
    }
    (delays, bytes)
}

/// Reads one answer, which must be a success with a `Content-Length`; the bytes of its body.
async fn read_answer(connection: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    loop {
        let read = connection.read(&mut buffer[filled..]).await.unwrap();
        assert!(read > 0, "the server hung up");
        filled += read;
        let Some(head) = buffer[..filled].windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head]).unwrap().to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 20"), "{}", String::from_utf8_lossy(&buffer[..filled]));
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().trim();
        let length: usize = length.parse().unwrap();
        if filled >= head + 4 + length {
            return length;
        }
    }
}

/// A child that answers every request with the same JSON.
struct RawServer {
    child: Child,
    address: String,
}

impl RawServer {
    fn start(json: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.env(RAW, json).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { child, address: address.trim().to_owned() }
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn raw_server() {
    let body: &'static str = std::env::var(RAW).unwrap().leak();
    let app = move || {
        let answer = move || async move { HttpResponse::Ok().content_type("application/json").body(body) };
        App::new().default_service(web::to(answer))
    };
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(app).workers(2).bind(("127.0.0.1", 0)).unwrap();
        println!("{}", server.addrs()[0]);
        server.run().await.unwrap();
    });
}

fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
