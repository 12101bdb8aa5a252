//! PostgreSQL: pools, locks and the server's clock.

use std::time::Duration;

use autocoder_core::ports::{Out, Scope, StoreError};
use autocoder_core::time::Timestamp;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::entity::field;
use crate::failure::store_error;
use crate::link::Link;
use crate::turns::PATIENCE;

/// Connections for units of work, for reading, and for new ids; together at most 16 a process.
pub(crate) const WRITERS: u32 = 8;
pub(crate) const READERS: u32 = 7;
pub(crate) const NUMBERERS: u32 = 1;

/// Keys of advisory locks; `auto` in ASCII, so that they do not meet another program's.
const INSTALLATION_LOCK: i64 = 0x6175_746f_0000_0001;
const USAGE_LOCK: i64 = 0x6175_746f_0000_0002;
pub(crate) const MIGRATION_LOCK: i64 = 0x6175_746f_0000_0003;
/// Shared by whoever writes events, see the migration that makes their table.
const FEED_LOCK: i64 = 0x6175_746f_0000_0004;

const NOW: &str = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS now";

pub(crate) async fn connect(url: &str, most: u32) -> Out<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(most)
        .acquire_timeout(PATIENCE)
        .connect_timeout(Duration::from_secs(10))
        .test_before_acquire_if_idle_for(Duration::from_secs(5))
        .sqlx_logging(false);
    Database::connect(options).await.map_err(|error| store_error("opening the database", &error))
}

/// Locks `scope` and reads the clock once that is done. A project that is gone needs no lock.
pub(crate) async fn lock(link: &Link, scope: Scope) -> Out<Timestamp> {
    match scope {
        Scope::Installation => advisory(link, INSTALLATION_LOCK).await?,
        Scope::Project(id) => {
            // Outside of the locking subquery, the clock is read after the wait.
            let sql = format!("SELECT {NOW} FROM (SELECT id FROM projects WHERE id = $1 FOR NO KEY UPDATE) AS locked");
            if let Some(row) = link.one("locking a project", &sql, [id.0.into()]).await? {
                return field(&row, "now").map(Timestamp);
            }
        }
    }
    now(link).await
}

/// One at a time counts usage, so that a message delivered twice at once is not counted twice.
pub(crate) async fn lock_usage(link: &Link) -> Out<()> {
    advisory(link, USAGE_LOCK).await
}

/// Waits until no event has an id and is not committed; later ones get higher ids.
pub(crate) async fn settle_feed(link: &Link) -> Out<()> {
    // Writers queue behind a waiting reader, so it does not wait long for one that hangs.
    link.run("waiting for a lock", "SET LOCAL lock_timeout = '2s'", []).await?;
    advisory(link, FEED_LOCK).await
}

/// The server's clock.
pub(crate) async fn now(link: &Link) -> Out<Timestamp> {
    let row = link.one("reading the clock", &format!("SELECT {NOW}"), []).await?;
    let gone = || StoreError::Failed { step: "reading the clock", detail: "no row".to_owned() };
    field(&row.ok_or_else(gone)?, "now").map(Timestamp)
}

async fn advisory(link: &Link, key: i64) -> Out<()> {
    link.one("waiting for a lock", "SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)", [key.into()]).await.map(drop)
}
