//! Resolves names for deliveries, and gives the connection only addresses that it may use.

use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Addresses;

/// The connection takes what this gives and asks nobody else, so a name cannot change between check and use.
pub(in crate::webhooks) struct Resolver {
    pub(in crate::webhooks) addresses: Addresses,
    /// The port that will be connected to, as far as it matters.
    pub(in crate::webhooks) port: Option<u16>,
}

/// Every address of a name is forbidden.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` has no public address; `autocoder serve --webhook-allow NETWORK` allows others")]
struct NoneAllowed(String);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (addresses, port) = (self.addresses.clone(), self.port);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect::<Vec<_>>();
            if found.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
            }
            let usable: Vec<SocketAddr> = found.into_iter().filter(|at| addresses.permits(at.ip(), port)).collect();
            if usable.is_empty() {
                return Err(NoneAllowed(name.as_str().to_owned()).into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}
