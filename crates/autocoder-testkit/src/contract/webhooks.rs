//! Webhooks, and the deliveries to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use autocoder_core::event::{Actor, EventKind};
use autocoder_core::ids::{DeliveryId, EventId, ProjectId, WebhookId};
use autocoder_core::ports::Attempted;
use autocoder_core::webhook::{Delivery, DeliveryStatus, NewWebhook, Webhook, WebhookPatch};
use autocoder_core::workflow::{add_webhook, delete_project, delete_webhook, disable_webhook, edit_webhook};

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

/// A good new webhook.
pub(super) fn a_webhook(project: Option<ProjectId>) -> NewWebhook {
    let (url, secret) = ("https://example.org/hook".to_owned(), "whsec_MDEyMzQ1Njc4OWFiY2RlZg==".to_owned());
    NewWebhook { project, url, secret, kinds: vec![EventKind::PhaseCompleted, EventKind::TaskBlocked] }
}

fn to(webhook: &Webhook, event: i64, bed: &Bed) -> Delivery {
    Delivery {
        id: DeliveryId(0),
        webhook: webhook.id,
        event: EventId(event),
        kind: EventKind::TaskBlocked,
        body: format!("{{\"event\":{event}}}"),
        status: DeliveryStatus::Pending,
        tries: 0,
        next_at: bed.clock.now(),
        last_status: None,
        last_error: None,
        created_at: bed.clock.now(),
        delivered_at: None,
    }
}

async fn due(bed: &Bed, limit: u64) -> Vec<Delivery> {
    let now = bed.clock.now();
    bed.store.outbox().due(now, now.plus_seconds(60), &[], limit).await.unwrap()
}

pub async fn a_webhook_is_added_edited_and_deleted(bed: &mut Bed) {
    let project = bed.lay(Plan::new("p").phase("One")).await;
    let (cx, queries, mark) = (bed.cx(), bed.store.queries(), bed.mark().await);
    let of_all = add_webhook(&cx, a_webhook(None)).await.unwrap();
    let of_one = add_webhook(&cx, a_webhook(Some(project))).await.unwrap();
    assert_eq!(queries.webhooks().await.unwrap(), [of_all.clone(), of_one.clone()]);
    let patch = WebhookPatch { kinds: Some(Vec::new()), enabled: Some(false), ..WebhookPatch::default() };
    let edited = edit_webhook(&cx, of_one.id, patch).await.unwrap();
    assert_eq!((edited.enabled, edited.kinds.len(), edited.version), (false, 0, 2));
    let disabled = disable_webhook(&bed.cx_of(&Actor::System), of_all.id, "410 Gone").await.unwrap();
    assert_eq!(disabled.disabled_reason.as_deref(), Some("410 Gone"));
    assert_eq!(queries.webhooks().await.unwrap(), [disabled, edited]);
    let patch = WebhookPatch { enabled: Some(true), ..WebhookPatch::default() };
    assert_eq!(edit_webhook(&cx, of_all.id, patch).await.unwrap().disabled_reason, None);
    delete_webhook(&cx, of_all.id).await.unwrap();
    use EventKind::{WebhookCreated, WebhookDeleted, WebhookUpdated};
    let kinds = [WebhookCreated, WebhookCreated, WebhookUpdated, WebhookUpdated, WebhookUpdated, WebhookDeleted];
    assert_eq!(bed.kinds_since(mark).await, kinds);
    let events = bed.store.feed().after(mark, Some(ProjectId::INSTALLATION), 10).await.unwrap();
    assert_eq!(events.len(), 4);

    let agent = Actor::Agent(autocoder_core::ids::AgentId("a".to_owned()));
    let codes = [
        refusal(add_webhook(&bed.cx_of(&agent), a_webhook(None)).await),
        refusal(edit_webhook(&bed.cx_of(&agent), of_one.id, WebhookPatch::default()).await),
        refusal(delete_webhook(&bed.cx_of(&agent), of_one.id).await),
        refusal(edit_webhook(&cx, of_all.id, WebhookPatch::default()).await),
        refusal(delete_webhook(&cx, WebhookId(i64::MAX)).await),
        refusal(add_webhook(&cx, NewWebhook { url: "ftp://x".to_owned(), ..a_webhook(None) }).await),
        refusal(add_webhook(&cx, a_webhook(Some(ProjectId(i64::MAX)))).await),
    ];
    let [person, missing] = ["person_needed", "not_found"];
    assert_eq!(codes, [person, person, person, missing, missing, "invalid_field", "stale"]);
    delete_project(&cx, project, true).await.unwrap();
    assert_eq!(queries.webhooks().await.unwrap(), []);
}

