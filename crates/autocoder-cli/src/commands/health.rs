//! `autocoder health`: whether a server answers, for containers and scripts that have no HTTP client.

use std::time::Duration;

use clap::Args;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::exit::Failure;
use crate::root::Root;
use crate::running_server::RunningServer;

const PATIENCE: Duration = Duration::from_secs(5);
/// A status line is shorter than this.
const MOST_BYTES: u64 = 1024;

/// Ask a server whether it is well; exit code 10: it is not
#[derive(Args)]
pub(crate) struct Health {
    /// Where it listens, for example http://127.0.0.1:7777; left out: the server of this data directory
    #[arg(value_name = "URL", value_parser = plain)]
    url: Option<Asked>,
}

/// Where to ask, and under which name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    address: String,
    host: String,
}

impl Health {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let asked = match self.url {
            Some(asked) => asked,
            None => noted(root)?,
        };
        let unwell = |why: String| Failure::Unavailable {
            message: format!("the server at {} is not well: {why}", asked.address),
            hint: "its log says why; `autocoder doctor` shows which server is noted".to_owned(),
        };
        let status = match timeout(PATIENCE, ask(&asked)).await {
            Err(_) => return Err(unwell("it does not answer in time".to_owned())),
            Ok(Err(error)) => return Err(unwell(error.to_string())),
            Ok(Ok(status)) => status,
        };
        match status {
            Some(200) => root.output.done(&json!({ "status": "ok", "address": asked.address }), "the server is well"),
            Some(status) => Err(unwell(format!("it answers with status {status}"))),
            None => Err(unwell("it does not speak HTTP".to_owned())),
        }
    }
}

fn noted(root: &Root) -> Result<Asked, Failure> {
    let server = RunningServer::find(&root.config.data_dir.value).ok_or_else(|| Failure::Unavailable {
        message: "no server runs on this data directory".to_owned(),
        hint: "start one with `autocoder serve`, or name its URL".to_owned(),
    })?;
    if server.tls {
        return Err(Failure::wrong("the server speaks TLS itself", "ask it with `curl`, which checks its certificate"));
    }
    let mut address = server.address;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { [0u16, 0, 0, 0, 0, 0, 0, 1].into() });
    }
    let host = server.url.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default();
    Ok(Asked { address: address.to_string(), host: host.to_owned() })
}

/// `http://host:port`, with nothing a request line could be broken by.
fn plain(url: &str) -> Result<Asked, String> {
    let rest = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let host =
        rest.filter(|host| !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(c)));
    let host = host.ok_or("must be like http://127.0.0.1:7777")?;
    let behind_address = host.rsplit(']').next().unwrap_or(host);
    let address = if behind_address.contains(':') { host.to_owned() } else { format!("{host}:80") };
    Ok(Asked { address, host: host.to_owned() })
}

/// The status of the answer, when it is one of HTTP.
async fn ask(asked: &Asked) -> std::io::Result<Option<u16>> {
    let mut stream = TcpStream::connect(&asked.address).await?;
    let request = format!("GET /api/health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", asked.host);
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).and_then(|status| status.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_gives_an_address_and_a_host() {
        for (url, address) in [
            ("http://127.0.0.1:7777", Some("127.0.0.1:7777")),
            ("http://localhost/", Some("localhost:80")),
            ("http://[::1]:7777", Some("[::1]:7777")),
            ("http://[::1]", Some("[::1]:80")),
            ("https://example.com", None),
            ("http://", None),
            ("http://a/b", None),
            ("http://a\r\nX: y", None),
            ("http://me:pw@a", None),
        ] {
            assert_eq!(plain(url).ok().map(|asked| asked.address).as_deref(), address, "{url:?}");
        }
    }
}
