//! The feed of events, in the order of commits.

use std::sync::LazyLock;

use async_trait::async_trait;
use autocoder_core::event::Event;
use autocoder_core::ids::{EventId, ProjectId};
use autocoder_core::ports::{EventFeed, Out};

use crate::entity::{columns, event, field};
use crate::read::every;
use crate::store::SeaOrmStore;

static EVENT: LazyLock<String> = LazyLock::new(|| columns::<event::Entity>("e", ""));

/// On PostgreSQL a transaction that began earlier may commit later. So the feed goes by transaction, and ends before
/// the oldest one that is still open; whatever comes later is behind everything read so far.
const SETTLED: &str = "e.xid < pg_snapshot_xmin(pg_current_snapshot())";
const BEHIND: &str = "(e.xid, e.id) > (COALESCE((SELECT c.xid FROM events c WHERE c.id = $1), \
     (SELECT c.xid FROM events c WHERE c.id < $1 ORDER BY c.xid DESC, c.id DESC LIMIT 1), '0'), $1)";

#[async_trait]
impl EventFeed for SeaOrmStore {
    async fn after(&self, cursor: EventId, project: Option<ProjectId>, limit: u64) -> Out<Vec<Event>> {
        let (behind, order) = if self.is_sqlite() {
            ("e.id > $1".to_owned(), "e.id")
        } else {
            (format!("{SETTLED} AND {BEHIND}"), "e.xid, e.id")
        };
        let ours = if project.is_some() { "e.project_id = $3" } else { "$3 = 0" };
        let sql = format!("SELECT {} FROM events e WHERE {ours} AND {behind} ORDER BY {order} LIMIT $2", *EVENT);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [cursor.0.into(), limit.into(), project.map_or(0, |id| id.0).into()];
        every::<event::Model, _>(&self.reader().all("reading events", &sql, values).await?, "")
    }

    async fn newest(&self) -> Out<EventId> {
        let sql = if self.is_sqlite() {
            "SELECT e.id FROM events e ORDER BY e.id DESC LIMIT 1".to_owned()
        } else {
            format!("SELECT e.id FROM events e WHERE {SETTLED} ORDER BY e.xid DESC, e.id DESC LIMIT 1")
        };
        let row = self.reader().one("reading the newest event", &sql, []).await?;
        row.map_or(Ok(EventId(0)), |row| field(&row, "id").map(EventId))
    }
}
