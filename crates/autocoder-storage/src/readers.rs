//! Connections to SQLite that stay with us and answer single statements.
//!
//! A pool of sqlx asks every connection for a sign of life when it comes back, one more trip to the connection's thread
//! and back for each statement. What reads a file needs no such sign, and single statements are most of what screens ask.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::sqlx::sqlite::{SqliteConnection, SqliteRow};
use sea_orm::sqlx::{self, ConnectOptions, Connection, Error};
use sea_orm::{QueryResult, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Mutex, MutexGuard};

use crate::sqlite;

/// As many statements run at once; each connection is opened when it is first needed.
const CONNECTIONS: usize = 4;

type Place = Mutex<Option<SqliteConnection>>;

/// Reading connections to one file.
pub(crate) struct Readers {
    path: PathBuf,
    places: [Place; CONNECTIONS],
    turn: AtomicUsize,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, places: Default::default(), turn: AtomicUsize::new(0) }
    }

    /// Every row of a query.
    pub(crate) async fn rows(&self, statement: &Statement) -> Result<Vec<QueryResult>, Error> {
        let mut place = self.free().await;
        if place.is_none() {
            let mut connection = sqlite::options(&self.path).read_only(true).connect().await?;
            sqlite::keep_plans(&mut connection).await?;
            *place = Some(connection);
        }
        let connection = place.as_mut().ok_or(Error::WorkerCrashed)?;
        let values = SqlxValues(statement.values.clone().unwrap_or(sea_orm::Values(Vec::new())));
        let query = sqlx::query_with(sqlx::AssertSqlSafe(statement.sql.as_str()), values);
        let rows: Result<Vec<SqliteRow>, Error> = query.fetch_all(connection).await;
        if matches!(rows, Err(Error::WorkerCrashed | Error::Io(_))) {
            *place = None;
        }
        Ok(rows?.into_iter().map(QueryResult::from).collect())
    }

    /// Closes what is open.
    pub(crate) async fn close(&self) -> Result<(), Error> {
        for place in &self.places {
            if let Some(connection) = place.lock().await.take() {
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// An open connection that is idle, else a place for another one, else the next one in turn.
    async fn free(&self) -> MutexGuard<'_, Option<SqliteConnection>> {
        let mut room = None;
        for place in &self.places {
            match place.try_lock() {
                Ok(place) if place.is_some() => return place,
                Ok(place) => room = room.or(Some(place)),
                Err(_) => {}
            }
        }
        match room {
            Some(place) => place,
            None => self.places[self.turn.fetch_add(1, Ordering::Relaxed) % CONNECTIONS].lock().await,
        }
    }
}
