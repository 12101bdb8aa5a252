//! The feed of events, in the order of their ids; none comes later with a lower one.

use std::sync::LazyLock;

use async_trait::async_trait;
use autocoder_core::event::Event;
use autocoder_core::ids::{EventId, ProjectId};
use autocoder_core::ports::{EventFeed, Out};

use crate::entity::{columns, event, field};
use crate::link::Link;
use crate::postgres;
use crate::read::every;
use crate::store::SeaOrmStore;

static EVENT: LazyLock<String> = LazyLock::new(|| columns::<event::Entity>("e", ""));

#[async_trait]
impl EventFeed for SeaOrmStore {
    async fn after(&self, cursor: EventId, project: Option<ProjectId>, limit: u64) -> Out<Vec<Event>> {
        if self.is_sqlite() {
            return page(&self.reader(), cursor, project, limit).await;
        }
        // Mostly nothing has happened, and that needs no lock.
        if page(&self.reader(), cursor, project, 1).await?.is_empty() {
            return Ok(Vec::new());
        }
        let link = self.reading().await?;
        postgres::settle_feed(&link).await?;
        page(&link, cursor, project, limit).await
    }

    async fn before(&self, project: ProjectId, before: Option<EventId>, limit: u64) -> Out<Vec<Event>> {
        let sql = format!(
            "SELECT {} FROM events e WHERE e.project_id = $1 AND e.id < $2 ORDER BY e.id DESC LIMIT $3",
            *EVENT
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [project.0.into(), before.map_or(i64::MAX, |id| id.0).into(), limit.into()];
        every::<event::Model, _>(&self.reader().all("reading events", &sql, values).await?, "")
    }

    async fn newest(&self) -> Out<EventId> {
        let link = self.reading().await?;
        if !self.is_sqlite() {
            postgres::settle_feed(&link).await?;
        }
        let row = link.one("reading the newest event", "SELECT MAX(id) AS id FROM events", []).await?;
        let newest: Option<Option<i64>> = row.map(|row| field(&row, "id")).transpose()?;
        Ok(EventId(newest.flatten().unwrap_or(0)))
    }
}

async fn page(link: &Link, cursor: EventId, project: Option<ProjectId>, limit: u64) -> Out<Vec<Event>> {
    let ours = if project.is_some() { "e.project_id = $3" } else { "$3 = 0" };
    let sql = format!("SELECT {} FROM events e WHERE e.id > $1 AND {ours} ORDER BY e.id LIMIT $2", *EVENT);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [cursor.0.into(), limit.into(), project.map_or(0, |id| id.0).into()];
    every::<event::Model, _>(&link.all("reading events", &sql, values).await?, "")
}
