//! Where a server listens, and by which names it is known.

use std::fmt::Display;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;

use autocoder_api::tls::{self, ServerConfig};
use url::Url;

use super::Serve;
use crate::exit::Failure;
use crate::running_server::RunningServer;

/// A socket that listens there.
pub(super) fn listen(host: IpAddr, port: u16) -> Result<TcpListener, Failure> {
    TcpListener::bind((host, port)).map_err(|error| {
        let message = format!("cannot listen on {}: {error}", SocketAddr::from((host, port)));
        Failure::wrong(message, "another program may use the port; choose another --port")
    })
}

/// The certificate and key of a server that ends TLS itself.
pub(super) fn tls(cert: &Path, key: &Path) -> Result<ServerConfig, Failure> {
    tls::load(cert, key).map_err(|error| {
        let message = format!("cannot use `{}` with `{}`: {error}", cert.display(), key.display());
        Failure::wrong(message, "both must be PEM: the chain with the server's certificate first, and its key")
    })
}

/// How a server is reached.
#[derive(Debug)]
pub(super) struct Place {
    /// The address for people and agents, without a slash at the end.
    pub(super) url: String,
    /// Where programs on this machine find it.
    pub(super) address: SocketAddr,
    /// Whether it speaks TLS there.
    tls: bool,
    /// `Host` headers that name it.
    pub(super) hosts: Vec<String>,
    /// Origins of its own pages.
    pub(super) origins: Vec<String>,
}

impl Place {
    pub(super) fn of(serve: &Serve, at: SocketAddr) -> Result<Self, Failure> {
        let scheme = if serve.tls_cert.is_some() { "https" } else { "http" };
        let address = reachable(at);
        let names: Vec<String> = match at.ip() {
            ip if ip.is_loopback() || ip.is_unspecified() => {
                ["127.0.0.1", "localhost", "[::1]"].iter().flat_map(|name| with_port(scheme, name, at.port())).collect()
            }
            IpAddr::V4(ip) => with_port(scheme, ip, at.port()),
            IpAddr::V6(ip) => with_port(scheme, format!("[{ip}]"), at.port()),
        };
        let mut origins: Vec<String> = names.iter().map(|name| format!("{scheme}://{name}")).collect();
        let (mut hosts, mut url) = (names, format!("{scheme}://{address}"));
        if let Some(public) = &serve.public_url {
            let (public_url, host) = public_address(public)?;
            origins.push(public_url.clone());
            hosts.push(host);
            url = public_url;
        }
        Ok(Self { url, address, tls: serve.tls_cert.is_some(), hosts, origins })
    }

    /// Where agents on this machine reach it: a certificate is good for the public name only.
    pub(super) fn agents_url(&self) -> String {
        if self.tls { self.url.clone() } else { format!("http://{}", self.address) }
    }

    /// What other commands find in the data directory.
    pub(super) fn running_server(&self) -> RunningServer {
        let pid = std::process::id().cast_signed();
        let started_at = chrono::Utc::now().into();
        RunningServer { url: self.url.clone(), address: self.address, tls: self.tls, pid, started_at }
    }
}

fn reachable(at: SocketAddr) -> SocketAddr {
    match at {
        SocketAddr::V4(_) if at.ip().is_unspecified() => SocketAddr::from(([127, 0, 0, 1], at.port())),
        SocketAddr::V6(_) if at.ip().is_unspecified() => SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], at.port())),
        other => other,
    }
}

/// A name as a `Host` header has it: without the port when that is the scheme's own.
fn with_port(scheme: &str, name: impl Display, port: u16) -> Vec<String> {
    let full = format!("{name}:{port}");
    match (scheme, port) {
        ("http", 80) | ("https", 443) => vec![full, name.to_string()],
        _ => vec![full],
    }
}

/// The origin of `--public-url` and its `Host`.
pub(super) fn public_address(text: &str) -> Result<(String, String), Failure> {
    let wrong = |why: &str| {
        Failure::wrong(format!("--public-url `{text}` {why}"), "it looks like https://autocoder.example.org")
    };
    let url = Url::parse(text).map_err(|error| wrong(&format!("is not a URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("must begin with https:// or http://"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(wrong("must be only a scheme, a name and perhaps a port"));
    }
    let origin = url.origin().ascii_serialization();
    let host = origin.split_once("://").map(|(_, host)| host.to_owned()).unwrap_or_default();
    Ok((origin, host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin() {
        for (given, origin, host) in [
            ("https://A.example.org", "https://a.example.org", "a.example.org"),
            ("https://a.example.org:443/", "https://a.example.org", "a.example.org"),
            ("http://a.example.org:8080", "http://a.example.org:8080", "a.example.org:8080"),
        ] {
            let (found, name) = public_address(given).unwrap_or_else(|_| panic!("{given}"));
            assert_eq!((found.as_str(), name.as_str()), (origin, host));
        }
        for bad in ["a.example.org", "ftp://a", "https://a/b", "https://a?b", "https://u@a", "https://a#b", ""] {
            assert!(public_address(bad).is_err(), "{bad}");
        }
    }
}
