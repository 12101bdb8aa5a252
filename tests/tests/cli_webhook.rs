//! `autocoder webhook`: addresses that are told what happens, and the deliveries to them.
#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use autocoder_core::event::EventKind;
use autocoder_core::ids::{DeliveryId, EventId, WebhookId};
use autocoder_core::ports::{Attempted, Store};
use autocoder_core::time::Timestamp;
use autocoder_core::webhook::{Delivery, DeliveryStatus};
use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
use autocoder_tests::Autocoder;
use serde_json::json;

const URL: &str = "https://example.com/hook?key=x";

/// A webhook with two deliveries: one that is dead, then one that waits.
fn with_deliveries(autocoder: &Autocoder) -> String {
    let webhook = autocoder.json(&["webhook", "add", URL])["id"].clone();
    let id = WebhookId(webhook.as_i64().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let target = Target::Sqlite(autocoder.data_dir().join("autocoder.db"));
        let store = SeaOrmStore::open(target, OpenOptions::default()).await.unwrap();
        let (outbox, at) = (store.outbox(), Timestamp(1_700_000_000_000_000));
        let delivery = |event| Delivery {
            id: DeliveryId(0),
            webhook: id,
            event: EventId(event),
            kind: EventKind::PhaseCompleted,
            body: "{}".to_owned(),
            status: DeliveryStatus::Pending,
            tries: 0,
            next_at: at,
            last_status: None,
            last_error: None,
            created_at: at,
            delivered_at: None,
        };
        let cursor = outbox.cursor().await.unwrap();
        assert!(outbox.enqueue(cursor, EventId(2), vec![delivery(1), delivery(2)]).await.unwrap());
        let first = outbox.deliveries(id, None, 10).await.unwrap().pop().unwrap();
        let error = Some("answered 500 Internal Server Error".to_owned());
        let dead = Attempted { status: DeliveryStatus::Dead, at, http_status: Some(500), error };
        outbox.attempted(first.id, dead).await.unwrap();
    });
    webhook.to_string()
}

#[test]
fn a_webhook_is_added_listed_edited_and_deleted() {
    let autocoder = Autocoder::with_plan();
    assert!(autocoder.ok(&["webhook", "list"]).contains("there are no webhooks"));
    let made = autocoder.json(&["webhook", "add", URL, "--project", "p", "--kind", "phase.completed"]);
    let (id, secret) = (made["id"].to_string(), made["secret"].as_str().unwrap());
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    let list = autocoder.json(&["webhook", "list"]);
    assert!(!list.to_string().contains("whsec_"), "{list}");
    let found = &list["items"][0];
    assert_eq!(
        (&found["url"], &found["kinds"], &found["enabled"]),
        (&json!(URL), &json!(["phase.completed"]), &json!(true))
    );
    assert!(autocoder.ok(&["webhook", "list", "--project", "p"]).contains(URL));
    let edited = autocoder.json(&["webhook", "edit", &id, "--all-kinds", "--off"]);
    assert_eq!((&edited["kinds"], &edited["enabled"], &edited["version"]), (&json!([]), &json!(false), &json!(2)));
    assert_eq!(autocoder.json(&["webhook", "edit", &id])["version"], 2);
    let edited = autocoder.json(&["webhook", "edit", &id, "--on", "--url", "http://127.0.0.1:9/"]);
    assert_eq!(edited["enabled"], true);
    assert!(autocoder.run(&["webhook", "edit", &id, "--off"]).stderr.contains("--webhook-allow"));
    autocoder.ok(&["webhook", "delete", &id, "--yes"]);
    assert_eq!(autocoder.json(&["webhook", "list"])["items"], json!([]));
}

#[test]
fn a_new_secret_is_printed_alone() {
    let autocoder = Autocoder::new();
    let output = autocoder.run(&["webhook", "add", URL]);
    assert_eq!((output.stdout.trim_end().len(), output.stdout.starts_with("whsec_")), (50, true), "{output:?}");
    assert!(!autocoder.ok(&["webhook", "list"]).contains(output.stdout.trim_end()));
}

#[test]
fn deliveries_are_shown_newest_first_and_replayed() {
    let autocoder = Autocoder::new();
    let webhook = with_deliveries(&autocoder);
    let page = autocoder.json(&["webhook", "deliveries", &webhook, "--limit", "1"]);
    assert_eq!((&page["items"][0]["status"], &page["items"][0]["event_id"]), (&json!("pending"), &json!(2)));
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = autocoder.json(&["webhook", "deliveries", &webhook, "--before", cursor]);
    let dead = &page["items"][0];
    assert_eq!((&dead["status"], &dead["tries"], &dead["next_at"]), (&json!("dead"), &json!(1), &json!(null)));
    assert_eq!(dead["last_status"], 500);
    let text = autocoder.ok(&["webhook", "deliveries", &webhook]);
    assert!(text.contains("dead") && text.contains("answered 500"), "{text}");
    let again = autocoder.json(&["webhook", "replay", &webhook, &dead["id"].to_string()]);
    assert_eq!((&again["status"], &again["tries"]), (&json!("pending"), &json!(0)));
    assert_eq!(again["message_id"], dead["message_id"]);
}

#[test]
fn bad_input_is_refused_by_name() {
    let autocoder = Autocoder::new();
    let webhook = with_deliveries(&autocoder);
    autocoder.bad(3, &["webhook", "list", "--project", "nothing"], "nothing");
    autocoder.bad(3, &["webhook", "add", URL, "--project", "nothing"], "nothing");
    autocoder.bad(2, &["webhook", "add", "ftp://example.com/"], "https://");
    autocoder.bad(2, &["webhook", "add", URL, "--kind", "task.claimed"], "phase.awaiting_approval");
    autocoder.bad(3, &["webhook", "edit", "999", "--off"], "999");
    autocoder.bad(2, &["webhook", "edit", &webhook, "--url", "x"], "https://");
    autocoder.bad(2, &["webhook", "edit", &webhook, "--on", "--off"], "--off");
    autocoder.bad(3, &["webhook", "deliveries", "999"], "999");
    autocoder.bad(2, &["webhook", "deliveries", &webhook, "--limit", "0"], "1..=1000");
    autocoder.bad(3, &["webhook", "replay", &webhook, "999"], "999");
    autocoder.bad(2, &["webhook", "replay", "0", "1"], "whole number");
    autocoder.bad(2, &["webhook", "delete", &webhook], "cannot be undone");
    autocoder.bad(3, &["webhook", "delete", "999", "--yes"], "999");
}
