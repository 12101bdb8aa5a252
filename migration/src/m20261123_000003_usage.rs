//! Usage outlives projects and is rolled up by days and by quarters of an hour; prices and imported files are kept.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000003_usage"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let (unbound, clustered) = if sqlite { (ON_SQLITE, " WITHOUT ROWID") } else { (ON_POSTGRES, "") };
        let rollups = ROLLUPS.iter().map(|rollup| rollup.replace("{clustered}", clustered));
        let filled = [("usage_daily", 86_400_000_000_i64), ("usage_quarters", 900_000_000)];
        let fill = filled.map(|(table, length)| fill(table, length));
        let fixed = |list: &[&str]| list.iter().map(|&sql| sql.to_owned()).collect::<Vec<_>>();
        for sql in fixed(unbound).into_iter().chain(rollups).chain(fill).chain(fixed(TABLES)) {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// SQLite cannot take a foreign key away from a table.
const ON_SQLITE: &[&str] = &[
    r#"CREATE TABLE usage_unbound (
        id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, message_id TEXT NOT NULL,
        project_id BIGINT NOT NULL, phase_id BIGINT, feature_id BIGINT, task_id BIGINT, agent_id TEXT NOT NULL,
        run_id BIGINT NOT NULL, at BIGINT NOT NULL, model TEXT NOT NULL, input BIGINT NOT NULL,
        output BIGINT NOT NULL, cache_read BIGINT NOT NULL, cache_write_5m BIGINT NOT NULL,
        cache_write_1h BIGINT NOT NULL, cost_nusd BIGINT, quality TEXT NOT NULL, rehearsal BOOLEAN NOT NULL,
        UNIQUE (source, message_id))"#,
    r#"INSERT INTO usage_unbound SELECT id, source, message_id, project_id, phase_id, feature_id, task_id, agent_id,
        run_id, at, model, input, output, cache_read, cache_write_5m, cache_write_1h, cost_nusd, quality, rehearsal
        FROM usage_logs"#,
    "DROP TABLE usage_logs",
    "ALTER TABLE usage_unbound RENAME TO usage_logs",
    "CREATE INDEX usage_logs_at ON usage_logs (project_id, at)",
    "CREATE INDEX usage_logs_task ON usage_logs (task_id)",
];

const ON_POSTGRES: &[&str] = &[
    "ALTER TABLE usage_logs DROP CONSTRAINT usage_logs_project_id_fkey",
    "DROP INDEX usage_logs_phase",
    "DROP INDEX usage_logs_feature",
];

/// Both hold every record; 0 and '' stand for none. Sums by phase, feature or agent come from here.
const ROLLUPS: &[&str] = &[
    // The part of a quarter of an hour that a sum needs, of all projects.
    "CREATE INDEX usage_logs_moment ON usage_logs (at)",
    "DROP TABLE usage_daily",
    r#"CREATE TABLE usage_daily (
        slot BIGINT NOT NULL, project_id BIGINT NOT NULL, phase_id BIGINT NOT NULL, feature_id BIGINT NOT NULL,
        agent_id TEXT NOT NULL, model TEXT NOT NULL, rehearsal BOOLEAN NOT NULL, input BIGINT NOT NULL,
        output BIGINT NOT NULL, cache_read BIGINT NOT NULL, cache_write_5m BIGINT NOT NULL,
        cache_write_1h BIGINT NOT NULL, cost_nusd BIGINT NOT NULL,
        PRIMARY KEY (slot, project_id, phase_id, feature_id, agent_id, model, rehearsal)){clustered}"#,
    "CREATE INDEX usage_daily_project ON usage_daily (project_id, slot)",
    "CREATE INDEX usage_daily_phase ON usage_daily (phase_id, slot)",
    "CREATE INDEX usage_daily_feature ON usage_daily (feature_id, slot)",
    r#"CREATE TABLE usage_quarters (
        slot BIGINT NOT NULL, project_id BIGINT NOT NULL, phase_id BIGINT NOT NULL, feature_id BIGINT NOT NULL,
        agent_id TEXT NOT NULL, model TEXT NOT NULL, rehearsal BOOLEAN NOT NULL, input BIGINT NOT NULL,
        output BIGINT NOT NULL, cache_read BIGINT NOT NULL, cache_write_5m BIGINT NOT NULL,
        cache_write_1h BIGINT NOT NULL, cost_nusd BIGINT NOT NULL,
        PRIMARY KEY (slot, project_id, phase_id, feature_id, agent_id, model, rehearsal)){clustered}"#,
];

/// A slot is the number of a day or of a quarter of an hour since 1970 in UTC, rounded down also before.
fn fill(table: &str, length: i64) -> String {
    let kinds = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "cost_nusd"];
    let sums = kinds.map(|kind| format!("CAST(COALESCE(SUM({kind}), 0) AS BIGINT)")).join(", ");
    format!(
        "INSERT INTO {table} \
         SELECT (at - ((at % {length}) + {length}) % {length}) / {length}, project_id, COALESCE(phase_id, 0), \
         COALESCE(feature_id, 0), agent_id, model, rehearsal, {sums} FROM usage_logs GROUP BY 1, 2, 3, 4, 5, 6, 7"
    )
}

/// Prices are pico-USD a token. A file is known by its path; `head` is a fingerprint of its first bytes.
const TABLES: &[&str] = &[
    r#"CREATE TABLE prices (
        version TEXT NOT NULL, model TEXT NOT NULL, input BIGINT NOT NULL, output BIGINT NOT NULL,
        cache_read BIGINT NOT NULL, cache_write_5m BIGINT NOT NULL, cache_write_1h BIGINT NOT NULL,
        PRIMARY KEY (version, model))"#,
    r#"CREATE TABLE usage_imports (
        path TEXT PRIMARY KEY, kind TEXT NOT NULL, size BIGINT NOT NULL, modified_at BIGINT NOT NULL,
        read_to BIGINT NOT NULL, head TEXT NOT NULL, at BIGINT NOT NULL)"#,
];
