//! Deliveries to webhooks, and up to which event they were made.

use std::sync::LazyLock;

use async_trait::async_trait;
use autocoder_core::ids::{DeliveryId, EventId, WebhookId};
use autocoder_core::ports::{Attempted, Out, Outbox};
use autocoder_core::time::Timestamp;
use autocoder_core::webhook::{Delivery, DeliveryStatus};

use crate::entity::{columns, delivery, field};
use crate::link::{Link, id_list, id_values};
use crate::read::{every, first};
use crate::store::SeaOrmStore;
use crate::write::insert;

static DELIVERY: LazyLock<String> = LazyLock::new(|| columns::<delivery::Entity>("d", ""));
/// The setting that holds the cursor.
const CURSOR: &str = "webhooks.cursor";

#[async_trait]
impl Outbox for SeaOrmStore {
    async fn cursor(&self) -> Out<EventId> {
        let sql = r#"SELECT CAST(value AS BIGINT) AS id FROM settings WHERE "key" = $1"#;
        let row = self.reader().one("reading the outbox's cursor", sql, [CURSOR.into()]).await?;
        Ok(EventId(row.map(|row| field(&row, "id")).transpose()?.unwrap_or(0)))
    }

    async fn enqueue(&self, from: EventId, to: EventId, deliveries: Vec<Delivery>) -> Out<bool> {
        let (link, _turn) = self.writing().await?;
        if !move_cursor(&link, from, to).await? {
            return Ok(false);
        }
        let alive = alive(&link, &deliveries).await?;
        let kept = deliveries.into_iter().filter(|delivery| alive.contains(&delivery.webhook.0));
        insert(&link, "writing deliveries", kept.map(delivery::unnumbered)).await?;
        link.commit().await.map(|()| true)
    }

    async fn due(&self, now: Timestamp, lease_until: Timestamp, busy: &[WebhookId], limit: u64) -> Out<Vec<Delivery>> {
        // Mostly nothing is due, and that needs no lock.
        if first_due(&self.reader(), now, busy, 1).await?.is_empty() {
            return Ok(Vec::new());
        }
        let (link, _turn) = self.writing().await?;
        let mut due = first_due(&link, now, busy, limit).await?;
        let ids = id_values(due.iter().map(|delivery| delivery.id.0));
        let sql = format!("UPDATE deliveries SET next_at = $2 WHERE id IN {}", id_list(link.backend(), 1));
        link.run("leasing deliveries", &sql, [ids, lease_until.0.into()]).await?;
        link.commit().await?;
        due.iter_mut().for_each(|delivery| delivery.next_at = lease_until);
        Ok(due)
    }

    async fn attempted(&self, id: DeliveryId, outcome: Attempted) -> Out<()> {
        let (link, _turn) = self.writing().await?;
        let sql = format!(
            "UPDATE deliveries SET status = $2, tries = tries + 1, next_at = $3, last_status = $4, last_error = $5, \
             delivered_at = $6 WHERE id = $1 AND status = '{}'",
            DeliveryStatus::Pending.as_str()
        );
        let delivered_at = (outcome.status == DeliveryStatus::Delivered).then_some(outcome.at.0);
        let values = [
            id.0.into(),
            outcome.status.as_str().into(),
            outcome.at.0.into(),
            outcome.http_status.map(i32::from).into(),
            outcome.error.into(),
            delivered_at.into(),
        ];
        link.run("noting a delivery", &sql, values).await?;
        link.commit().await
    }

    async fn deliveries(&self, webhook: WebhookId, after: Option<DeliveryId>, limit: u64) -> Out<Vec<Delivery>> {
        let sql = format!(
            "SELECT {} FROM deliveries d WHERE d.webhook_id = $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3",
            *DELIVERY
        );
        let behind = after.map_or(i64::MAX, |id| id.0);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [webhook.0.into(), behind.into(), limit.into()];
        every::<delivery::Model, _>(&self.reader().all("loading deliveries", &sql, values).await?, "")
    }

