//! A running `autocoder serve`, and requests to it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::Autocoder;

/// How long a server may take to start or stop on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; killed when it is dropped.
pub struct Server {
    child: Child,
    /// Where it answers, without a slash at the end.
    pub url: String,
    /// The token of its file.
    pub token: String,
    client: Client,
}

/// An answer, read to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, null when it is not JSON.
    pub body: Value,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// Reads a response to its end.
    ///
    /// # Panics
    /// When it is not UTF-8.
    #[must_use]
    pub fn of(response: Response) -> Self {
        let status = response.status().as_u16();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let text = response.text().expect("the answer is UTF-8");
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }

    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The answer's body, which must have this status.
    #[track_caller]
    #[must_use]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// A problem with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.body["status"], status);
        for field in ["type", "title", "detail"] {
            assert!(self.body[field].is_string(), "no `{field}` in {}", self.text);
        }
    }
}

impl Server {
    /// A server of this installation on a free port.
    #[must_use]
    pub fn start(autocoder: &Autocoder) -> Self {
        Self::start_with(autocoder, &[])
    }

    /// The same with more arguments.
    #[must_use]
    pub fn start_with(autocoder: &Autocoder, arguments: &[&str]) -> Self {
        Self::spawn(autocoder, arguments, Stdio::inherit())
    }

    /// The same, whose log goes into a file.
    #[must_use]
    pub fn start_logging(autocoder: &Autocoder, arguments: &[&str], log: &Path) -> Self {
        Self::spawn(autocoder, arguments, File::create(log).expect("the file can be made").into())
    }

    fn spawn(autocoder: &Autocoder, arguments: &[&str], log: Stdio) -> Self {
        let mut command = autocoder.command(&[&["--json", "serve", "--port", "0"], arguments].concat());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("the binary is built");
        let stdout = child.stdout.take().expect("its output is a pipe");

        let mut printed = serde_json::Deserializer::from_reader(BufReader::new(stdout)).into_iter::<Value>();
        // A server that refuses to start closes its output.
        let ready = printed.next().expect("a server says that it is ready").expect("and says so in JSON");
        let token = std::fs::read_to_string(autocoder.data_dir().join("token")).unwrap_or_default();
        let url = ready["url"].as_str().expect("a server says where it is").to_owned();
        // Only the first call in a process has an effect.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(Duration::from_secs(60)).no_proxy().build().expect("a client is plain");
        Self { child, url, token: token.trim().to_owned(), client }
    }

    /// A request with the token of the file; add to it what you like.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.anonymous(method, path).bearer_auth(&self.token)
    }

    /// A request without a token.
    pub fn anonymous(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method is a word");
        self.client.request(method, format!("{}/api{path}", self.url))
    }

    /// Sends a request.
    #[track_caller]
    #[must_use]
    pub fn send(&self, request: RequestBuilder) -> Answer {
        Answer::of(request.send().expect("the server answers"))
    }

    /// What GET gives, which must be 200.
    #[track_caller]
    #[must_use]
    pub fn get(&self, path: &str) -> Value {
        self.send(self.request("GET", path)).expect(200)
    }

    /// The answer to a request with a JSON body; null: none.
    #[track_caller]
    #[must_use]
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path);
        self.send(if body.is_null() { request } else { request.json(body) })
    }

    /// A token of the database.
    #[must_use]
    pub fn token(&self, access: &str) -> String {
        let made = self.call("POST", "/tokens", &json!({ "name": access, "access": access })).expect(201);
        made["secret"].as_str().expect("a new token shows its secret").to_owned()
    }

    /// The process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it at once.
    pub fn kill(mut self) {
        self.end();
    }

    /// Kills it while others still talk to it.
    ///
    /// # Panics
    /// When it is gone already.
    pub fn kill_now(&self) {
        let sent = std::process::Command::new("kill").args(["-9", &self.pid().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }

    /// Sends SIGTERM and waits for its end; answers how long that took.
    ///
    /// # Panics
    /// When it does not end in time, or not with 0.
    pub fn stop(mut self) -> Duration {
        let begun = Instant::now();
        let sent = std::process::Command::new("kill").arg(self.pid().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()));
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                assert_eq!(status.code(), Some(0));
                return begun.elapsed();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server did not stop");
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
