//! `autocoder serve`: the hosted API, its agents and its webhooks, until it is told to stop.

mod address;
mod beside;
mod log;
mod notices;
mod tools;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use autocoder_api::security::Rules;
use autocoder_api::security::secret::Bearer;
use autocoder_api::server::Server;
use autocoder_api::webhooks::{Addresses, Network};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::commands::mcp::verifier;
use crate::exit::Failure;
use crate::root::Root;
use crate::signals;
use crate::token_file;

/// Serve the API, and run the agents of started projects
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder serve                                      on this machine, http://127.0.0.1:7777
  autocoder open                                       then, in another terminal: the browser, logged in
  autocoder serve --hosted --host 0.0.0.0 --public-url https://autocoder.example.org --trusted-proxy 10.0.0.2

A token is needed even on this machine: `Authorization: Bearer` with the contents of the file `token` in the data
directory. Ctrl-C stops the agents, hands their tasks back and ends within 10 seconds.")]
pub(crate) struct Serve {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port; 0: any free one
    #[arg(long, default_value_t = 7777)]
    port: u16,
    /// Ask nobody on this machine for a token
    #[arg(long, conflicts_with_all = ["hosted", "public_url"])]
    no_auth: bool,
    /// Serve other machines; needs --public-url
    #[arg(long, requires = "public_url")]
    hosted: bool,
    /// The address that browsers and agents use
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A proxy whose X-Forwarded-For is believed; may be repeated
    #[arg(long, value_name = "ADDRESS", requires = "hosted")]
    trusted_proxy: Vec<IpAddr>,
    /// A certificate chain in PEM, to end TLS here
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Requests that one token may make in a minute; 0: as many as it likes
    #[arg(long, value_name = "N", default_value_t = 6_000)]
    rate_limit: u32,
    /// A network that webhooks may reach although it is private: 10.0.0.0/8; may be repeated
    #[arg(long, value_name = "NETWORK")]
    webhook_allow: Vec<Network>,
    /// How the log on standard error looks
    #[arg(long, value_enum, default_value = "text")]
    log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

impl Serve {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        self.check()?;
        let tls = self.tls_cert.as_deref().zip(self.tls_key.as_deref());
        let tls = tls.map(|(cert, key)| address::tls(cert, key)).transpose()?;
        let log = log::start(self.log_format, root);
        let (config, data_dir) = (&root.config, &root.config.data_dir.value);
        let (store, lock) = root.open_for_server().await?;
        let token = Bearer::Local(token_file::read_or_create(data_dir)?);
        let stop = signals::stop()?;
        let listener = address::listen(self.host, self.port)?;
        let place = address::Place::of(&self, listener.local_addr()?)?;
        let rules = Rules {
            person: config.user.clone(),
            token: (!self.no_auth).then_some(token),
            hosts: place.hosts.clone(),
            origins: place.origins.clone(),
            proxies: self.trusted_proxy.clone(),
            requests_a_minute: NonZeroU32::new(self.rate_limit),
        };
        let addresses = Addresses {
            allowed: self.webhook_allow.clone(),
            own_port: Some(place.address.port()),
            https_only: self.hosted,
        };
        let data = (config.data_dir.value.clone(), config.environment.clone());
        let verifier = Arc::new(move |runner| verifier((runner, None), &data));
        let search_path = root.config.environment.get("PATH").map_or("", String::as_str);
        let server = Server::new(store, rules, verifier).await?;
        let server = server.with_addresses(addresses.clone()).with_search_path(search_path);
        let beside = beside::start(root, &server, &place, addresses, &stop)?;
        let note = place.running_server().note(data_dir)?;
        root.output.done(&json!({ "url": place.url, "pid": std::process::id() }), &self.greeting(&place.url))?;
        let ended = server.run(listener, tls, stop).await;
        beside.ended().await;
        drop((note, lock, log));
        Ok(ended?)
    }

    /// What cannot be served safely is refused before anything starts.
    fn check(&self) -> Result<(), Failure> {
        if !self.host.is_loopback() && !self.hosted {
            let message = format!("--host {} can be reached from other machines", self.host);
            return Err(Failure::wrong(message, "add --hosted and --public-url, or leave --host out"));
        }
        self.public_url.as_deref().map(address::public_address).transpose()?;
        Ok(())
    }

    fn greeting(&self, url: &str) -> String {
        let login = if self.no_auth {
            "no token is asked for: every program on this machine may do everything"
        } else {
            "`autocoder open` logs your browser in"
        };
        format!("serving {url} (documentation: {url}/api/docs)\n{login}; Ctrl-C stops")
    }
}
