//! What arrives, when, and how often.

use std::collections::BTreeSet;
use std::time::Duration;

use autocoder_core::event::EventKind;
use autocoder_core::ids::EventId;
use autocoder_core::webhook::{Delivery, DeliveryStatus, WebhookPatch};
use autocoder_core::workflow::{delete_webhook, edit_webhook};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value;

use super::bed::{Arrived, Bed, Receiver, plain, settings};
use crate::webhooks::{Addresses, Settings};

const KIND: EventKind = EventKind::PhaseCompleted;

fn all(status: DeliveryStatus, count: usize) -> impl Fn(&[Delivery]) -> bool {
    move |found| found.len() == count && found.iter().all(|delivery| delivery.status == status)
}

fn verifies(request: &Arrived, secret: &str) -> bool {
    let header = |(name, value): (&String, &String)| Some((name.parse::<HeaderName>().ok()?, value.parse().ok()?));
    let headers: HeaderMap = request.headers.iter().filter_map(header).collect();
    standardwebhooks::Webhook::new(secret).unwrap().verify(request.body.as_bytes(), &headers).is_ok()
}

#[tokio::test]
async fn an_event_arrives_signed_with_its_facts() {
    let (bed, receiver) = (Bed::new().await, Receiver::answering("204 No Content").await);
    let webhook = bed.webhook(receiver.url("/hook?key=secret"), &[]).await;
    let engine = bed.engine(settings());
    bed.happens(KIND, "well done").await;
    bed.happens(EventKind::TaskClaimed, "nobody wants to know").await;
    let delivered = bed.until(webhook.id, all(DeliveryStatus::Delivered, 1)).await.remove(0);
    engine.stop().await;
    let [request] = &receiver.arrived()[..] else { panic!("one request") };
    assert_eq!(request.path, "/hook?key=secret");
    assert_eq!(request.headers["content-type"], "application/json");
    assert!(request.headers["user-agent"].starts_with("Autocoder/"));
    assert_eq!(request.headers["webhook-id"], delivered.message_id());
    assert!(verifies(request, &webhook.secret));
    let other = Arrived { body: request.body.replace("well", "bad"), ..request.clone() };
    assert!(!verifies(&other, &webhook.secret));
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["project_name"]), (&"phase.completed".into(), &"shop".into()));
    assert_eq!(body["data"]["payload"]["note"], "well done");
    assert_eq!((delivered.tries, delivered.last_status), (1, Some(204)));
}

#[tokio::test]
async fn a_failed_delivery_comes_again_with_the_same_id() {
    let bed = Bed::new().await;
    let receiver = Receiver::new(|number| Some(plain(if number < 3 { "503 Busy" } else { "200 OK" }))).await;
    let webhook = bed.webhook(receiver.url("/"), &[]).await;
    let engine = bed.engine(settings());
    bed.happens(KIND, "").await;
    let delivered = bed.until(webhook.id, all(DeliveryStatus::Delivered, 1)).await.remove(0);
    engine.stop().await;
    let ids: BTreeSet<_> = receiver.arrived().iter().map(|request| request.headers["webhook-id"].clone()).collect();
    assert_eq!((receiver.arrived().len(), ids.len(), delivered.tries, delivered.last_error), (4, 1, 4, None));
}

#[tokio::test]
async fn a_delivery_is_dead_after_ten_tries_and_can_be_replayed() {
    let bed = Bed::new().await;
    let receiver = Receiver::new(|number| Some(plain(if number < 10 { "500 Broken" } else { "200 OK" }))).await;
    let webhook = bed.webhook(receiver.url("/?key=secret"), &[]).await;
    let engine = bed.engine(settings());
    bed.happens(KIND, "").await;
    let dead = bed.until(webhook.id, all(DeliveryStatus::Dead, 1)).await.remove(0);
    assert_eq!((dead.tries, dead.last_status, receiver.arrived().len()), (10, Some(500), 10));
    assert_eq!(dead.last_error.as_deref(), Some("answered 500 Internal Server Error"));
    bed.store.outbox().replay(dead.id, bed.store.ledger().now().await.unwrap()).await.unwrap();
    bed.until(webhook.id, all(DeliveryStatus::Delivered, 1)).await;
    engine.stop().await;
    assert_eq!(receiver.arrived()[10].headers["webhook-id"], dead.message_id());
}

