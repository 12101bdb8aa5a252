//! The store: opens a database, hands out units of work and answers what screens show.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use autocoder_core::ports::{EventFeed, Out, Queries, Scope, Store, StoreError, UnitOfWork, UsageLedger};
use autocoder_core::time::Timestamp;
use sea_orm::{AccessMode, DatabaseConnection, DbBackend, IsolationLevel, TransactionTrait};

use crate::failure::store_error;
use crate::link::{Counter, Link};
use crate::lock::OpenLock;
use crate::readers::Readers;
use crate::target::{Clock, OpenOptions, Target};
use crate::turns::{Turn, Turns};
use crate::unit::Unit;
use crate::{postgres, schema, sqlite};

/// Plans on SQLite or PostgreSQL through sea-orm. Clones share the connections.
#[derive(Clone)]
pub struct SeaOrmStore {
    writer: DatabaseConnection,
    readers: DatabaseConnection,
    /// Answers single statements on SQLite.
    singles: Option<Arc<Readers>>,
    /// Gives out ids beside a unit of work on PostgreSQL, so that units of different projects do not wait for each other.
    numberer: Option<DatabaseConnection>,
    turns: Turns,
    clock: Option<Clock>,
    counter: Counter,
    /// Keeps a restoration off while this store is open.
    _open: Option<Arc<OpenLock>>,
}

impl SeaOrmStore {
    /// Opens a database, and creates and migrates it unless the options say otherwise.
    ///
    /// # Errors
    /// `Newer` when a newer Autocoder wrote it, `Unavailable` when it cannot be reached.
    pub async fn open(target: Target, options: OpenOptions) -> Result<Self, StoreError> {
        let open = match &target {
            Target::Sqlite(path) => Some(Arc::new(OpenLock::shared(path).await?)),
            Target::Postgres(_) => None,
        };
        let singles = match &target {
            Target::Sqlite(path) => Some(Arc::new(Readers::new(path.clone()))),
            Target::Postgres(_) => None,
        };
        let (writer, readers, numberer) = match &target {
            Target::Sqlite(path) => open_sqlite(path, options.migrate).await?,
            Target::Postgres(url) => open_postgres(url, options.migrate).await?,
        };
        let (turns, counter) = (Turns::default(), Arc::default());
        Ok(Self { writer, readers, singles, numberer, turns, clock: options.clock, counter, _open: open })
    }

    /// Closes every connection, once those in use are back.
    ///
    /// # Errors
    /// When the database fails at it.
    pub async fn close(&self) -> Result<(), StoreError> {
        if let Some(singles) = &self.singles {
            singles.close().await.map_err(|error| StoreError::Unavailable(format!("closing: {error}")))?;
        }
        for pool in [Some(&self.readers), self.numberer.as_ref(), Some(&self.writer)].into_iter().flatten() {
            pool.close_by_ref().await.map_err(|error| store_error("closing", &error))?;
        }
        Ok(())
    }

    /// How many statements this store and its clones have run; BEGIN and COMMIT do not count.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.counter.load(Ordering::Relaxed)
    }

    /// Reads outside of any transaction.
    pub(crate) fn reader(&self) -> Link {
        match &self.singles {
            Some(singles) => Link::readers(Arc::clone(singles), self.counter.clone()),
            None => Link::pool(self.readers.clone(), self.counter.clone()),
        }
    }

    /// Reads in a transaction whose statements each see what is committed by then.
    pub(crate) async fn reading(&self) -> Out<Link> {
        let transaction = self.readers.begin().await.map_err(|error| store_error("beginning", &error))?;
        Ok(Link::transaction(transaction, self.counter.clone()))
    }

    /// Reads several statements from one state.
    pub(crate) async fn snapshot(&self) -> Out<Link> {
        if self.is_sqlite() {
            return self.reading().await;
        }
        let (isolation, access) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
        let begun = self.readers.begin_with_config(Some(isolation), Some(access)).await;
        let transaction = begun.map_err(|error| store_error("beginning", &error))?;
        Ok(Link::transaction(transaction, self.counter.clone()))
    }

    /// A transaction that writes outside of any project's lock.
    pub(crate) async fn writing(&self) -> Out<(Link, Option<Turn>)> {
        let turn = if self.is_sqlite() { Some(self.turns.of_all().await?) } else { None };
        Ok((self.transaction().await?, turn))
    }

    /// The store's clock.
    pub(crate) async fn time(&self) -> Out<Timestamp> {
        match &self.clock {
            Some(clock) => Ok(clock()),
            None if self.is_sqlite() => Ok(sqlite::now()),
            None => postgres::now(&self.reader()).await,
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Sqlite
    }

    async fn transaction(&self) -> Out<Link> {
        let transaction = if self.is_sqlite() {
            sqlite::begin(&self.writer).await?
        } else {
            self.writer.begin().await.map_err(|error| store_error("beginning", &error))?
        };
        Ok(Link::transaction(transaction, self.counter.clone()))
    }

    async fn unit(&self, scope: Scope) -> Out<Unit> {
        let sqlite = self.is_sqlite();
        let turn = if sqlite { self.turns.of_all().await? } else { self.turns.of(scope).await? };
        let link = self.transaction().await?;
        let now = if sqlite { sqlite::now() } else { postgres::lock(&link, scope).await? };
        let now = self.clock.as_ref().map_or(now, |clock| clock());
        let numberer = self.numberer.clone().map(|pool| Link::pool(pool, self.counter.clone()));
        Ok(Unit::new(link, numberer, scope, now, turn))
    }
}

#[async_trait]
impl Store for SeaOrmStore {
    async fn begin(&self, scope: Scope) -> Out<Box<dyn UnitOfWork>> {
        Ok(Box::new(self.unit(scope).await?))
    }

    fn queries(&self) -> &dyn Queries {
        self
    }

    fn ledger(&self) -> &dyn UsageLedger {
        self
    }

    fn feed(&self) -> &dyn EventFeed {
        self
    }

    fn outbox(&self) -> &dyn autocoder_core::ports::Outbox {
        self
    }

    fn receipts(&self) -> &dyn autocoder_core::ports::Receipts {
        self
    }

    fn accounting(&self) -> &dyn autocoder_core::ports::Accounting {
        self
    }
}

type Pools = (DatabaseConnection, DatabaseConnection, Option<DatabaseConnection>);

async fn open_sqlite(path: &std::path::Path, migrate: bool) -> Out<Pools> {
    if path.exists() {
        // A writing connection would already touch the file of a newer Autocoder.
        let readers = sqlite::readers(path).await?;
        if schema::is_current(&readers).await? {
            return Ok((sqlite::writer_when_needed(path), readers, None));
        }
        // The migration has the file for itself.
        let _ = readers.close().await;
    }
    sqlite::create(path)?;
    let writer = sqlite::writer(path).await?;
    bring_up(&writer, migrate).await?;
    Ok((writer, sqlite::readers(path).await?, None))
}

async fn open_postgres(url: &str, migrate: bool) -> Out<Pools> {
    let writer = postgres::connect(url, postgres::WRITERS).await?;
    bring_up(&writer, migrate).await?;
    let readers = postgres::connect(url, postgres::READERS).await?;
    Ok((writer, readers, Some(postgres::connect(url, postgres::NUMBERERS).await?)))
}

async fn bring_up(writer: &DatabaseConnection, migrate: bool) -> Out<()> {
    if migrate { schema::upgrade(writer).await } else { schema::require(writer).await }
}
