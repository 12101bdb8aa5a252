//! Decides who comes in: by which address, with which token, how often.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::str::FromStr;

use actix_web::http::StatusCode;
use autocoder_core::event::Actor;
use autocoder_core::ids::TokenId;
use autocoder_core::ports::{Out, Store};
use autocoder_core::token::{Access, Token};

use super::Caller;
use super::code::Codes;
use super::rate::Rates;
use super::secret::{Bearer, Secret};
use crate::problem::Problem;

/// What a server lets in.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The name of the person at this machine.
    pub person: String,
    /// The token of that person's file; none: whoever reaches this server is that person (`--no-auth`), except an agent
    /// that shows its own token.
    pub token: Option<Bearer>,
    /// The `Host` headers that name this server, in lower case: `127.0.0.1:7777`.
    pub hosts: Vec<String>,
    /// The origins of its own pages, in lower case: `http://127.0.0.1:7777`.
    pub origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// Requests that one caller may make in a minute; none: as many as it likes.
    pub requests_a_minute: Option<NonZeroU32>,
}

/// Decides who comes in.
pub struct Gatekeeper {
    rules: Rules,
    codes: Codes,
    rates: Rates,
}

impl Gatekeeper {
    /// A gatekeeper with these rules.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let rates = Rates::new(rules.requests_a_minute);
        Self { rules, codes: Codes::default(), rates }
    }

    pub(super) fn knows_host(&self, host: &str) -> bool {
        self.rules.hosts.iter().any(|known| known == host)
    }

    pub(super) fn is_own_origin(&self, origin: &str) -> bool {
        self.rules.origins.iter().any(|known| known == origin)
    }

    /// Where a request comes from: the peer, or what a trusted proxy says of it.
    pub(super) fn source(&self, peer: Option<IpAddr>, forwarded: &str) -> IpAddr {
        let unknown = IpAddr::from([0, 0, 0, 0]);
        let peer = peer.unwrap_or(unknown);
        if !self.rules.proxies.contains(&peer) {
            return peer;
        }
        // What stands before a word that is no address may be the client's own invention.
        let hops = forwarded.rsplit(',').map_while(|hop| IpAddr::from_str(hop.trim()).ok());
        hops.into_iter().find(|hop| !self.rules.proxies.contains(hop)).unwrap_or(peer)
    }

    /// The person at this machine.
    pub(crate) fn local(&self) -> Caller {
        Caller { actor: Actor::Person(self.rules.person.clone()), access: Access::Admin, project: None, token: None }
    }

    /// Who shows this `Authorization` header; none: nobody, which is enough for what is public.
    ///
    /// # Errors
    /// A token that does not count, or too many of these or of requests.
    pub(super) async fn caller(
        &self,
        store: &dyn Store,
        header: Option<&str>,
        source: IpAddr,
    ) -> Result<Option<Caller>, Problem> {
        let bearer = header.and_then(bearer);
        let caller = match (&self.rules.token, header, bearer) {
            // An agent of an open server stays the agent that its token names.
            (None, _, Some(Bearer::Issued { access: Access::Agent, id, secret })) => issued(store, id, &secret).await?,
            (None, _, _) => return Ok(Some(self.local())),
            (Some(_), None, _) => return Ok(None),
            (Some(own), _, Some(shown @ Bearer::Local(_))) => (shown == *own).then(|| self.local()),
            (Some(_), _, Some(Bearer::Issued { id, secret, .. })) => issued(store, id, &secret).await?,
            (Some(_), Some(_), None) => None,
        };
        let Some(caller) = caller else {
            self.rates.failure(source)?;
            let detail = "the token does not count: it is unknown, ended or was taken back";
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "token_refused", detail));
        };
        if caller.token.is_some() {
            self.rates.request(&caller.principal())?;
        }
        Ok(Some(caller))
    }

    /// Whether this code of `autocoder open` is good, once.
    pub(crate) fn redeem(&self, code: &str, now: i64, source: IpAddr) -> Result<(), Problem> {
        let good = self.rules.token.as_ref().is_some_and(|token| self.codes.redeem(token, code, now));
        if good {
            return Ok(());
        }
        self.rates.failure(source)?;
        let problem = Problem::new(StatusCode::UNAUTHORIZED, "code_refused", "the code is wrong, used or too old");
        Err(problem.hint("run `autocoder open` again; a code works once and for a minute"))
    }

    /// Forgets callers that have not asked for a while; call it now and then.
    pub fn tidy(&self) {
        self.rates.tidy();
    }
}

/// The token in a header, when it is one of ours.
fn bearer(header: &str) -> Option<Bearer> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().parse().ok())?
}

/// Who holds a token of the store; none: it does not count.
async fn issued(store: &dyn Store, id: TokenId, secret: &Secret) -> Out<Option<Caller>> {
    match store.queries().token(id).await?.filter(|token| secret.matches(&token.hash)) {
        Some(token) if is_live(store, &token).await? => Ok(Some(Caller::of(token))),
        Some(_) | None => Ok(None),
    }
}

/// A token of one run counts only while that run goes on.
async fn is_live(store: &dyn Store, token: &Token) -> Out<bool> {
    let run = token.agent.as_ref().and_then(|ticket| ticket.run);
    let goes_on = match run {
        Some(id) => store.ledger().run(id).await?.is_some_and(|run| run.ended_at.is_none()),
        None => true,
    };
    Ok(goes_on && token.is_live(store.ledger().now().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_trusted_proxy_added_says_where_a_request_comes_from() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let rules = Rules {
            person: "ada".to_owned(),
            token: None,
            hosts: vec![],
            origins: vec![],
            proxies: vec![ip("10.0.0.1"), ip("10.0.0.2")],
            requests_a_minute: None,
        };
        let gatekeeper = Gatekeeper::new(rules);
        for (peer, forwarded, found) in [
            ("192.0.2.1", "192.0.2.9", "192.0.2.1"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "192.0.2.9", "192.0.2.9"),
            ("10.0.0.1", "192.0.2.66,192.0.2.9", "192.0.2.9"),
            ("10.0.0.1", "192.0.2.66, 192.0.2.9 ,10.0.0.2", "192.0.2.9"),
            ("10.0.0.1", "192.0.2.66, 192.0.2.9:443", "10.0.0.1"),
            ("10.0.0.1", "192.0.2.66, unknown", "10.0.0.1"),
        ] {
            assert_eq!(gatekeeper.source(Some(ip(peer)), forwarded), ip(found), "{peer} {forwarded}");
        }
    }
}