#[tokio::test]
async fn a_receiver_that_is_gone_switches_its_webhook_off() {
    let (bed, receiver) = (Bed::new().await, Receiver::answering("410 Gone").await);
    let webhook = bed.webhook(receiver.url("/"), &[]).await;
    let engine = bed.engine(settings());
    bed.happens(KIND, "").await;
    bed.until(webhook.id, all(DeliveryStatus::Dead, 1)).await;
    let off = loop {
        let found = bed.store.queries().webhooks().await.unwrap().remove(0);
        if !found.enabled {
            break found;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert!(off.disabled_reason.unwrap().contains("410 Gone"));
    bed.happens(KIND, "").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    engine.stop().await;
    assert_eq!((receiver.arrived().len(), bed.deliveries(webhook.id).await.len()), (1, 1));
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let (bed, target) = (Bed::new().await, Receiver::answering("200 OK").await);
    let place = target.url("/");
    let answer = format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n");
    let receiver = Receiver::new(move |_| Some(answer.clone())).await;
    let webhook = bed.webhook(receiver.url("/"), &[]).await;
    let engine = bed.engine(settings());
    bed.happens(KIND, "").await;
    let dead = bed.until(webhook.id, all(DeliveryStatus::Dead, 1)).await.remove(0);
    engine.stop().await;
    assert!(dead.last_error.unwrap().contains("redirects are not followed"));
    assert!(target.arrived().is_empty());
}

#[tokio::test]
async fn a_receiver_may_ask_for_patience() {
    let bed = Bed::new().await;
    let answer = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n";
    let receiver = Receiver::new(|_| Some(answer.to_owned())).await;
    let webhook = bed.webhook(receiver.url("/"), &[]).await;
    let engine = bed.engine(settings());
    bed.happens(KIND, "").await;
    let waiting = bed.until(webhook.id, |found| found.first().is_some_and(|one| one.tries == 1)).await.remove(0);
    engine.stop().await;
    let wait = waiting.next_at.seconds_since(bed.store.ledger().now().await.unwrap());
    assert!((3_580..=3_600).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_silent_receiver_fails_in_time_and_stops_no_other() {
    let (bed, quick) = (Bed::new().await, Receiver::answering("200 OK").await);
    let silent = Receiver::new(|_| None).await;
    let stuck = bed.webhook(silent.url("/?key=secret"), &[]).await;
    let other = bed.webhook(quick.url("/"), &[]).await;
    let engine = bed.engine(Settings { time_limit: Duration::from_secs(1), pace: 1.0, ..settings() });
    for _ in 0..20 {
        bed.happens(KIND, "").await;
    }
    bed.until(other.id, all(DeliveryStatus::Delivered, 20)).await;
    // One at a time to each webhook: the first is still being tried.
    assert_eq!(silent.arrived().len(), 1);
    let failed = bed.until(stuck.id, |found| found.iter().any(|one| one.tries == 1)).await;
    let error = failed.iter().find_map(|delivery| delivery.last_error.clone()).unwrap();
    assert_eq!(error, "no answer within 1 s");
    engine.stop().await;
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let bed = Bed::new().await;
    let receiver = Receiver::new(|_| Some(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(8_000_000)))).await;
    let webhook = bed.webhook(receiver.url("/"), &[]).await;
    let engine = bed.engine(settings());
    bed.happens(KIND, "").await;
    bed.until(webhook.id, all(DeliveryStatus::Delivered, 1)).await;
    engine.stop().await;
}

#[tokio::test]
async fn nobody_is_told_what_happened_before() {
    let (bed, receiver) = (Bed::new().await, Receiver::answering("200 OK").await);
    let off = bed.webhook(receiver.url("/off"), &[]).await;
    let patch = |enabled| WebhookPatch { enabled: Some(enabled), ..WebhookPatch::default() };
    edit_webhook(&bed.cx(), off.id, patch(false)).await.unwrap();
    bed.happens(KIND, "before").await;
    tokio::time::sleep(Duration::from_millis(2)).await;
    let webhook = bed.webhook(receiver.url("/on"), &[KIND]).await;
    let engine = bed.engine(settings());
    bed.happens(EventKind::TaskBlocked, "of another kind").await;
    bed.happens(KIND, "after").await;
    bed.until(webhook.id, all(DeliveryStatus::Delivered, 1)).await;
    engine.stop().await;
    edit_webhook(&bed.cx(), off.id, patch(true)).await.unwrap();
    let engine = bed.engine(settings());
    bed.happens(KIND, "later").await;
    bed.until(off.id, all(DeliveryStatus::Delivered, 1)).await;
    bed.until(webhook.id, all(DeliveryStatus::Delivered, 2)).await;
    engine.stop().await;
    let notes: Vec<_> = receiver.arrived().iter().map(|request| request.body.contains("before")).collect();
    assert_eq!(notes, [false; 3]);
}

#[tokio::test]
async fn without_webhooks_the_reader_goes_on_and_writes_seldom() {
    let bed = Bed::new().await;
    bed.happens(KIND, "").await;
    let engine = bed.engine(settings());
    tokio::time::sleep(Duration::from_millis(30)).await;
    engine.stop().await;
    assert_eq!(bed.store.outbox().cursor().await.unwrap(), EventId(0));
}

#[tokio::test]
async fn killing_the_engine_anywhere_loses_nothing_and_invents_nothing() {
    let bed = Bed::new().await;
    let receiver =
        Receiver::new(|number| Some(plain(if number % 5 == 1 { "502 Bad Gateway" } else { "200 OK" }))).await;
    let webhooks = [bed.webhook(receiver.url("/a"), &[]).await, bed.webhook(receiver.url("/b"), &[]).await];
    let lease = Duration::from_millis(100);
    let quick = || Settings { time_limit: lease / 2, lease, ..settings() };
    for round in 0..100_u64 {
        let engine = bed.engine(quick());
        bed.happens(KIND, &format!("round {round}")).await;
        tokio::time::sleep(Duration::from_micros(round * 150 % 12_000)).await;
        engine.kill();
    }
    let engine = bed.engine(quick());
    for webhook in &webhooks {
        bed.until(webhook.id, all(DeliveryStatus::Delivered, 100)).await;
    }
    engine.stop().await;
    let arrived = receiver.arrived();
    for (path, webhook) in ["/a", "/b"].into_iter().zip(&webhooks) {
        let own: Vec<_> = arrived.iter().filter(|request| request.path == path).collect();
        let bodies: BTreeSet<_> = own.iter().map(|request| request.body.clone()).collect();
        let ids: BTreeSet<_> = own.iter().map(|request| request.headers["webhook-id"].clone()).collect();
        assert_eq!((bodies.len(), ids.len()), (100, 100));
        assert!(own.iter().all(|request| verifies(request, &webhook.secret)));
    }
}

#[tokio::test]
async fn two_engines_share_the_work() {
    let (bed, receiver) = (Bed::new().await, Receiver::answering("200 OK").await);
    let webhook = bed.webhook(receiver.url("/"), &[]).await;
    let engines = [bed.engine(settings()), bed.engine(settings())];
    for _ in 0..50 {
        bed.happens(KIND, "").await;
    }
    bed.until(webhook.id, all(DeliveryStatus::Delivered, 50)).await;
    for engine in engines {
        engine.stop().await;
    }
    assert_eq!(receiver.arrived().len(), 50);
}

#[tokio::test]
async fn what_is_forbidden_or_away_is_told_without_the_query() {
    let bed = Bed::new().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let cases = [
        (format!("http://{closed}/?key=secret"), "cannot connect: "),
        ("http://127.0.0.2/?key=secret".to_owned(), "the address points at 127.0.0.2, which is not public"),
        ("http://no.such.name.invalid/?key=secret".to_owned(), "cannot connect: "),
    ];
    let engine =
        bed.engine(Settings { addresses: Addresses { own_port: Some(1), ..settings().addresses }, ..settings() });
    for (url, reason) in cases {
        let webhook = bed.webhook(url, &[]).await;
        bed.happens(KIND, "").await;
        let failed = bed.until(webhook.id, |found| found.first().is_some_and(|one| one.last_error.is_some())).await;
        let error = failed[0].last_error.clone().unwrap();
        assert!(error.starts_with(reason) && !error.contains("secret"), "{error}");
        delete_webhook(&bed.cx(), webhook.id).await.unwrap();
    }
    engine.stop().await;
}