pub async fn the_outbox_moves_its_cursor_once(bed: &mut Bed) {
    let webhook = add_webhook(&bed.cx(), a_webhook(None)).await.unwrap();
    let gone = add_webhook(&bed.cx(), a_webhook(None)).await.unwrap();
    delete_webhook(&bed.cx(), gone.id).await.unwrap();
    let outbox = bed.store.outbox();
    assert_eq!(outbox.cursor().await.unwrap(), EventId(0));
    let deliveries = vec![to(&webhook, 3, bed), to(&gone, 3, bed), to(&webhook, 5, bed)];
    assert!(outbox.enqueue(EventId(0), EventId(7), deliveries.clone()).await.unwrap());
    assert!(!outbox.enqueue(EventId(0), EventId(7), deliveries.clone()).await.unwrap());
    assert!(!outbox.enqueue(EventId(6), EventId(8), deliveries).await.unwrap());
    assert_eq!(outbox.cursor().await.unwrap(), EventId(7));
    assert!(outbox.enqueue(EventId(7), EventId(9), Vec::new()).await.unwrap());
    assert_eq!((outbox.cursor().await.unwrap(), outbox.counts().await.unwrap()), (EventId(9), (2, 0)));
    let all = outbox.deliveries(webhook.id, None, 10).await.unwrap();
    assert_eq!(all.iter().map(|delivery| delivery.event.0).collect::<Vec<_>>(), [5, 3]);
    let [newest, oldest] = [&all[0], &all[1]].map(|delivery| delivery.id);
    assert_eq!(outbox.deliveries(webhook.id, Some(newest), 10).await.unwrap(), all[1..]);
    assert_eq!(outbox.deliveries(webhook.id, Some(oldest), 10).await.unwrap(), []);
    assert_eq!(outbox.delivery(oldest).await.unwrap().as_ref(), Some(&all[1]));
    assert_eq!(*all[1].body, *"{\"event\":3}");
    delete_webhook(&bed.cx(), webhook.id).await.unwrap();
    assert_eq!((outbox.delivery(oldest).await.unwrap(), outbox.counts().await.unwrap()), (None, (0, 0)));
}

pub async fn due_deliveries_are_leased_one_a_webhook(bed: &mut Bed) {
    let (cx, outbox) = (bed.cx(), bed.store.outbox());
    let first = add_webhook(&cx, a_webhook(None)).await.unwrap();
    let second = add_webhook(&cx, a_webhook(None)).await.unwrap();
    let off = add_webhook(&cx, a_webhook(None)).await.unwrap();
    disable_webhook(&cx, off.id, "gone").await.unwrap();
    assert_eq!(due(bed, 10).await, []);
    let later = Delivery { next_at: bed.clock.now().plus_seconds(5), ..to(&first, 1, bed) };
    let deliveries = vec![later, to(&first, 2, bed), to(&off, 2, bed), to(&second, 2, bed), to(&second, 3, bed)];
    outbox.enqueue(EventId(0), EventId(3), deliveries).await.unwrap();
    let found = due(bed, 10).await;
    let facts = |found: &[Delivery]| found.iter().map(|d| (d.webhook, d.event.0)).collect::<Vec<_>>();
    assert_eq!(facts(&found), [(first.id, 2), (second.id, 2)]);
    assert!(found.iter().all(|delivery| delivery.next_at == bed.clock.now().plus_seconds(60)));
    assert_eq!(outbox.delivery(found[0].id).await.unwrap().as_ref(), Some(&found[0]));
    assert_eq!(facts(&due(bed, 10).await), [(second.id, 3)]);
    bed.clock.advance(5);
    assert_eq!(facts(&due(bed, 1).await), [(first.id, 1)]);
    assert_eq!(due(bed, 10).await, []);
    bed.clock.advance(60);
    assert_eq!(facts(&due(bed, 1).await), [(first.id, 1)]);
    let now = bed.clock.now();
    assert_eq!(outbox.due(now, now.plus_seconds(60), &[first.id, second.id], 10).await.unwrap(), []);
    let found = outbox.due(now, now.plus_seconds(60), &[first.id], 10).await.unwrap();
    assert_eq!(facts(&found), [(second.id, 2)]);
}