    async fn delivery(&self, id: DeliveryId) -> Out<Option<Delivery>> {
        let sql = format!("SELECT {} FROM deliveries d WHERE d.id = $1", *DELIVERY);
        let row = self.reader().one("loading a delivery", &sql, [id.0.into()]).await?;
        first::<delivery::Model, _>(row.as_ref(), "")
    }

    async fn replay(&self, id: DeliveryId, now: Timestamp) -> Out<()> {
        let (link, _turn) = self.writing().await?;
        let sql = "UPDATE deliveries SET status = $2, tries = 0, next_at = $3, delivered_at = NULL WHERE id = $1";
        let values = [id.0.into(), DeliveryStatus::Pending.as_str().into(), now.0.into()];
        link.run("replaying a delivery", sql, values).await?;
        link.commit().await
    }

    async fn counts(&self) -> Out<(u64, u64)> {
        let number = |status: DeliveryStatus| {
            format!("(SELECT COUNT(*) FROM deliveries WHERE status = '{}') AS {status}", status.as_str())
        };
        let sql = format!("SELECT {}, {}", number(DeliveryStatus::Pending), number(DeliveryStatus::Dead));
        let row = self.reader().one("counting deliveries", &sql, []).await?;
        let count = |status: DeliveryStatus| match &row {
            Some(row) => field::<i64>(row, status.as_str()).map(|count| u64::try_from(count).unwrap_or(0)),
            None => Ok(0),
        };
        Ok((count(DeliveryStatus::Pending)?, count(DeliveryStatus::Dead)?))
    }
}

/// Whether the cursor was at `from`, and is at `to` now.
async fn move_cursor(link: &Link, from: EventId, to: EventId) -> Out<bool> {
    let sql = r#"INSERT INTO settings ("key", value) VALUES ($1, '0') ON CONFLICT ("key") DO NOTHING"#;
    link.run("making the outbox's cursor", sql, [CURSOR.into()]).await?;
    let sql = r#"UPDATE settings SET value = $3 WHERE "key" = $1 AND value = $2"#;
    let values = [CURSOR.into(), from.to_string().into(), to.to_string().into()];
    Ok(link.run("moving the outbox's cursor", sql, values).await? == 1)
}

/// The webhooks of these deliveries that are still there, and stay until the end of the transaction.
async fn alive(link: &Link, deliveries: &[Delivery]) -> Out<Vec<i64>> {
    if deliveries.is_empty() {
        return Ok(Vec::new());
    }
    let lock = if link.is_sqlite() { "" } else { "FOR KEY SHARE" };
    let sql = format!("SELECT id FROM webhooks WHERE id IN {} {lock}", id_list(link.backend(), 1));
    let ids = id_values(deliveries.iter().map(|delivery| delivery.webhook.0));
    let rows = link.all("loading webhooks", &sql, [ids]).await?;
    rows.iter().map(|row| field(row, "id")).collect()
}

/// The first due delivery of each enabled webhook that is not `busy`; inside a transaction of PostgreSQL without those
/// that another server is taking at the moment.
async fn first_due(link: &Link, now: Timestamp, busy: &[WebhookId], limit: u64) -> Out<Vec<Delivery>> {
    let waits = format!("status = '{}' AND next_at <= $1", DeliveryStatus::Pending.as_str());
    let lock = if link.is_sqlite() { "" } else { "FOR UPDATE OF d SKIP LOCKED" };
    let sql = format!(
        "SELECT {} FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE w.enabled AND d.{} AND d.id IN \
         (SELECT MIN(id) FROM deliveries WHERE {waits} AND webhook_id NOT IN {} GROUP BY webhook_id) \
         ORDER BY d.id LIMIT $2 {lock}",
        *DELIVERY,
        waits.replace("next_at", "d.next_at"),
        id_list(link.backend(), 3)
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [now.0.into(), limit.into(), id_values(busy.iter().map(|id| id.0))];
    every::<delivery::Model, _>(&link.all("looking for due deliveries", &sql, values).await?, "")
}
