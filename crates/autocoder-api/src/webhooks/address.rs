//! Which addresses webhooks may be sent to: public ones, and the networks that are allowed by hand.

mod public;
mod resolver;

pub(super) use resolver::Resolver;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use url::{Host, Url};

pub use public::is_public;

/// A network like `10.0.0.0/8` or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

/// Text that names no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an address or a network, like `127.0.0.1`, `10.0.0.0/8` or `fd00::/8`")]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
        let base: IpAddr = base.parse().map_err(|_| NoNetwork)?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| NoNetwork))?;
        if bits > most { Err(NoNetwork) } else { Ok(Self { base, bits }) }
    }
}

impl Network {
    /// Whether the address lies in it. An IPv4 address inside an IPv6 one counts as what it is.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let cut = 32 - u32::from(self.bits);
                base.to_bits().checked_shr(cut) == address.to_bits().checked_shr(cut)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let cut = 128 - u32::from(self.bits);
                base.to_bits().checked_shr(cut) == address.to_bits().checked_shr(cut)
            }
            _ => false,
        }
    }
}

/// The rules for addresses of one server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Networks that may be reached although they are not public.
    pub allowed: Vec<Network>,
    /// The port of this server; nothing is sent there but to public addresses.
    pub own_port: Option<u16>,
    /// Whether an address needs `https`, unless it is written as an address of an allowed network.
    pub https_only: bool,
}

/// Why an address is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// It is no URL.
    #[error("is not a URL: {0}")]
    NoUrl(url::ParseError),
    /// Another scheme.
    #[error("must start with `https://` or `http://`")]
    Scheme,
    /// Plain HTTP on a hosted server.
    #[error("must start with `https://` on a hosted server")]
    Plain,
    /// A user name or password.
    #[error("must not hold a user name or password; deliveries are signed instead")]
    UserInfo,
    /// An address that is not public.
    #[error("points at {0}, which is not public; `autocoder serve --webhook-allow NETWORK` allows it")]
    NotPublic(IpAddr),
    /// A name that is this machine by definition.
    #[error("points at this machine; `autocoder serve --webhook-allow 127.0.0.1` allows it")]
    ThisMachine,
}

impl Addresses {
    /// The URL, when deliveries may be sent to it; names are resolved and checked again by every connection.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check(&self, text: &str) -> Result<Url, Forbidden> {
        let url = Url::parse(text).map_err(Forbidden::NoUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Forbidden::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::UserInfo);
        }
        let port = url.port_or_known_default();
        let known = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(name)) if is_local_name(name) => Some(Ipv4Addr::LOCALHOST.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(Forbidden::NoUrl(url::ParseError::EmptyHost)),
        };
        if let Some(address) = known.filter(|address| !self.permits(*address, port)) {
            let by_name = matches!(url.host(), Some(Host::Domain(_)));
            return Err(if by_name { Forbidden::ThisMachine } else { Forbidden::NotPublic(address) });
        }
        let allowed = known.is_some_and(|address| self.allows(address, port));
        if self.https_only && url.scheme() == "http" && !allowed {
            return Err(Forbidden::Plain);
        }
        Ok(url)
    }

    /// Whether a connection to this address and port may be made.
    #[must_use]
    pub fn permits(&self, address: IpAddr, port: Option<u16>) -> bool {
        is_public(address) || self.allows(address, port)
    }

    fn allows(&self, address: IpAddr, port: Option<u16>) -> bool {
        let own = port.is_some() && port == self.own_port;
        !own && self.allowed.iter().any(|network| network.contains(address))
    }
}

/// Whether a name means this machine wherever it is resolved (RFC 6761).
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

#[cfg(test)]
mod tests;
