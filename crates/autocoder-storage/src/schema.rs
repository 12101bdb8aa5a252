//! The schema's version: brought up to date when a database is opened, never when a newer Autocoder wrote it.

use autocoder_core::ports::{Out, StoreError};
use migration::Migrator;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::failure::store_error;
use crate::target::Target;
use crate::{postgres, sqlite};

/// Which migrations a database has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Known and applied, oldest first.
    pub applied: Vec<String>,
    /// Known and not applied.
    pub pending: Vec<String>,
    /// Applied and not known: a newer Autocoder wrote them.
    pub newer: Vec<String>,
}

impl MigrationStatus {
    fn of(found: Vec<String>) -> Self {
        let known = migration::names();
        let (applied, pending) = known.iter().cloned().partition(|name| found.contains(name));
        let newer = found.into_iter().filter(|name| !known.contains(name)).collect();
        Self { applied, pending, newer }
    }

    fn refuse_newer(&self) -> Out<()> {
        let known = migration::names().pop().unwrap_or_default();
        self.newer.last().map_or(Ok(()), |found| Err(StoreError::Newer { found: found.clone(), known }))
    }
}

/// Which migrations a database has, without changing it. A file that is not there has none.
///
/// # Errors
/// When the database cannot be read.
pub async fn migration_status(target: &Target) -> Out<MigrationStatus> {
    let pool = match target {
        Target::Sqlite(path) if !path.exists() => return Ok(MigrationStatus::of(Vec::new())),
        Target::Sqlite(path) => sqlite::readers(path).await?,
        Target::Postgres(url) => postgres::connect(url, 1).await?,
    };
    let found = found(&pool).await;
    // The answer is there; a pool that fails to close changes nothing about it.
    let _ = pool.close().await;
    Ok(MigrationStatus::of(found?))
}

/// Whether nothing is to be applied; refuses a newer schema without writing.
pub(crate) async fn is_current(pool: &DatabaseConnection) -> Out<bool> {
    let status = MigrationStatus::of(found(pool).await?);
    status.refuse_newer()?;
    Ok(status.pending.is_empty())
}

/// Refuses a newer schema, then applies what is missing: all of it, or nothing.
pub(crate) async fn upgrade(writer: &DatabaseConnection) -> Out<()> {
    let status = MigrationStatus::of(found(writer).await?);
    status.refuse_newer()?;
    if status.pending.is_empty() {
        return Ok(());
    }
    let transaction = begin(writer).await?;
    // Another process may have been first.
    MigrationStatus::of(found(&transaction).await?).refuse_newer()?;
    Migrator::up(&transaction, None).await.map_err(|error| store_error("migrating", &error))?;
    transaction.commit().await.map_err(|error| store_error("migrating", &error))
}

/// Refuses a schema that is not exactly the one known.
pub(crate) async fn require(pool: &DatabaseConnection) -> Out<()> {
    let status = MigrationStatus::of(found(pool).await?);
    status.refuse_newer()?;
    match status.pending.first() {
        None => Ok(()),
        Some(name) => {
            Err(StoreError::Unavailable(format!("migration `{name}` is pending; run `autocoder migrate up`")))
        }
    }
}

async fn begin(writer: &DatabaseConnection) -> Out<DatabaseTransaction> {
    if writer.get_database_backend() == DbBackend::Sqlite {
        return sqlite::begin(writer).await;
    }
    let failed = |error: DbErr| store_error("migrating", &error);
    let transaction = writer.begin().await.map_err(failed)?;
    let sql = format!("SELECT pg_advisory_xact_lock({})", postgres::MIGRATION_LOCK);
    transaction.execute_unprepared(&sql).await.map_err(failed)?;
    Ok(transaction)
}

async fn found(connection: &impl ConnectionTrait) -> Out<Vec<String>> {
    let backend = connection.get_database_backend();
    let exists = match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        _ => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
    };
    let failed = |error: DbErr| store_error("reading the schema's version", &error);
    let table = connection.query_one_raw(Statement::from_string(backend, exists)).await.map_err(failed)?;
    if table.is_none() {
        return Ok(Vec::new());
    }
    let versions = "SELECT version FROM seaql_migrations ORDER BY version";
    let rows = connection.query_all_raw(Statement::from_string(backend, versions)).await.map_err(failed)?;
    rows.iter().map(|row| row.try_get("", "version").map_err(failed)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_migration_that_fails_halfway_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        sqlite::create(&path).unwrap();
        let writer = sqlite::writer(&path).await.unwrap();
        // The last table of the migration is in its way.
        writer.execute_unprepared("CREATE TABLE events (id INTEGER)").await.unwrap();
        assert!(matches!(upgrade(&writer).await, Err(StoreError::Failed { step: "migrating", .. })));
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table'";
        let rows = writer.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
        let names: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
        assert_eq!(names, ["events"]);
        writer.execute_unprepared("DROP TABLE events").await.unwrap();
        upgrade(&writer).await.unwrap();
        assert_eq!(found(&writer).await.unwrap(), migration::names());
    }

    #[tokio::test]
    async fn usage_counted_by_an_older_version_is_in_the_roll_ups() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        sqlite::create(&path).unwrap();
        let writer = sqlite::writer(&path).await.unwrap();
        Migrator::up(&writer, Some(2)).await.unwrap();
        let project = "INSERT INTO projects VALUES (1, 'p', '', '/', '', NULL, 'active', '{}', NULL, NULL, 0, 1)";
        writer.execute_unprepared(project).await.unwrap();
        let day = 86_400_000_000_i64;
        for (at, phase, input) in
            [(-1, "NULL", 1), (0, "NULL", 2), (day - 1, "7", 4), (day, "7", 8), (day + 5, "7", 16)]
        {
            let sql = format!(
                "INSERT INTO usage_logs (source, message_id, project_id, phase_id, agent_id, run_id, at, model, input, output, \
                 cache_read, cache_write_5m, cache_write_1h, cost_nusd, quality, rehearsal) \
                 VALUES ('s', '{at}', 1, {phase}, 'a', 1, {at}, 'm', {input}, 0, 0, 0, 0, NULL, 'exact', 0)"
            );
            writer.execute_unprepared(&sql).await.unwrap();
        }
        upgrade(&writer).await.unwrap();
        for (table, expected) in
            [("usage_daily", "-1/0:1 0/0:2 0/7:4 1/7:24"), ("usage_quarters", "-1/0:1 0/0:2 95/7:4 96/7:24")]
        {
            let sql =
                format!("SELECT slot || '/' || phase_id || ':' || input AS row FROM {table} ORDER BY slot, phase_id");
            let rows = writer.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
            let rows: Vec<String> = rows.iter().map(|row| row.try_get("", "row").unwrap()).collect();
            assert_eq!(rows.join(" "), expected, "{table}");
        }
    }
}
