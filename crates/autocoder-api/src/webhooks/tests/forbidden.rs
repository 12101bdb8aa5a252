//! No connection is made to what is forbidden, however it is spelled and whatever a name resolves to.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use autocoder_core::time::Timestamp;
use autocoder_core::webhook::{Delivery, DeliveryStatus};
use tokio::net::TcpListener;

use super::bed::Bed;
use crate::webhooks::Addresses;
use crate::webhooks::address::Resolver;
use crate::webhooks::send::{Outcome, Sender};

/// Hosts that reach this machine by one library or another.
const HOSTS: &[&str] = &[
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.0.0.53",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7F.0.0.1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "%31%32%37.0.0.1",
    "127.0.0.1%2e",
    "\u{ff11}\u{ff12}\u{ff17}.0.0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "00000000000",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "foo.localhost",
    "a.b.localhost.",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0.0.0.0]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
];

/// Names of this machine's own list, which the check of the text cannot know.
fn own_names() -> Vec<String> {
    let list = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines = list.lines().map(|line| words(line.split('#').next().unwrap_or_default()));
    let private = |line: &Vec<String>| {
        line.first().and_then(|at| at.parse::<IpAddr>().ok()).is_some_and(|at| !crate::webhooks::address::is_public(at))
    };
    lines.filter(private).flat_map(|line| line.into_iter().skip(1)).collect()
}

/// Counts connections on every address of this machine.
async fn count_connections() -> (u16, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let first = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = first.local_addr().unwrap().port();
    // Without IPv6 there is nothing to count there.
    let second = TcpListener::bind(("::1", port)).await.ok();
    for listener in [Some(first), second].into_iter().flatten() {
        let count = Arc::clone(&count);
        tokio::spawn(async move {
            loop {
                let _ = listener.accept().await;
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    (port, count)
}

fn a_delivery() -> Delivery {
    let (at, id) = (Timestamp(0), autocoder_core::ids::DeliveryId(1));
    Delivery {
        id,
        webhook: autocoder_core::ids::WebhookId(1),
        event: autocoder_core::ids::EventId(1),
        kind: autocoder_core::event::EventKind::PhaseCompleted,
        body: "{}".to_owned(),
        status: DeliveryStatus::Pending,
        tries: 0,
        next_at: at,
        last_status: None,
        last_error: None,
        created_at: at,
        delivered_at: None,
    }
}

#[tokio::test]
async fn no_spelling_of_this_machine_is_connected_to() {
    let (bed, (port, connections)) = (Bed::new().await, count_connections().await);
    let own = own_names();
    assert!(!own.is_empty(), "/etc/hosts names this machine");
    let hosts = HOSTS.iter().map(|host| (*host).to_owned()).chain(own);
    let strict = Addresses::default();
    // What is allowed does not matter on the port of this server.
    let allowing = Addresses {
        allowed: ["127.0.0.0/8", "::1", "0.0.0.0/0"].map(|network| network.parse().unwrap()).to_vec(),
        own_port: Some(port),
        https_only: false,
    };
    let senders = [strict, allowing].map(|rules| Sender::new(rules, Duration::from_secs(5)));
    let mut tried = 0;
    for host in hosts {
        for (scheme, sender) in ["http", "https"].iter().flat_map(|scheme| senders.iter().map(move |it| (scheme, it))) {
            let mut webhook = bed.webhook(format!("{scheme}://example.com/"), &[]).await;
            webhook.url = format!("{scheme}://{host}:{port}/hook");
            let outcome = sender.send(&webhook, &a_delivery(), Timestamp(0)).await;
            assert!(matches!(outcome, Outcome::Failed { status: None, .. }), "{}: {outcome:?}", webhook.url);
            tried += 1;
        }
    }
    assert!(tried >= 60);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_gives_the_connection_only_what_it_may_use() {
    use reqwest::dns::Resolve;
    let resolve = async |addresses: Addresses, port, name: &str| {
        let found = Resolver { addresses, port }.resolve(name.parse().unwrap()).await;
        found.map(|found| found.map(|at| at.ip()).collect::<Vec<_>>()).map_err(|error| error.to_string())
    };
    let refused = resolve(Addresses::default(), None, "localhost").await.unwrap_err();
    assert!(refused.starts_with("`localhost` has no public address"), "{refused}");
    let allowed = vec!["127.0.0.1".parse().unwrap()];
    let addresses = Addresses { allowed, own_port: Some(80), https_only: false };
    let found = resolve(addresses.clone(), None, "localhost").await.unwrap();
    assert!(!found.is_empty() && found.iter().all(|at| *at == IpAddr::from([127, 0, 0, 1])), "{found:?}");
    assert!(resolve(addresses, Some(80), "localhost").await.is_err());
}