pub async fn a_delivery_is_tried_until_it_is_taken_or_dead(bed: &mut Bed) {
    let (cx, outbox) = (bed.cx(), bed.store.outbox());
    let webhook = add_webhook(&cx, a_webhook(None)).await.unwrap();
    outbox.enqueue(EventId(0), EventId(1), vec![to(&webhook, 1, bed)]).await.unwrap();
    let id = due(bed, 1).await[0].id;
    let attempt = |status, seconds, http_status, error: Option<&str>| Attempted {
        status,
        at: bed.clock.now().plus_seconds(seconds),
        http_status,
        error: error.map(str::to_owned),
    };
    outbox.attempted(id, attempt(DeliveryStatus::Pending, 5, Some(503), Some("busy"))).await.unwrap();
    assert_eq!(due(bed, 1).await, []);
    bed.clock.advance(5);
    let again = due(bed, 1).await.remove(0);
    assert_eq!((again.id, again.tries, again.last_status), (id, 1, Some(503)));
    assert_eq!(again.last_error.as_deref(), Some("busy"));
    outbox.attempted(id, attempt(DeliveryStatus::Dead, 0, None, Some("refused"))).await.unwrap();
    assert_eq!(outbox.counts().await.unwrap(), (0, 1));
    bed.clock.advance(3_600);
    assert_eq!(due(bed, 1).await, []);
    outbox.replay(id, bed.clock.now()).await.unwrap();
    assert_eq!(due(bed, 1).await[0].tries, 0);
    let now = bed.clock.now();
    let taken = Attempted { status: DeliveryStatus::Delivered, at: now, http_status: Some(200), error: None };
    outbox.attempted(id, taken).await.unwrap();
    // A late writer, whose lease lapsed, changes nothing.
    outbox.attempted(id, attempt(DeliveryStatus::Dead, 0, None, Some("late"))).await.unwrap();
    let delivered = outbox.delivery(id).await.unwrap().unwrap();
    assert_eq!((delivered.status, delivered.tries, delivered.last_error), (DeliveryStatus::Delivered, 1, None));
    assert_eq!((delivered.delivered_at, outbox.counts().await.unwrap()), (Some(now), (0, 0)));
    outbox.replay(DeliveryId(i64::MAX), now).await.unwrap();
}

pub async fn two_senders_never_get_the_same_delivery(bed: &mut Bed) {
    let mut webhooks = Vec::new();
    for _ in 0..12 {
        webhooks.push(add_webhook(&bed.cx(), a_webhook(None)).await.unwrap());
    }
    let deliveries = webhooks.iter().map(|webhook| to(webhook, 1, bed)).collect();
    bed.store.outbox().enqueue(EventId(0), EventId(1), deliveries).await.unwrap();
    let now = bed.clock.now();
    let senders: Vec<_> = (0..6)
        .map(|_| {
            let store = Arc::clone(&bed.store);
            tokio::spawn(async move {
                let mut got = Vec::new();
                for _ in 0..12 {
                    let found = store.outbox().due(now, now.plus_seconds(60), &[], 2).await.unwrap();
                    got.extend(found.into_iter().map(|delivery| delivery.id));
                }
                got
            })
        })
        .collect();
    let mut all = Vec::new();
    for sender in senders {
        all.extend(sender.await.unwrap());
    }
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (12, 12));
}
