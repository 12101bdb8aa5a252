//! SQLite: one writing connection a process and a few that only read, with the settings that were measured.

use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use autocoder_core::ports::{Out, StoreError};
use autocoder_core::time::Timestamp;
use libsqlite3_sys::{SQLITE_DBCONFIG_ENABLE_QPSG, SQLITE_OK, sqlite3_db_config};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{ConnectOptions, Error};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, SqlxSqliteConnector,
    Statement, TransactionOptions, TransactionTrait,
};

use crate::failure::{is_busy, is_locked, store_error};
use crate::turns::PATIENCE;

const READERS: u32 = 4;
/// Statements of imports come in many lengths; the hot ones must stay prepared beside them.
const PREPARED: usize = 300;

/// Creates the file, for its owner only, unless it is there.
pub(crate) fn create(path: &Path) -> Out<()> {
    let failed =
        |error: std::io::Error| StoreError::Unavailable(format!("cannot create `{}`: {error}", path.display()));
    create_folder(path).map_err(failed)?;
    OpenOptions::new().append(true).create(true).mode(0o600).open(path).map(drop).map_err(failed)
}

/// Creates the folder of a file, for its owner only, unless it is there.
pub(crate) fn create_folder(path: &Path) -> std::io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

/// Folds the log into the file, so that it stands alone. False while another program has it open.
pub(crate) async fn fold(path: &Path) -> Out<bool> {
    let failed = |error: &sea_orm::DbErr| store_error("closing the old database", error);
    let pool = pool(1).connect_with(options(path)).await;
    let pool = pool.map_err(|error| StoreError::Unavailable(format!("opening the database: {error}")))?;
    let pool = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
    let sql = Statement::from_string(DbBackend::Sqlite, "PRAGMA journal_mode = DELETE");
    let answer = pool.query_one_raw(sql).await;
    pool.close().await.map_err(|error| failed(&error))?;
    match answer {
        Err(error) if is_busy(&error) => Ok(false),
        Err(error) => Err(failed(&error)),
        Ok(row) => {
            let mode = row.and_then(|row| row.try_get_by_index::<String>(0).ok());
            Ok(mode.is_some_and(|mode| mode == "delete"))
        }
    }
}

/// The connection that writes.
pub(crate) async fn writer(path: &Path) -> Out<DatabaseConnection> {
    connect(writing(path), 1).await
}

/// The connection that writes, opened at the first write: most commands only read.
pub(crate) fn writer_when_needed(path: &Path) -> DatabaseConnection {
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool(1).connect_lazy_with(writing(path)))
}

fn writing(path: &Path) -> SqliteConnectOptions {
    options(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("journal_size_limit", "67108864")
}

/// Connections that only read; the file must be there.
pub(crate) async fn readers(path: &Path) -> Out<DatabaseConnection> {
    connect(options(path).read_only(true), READERS).await
}

pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(PREPARED)
        .disable_statement_logging()
}

fn pool(most: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(most)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(PATIENCE)
        .after_connect(|connection, _| Box::pin(keep_plans(connection)))
}

async fn connect(options: SqliteConnectOptions, most: u32) -> Out<DatabaseConnection> {
    let pool = pool(most);
    let end = Instant::now() + PATIENCE;
    loop {
        // SQLite does not wait when two processes turn WAL on in a new file.
        match pool.clone().connect_with(options.clone()).await {
            Ok(pool) => return Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)),
            Err(error) if is_locked(&error) && Instant::now() < end => tokio::time::sleep(jitter()).await,
            Err(error) => return Err(StoreError::Unavailable(format!("opening the database: {error}"))),
        }
    }
}

/// Without the query planner's stability guarantee SQLite plans a statement anew whenever a bound value changes.
#[expect(unsafe_code, reason = "SQLite offers this switch only as a C call; neither sqlx nor a pragma has it")]
pub(crate) async fn keep_plans(connection: &mut SqliteConnection) -> Result<(), Error> {
    let mut handle = connection.lock_handle().await?;
    let (on, unused) = (1, std::ptr::null_mut::<std::ffi::c_int>());
    // SAFETY: the locked handle is open and ours alone; this option takes an int and a pointer to int that may be null.
    let code = unsafe { sqlite3_db_config(handle.as_raw_handle().as_ptr(), SQLITE_DBCONFIG_ENABLE_QPSG, on, unused) };
    if code == SQLITE_OK { Ok(()) } else { Err(Error::Protocol(format!("SQLite refused QPSG with {code}"))) }
}

/// BEGIN IMMEDIATE, however long another process holds the file up to [`PATIENCE`].
pub(crate) async fn begin(writer: &DatabaseConnection) -> Out<DatabaseTransaction> {
    let end = Instant::now() + PATIENCE;
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    loop {
        match writer.begin_with_options(options).await {
            Err(error) if is_busy(&error) && Instant::now() < end => tokio::time::sleep(jitter()).await,
            other => return other.map_err(|error| store_error("beginning", &error)),
        }
    }
}

/// The system's clock.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn jitter() -> Duration {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().subsec_nanos();
    Duration::from_millis(2 + u64::from(nanos / 1_000 % 16))
}
