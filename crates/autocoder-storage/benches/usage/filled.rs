//! A file with a year of usage, made by SQL alone, and what SQLite does without Autocoder.

use std::path::Path;
use std::time::{Duration, Instant};

use autocoder_core::run::Tokens;
use autocoder_core::usage_record::UsageSum;
use rusqlite::{Connection, params};

pub(super) const RECORDS: i64 = 5_000_000;
/// When the year ends, 2026-11-23, in seconds.
pub(super) const END: i64 = 1_795_392_000;

const KINDS: [&str; 6] = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "cost_nusd"];

/// Ten projects with four agents each, around the clock: a feature takes one of them a day, a task four hours (57 records).
const RECORDS_SQL: &str = "
    INSERT INTO usage_logs (source, message_id, project_id, phase_id, feature_id, task_id, agent_id, run_id, at, model,
        input, output, cache_read, cache_write_5m, cache_write_1h, cost_nusd, quality, rehearsal)
    WITH RECURSIVE
        counted (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM counted WHERE i + 1 < ?1),
        placed AS (SELECT i, 1 + i % 10 AS project, i / 10 % 4 AS agent, ?2 + i * 31536000 / ?1 AS second FROM counted)
    SELECT printf('session-%06d', i / 10000), printf('message-%08d', i), project, project * 10 + second / 6307200 % 10,
        second / 86400 * 40 + project * 4 + agent, second / 14400 * 40 + project * 4 + agent, 'coder-' || agent,
        second / 14400, second * 1000000 + i % 1000000,
        CASE i % 5 WHEN 0 THEN 'claude-haiku-5' ELSE 'claude-opus-5' END, 1 + i % 90, 100 + i % 700, i % 90000, i % 3000,
        i % 700, 1000000 + i % 90000000, 'exact', i % 211 = 0 FROM placed";

/// Fills a new file.
pub(super) fn filled(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;").unwrap();
    let indexes = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'usage_logs' AND type = 'index' AND sql <> ''";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let indexes: Vec<_> =
        connection.prepare(indexes).unwrap().query_map([], read).unwrap().map(Result::unwrap).collect();
    connection.execute_batch("BEGIN").unwrap();
    for (name, _) in &indexes {
        connection.execute_batch(&format!("DROP INDEX {name}")).unwrap();
    }
    connection.execute(RECORDS_SQL, params![RECORDS, END - 365 * 86_400]).unwrap();
    for (_, sql) in &indexes {
        connection.execute_batch(sql).unwrap();
    }
    for (table, length) in [("usage_daily", 86_400_000_000_i64), ("usage_quarters", 900_000_000)] {
        let sums = KINDS.map(|kind| format!("SUM({kind})")).join(", ");
        let sql = format!(
            "INSERT INTO {table} SELECT at / {length}, project_id, phase_id, feature_id, agent_id, model, rehearsal, \
             {sums} FROM usage_logs GROUP BY 1, 2, 3, 4, 5, 6, 7"
        );
        let rows = connection.execute(&sql, []).unwrap();
        println!("{table}: {rows} rows");
    }
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    connection
}

/// The sum of the single records.
pub(super) fn raw_sum(connection: &Connection, sum: &UsageSum) -> Tokens {
    let kinds = KINDS.map(|kind| format!("SUM({kind})")).join(", ");
    let sql = format!(
        "SELECT {kinds} FROM usage_logs NOT INDEXED WHERE at >= ?1 AND at < ?2 AND NOT rehearsal AND ?3 IN (0, project_id)"
    );
    let window = params![sum.from.unwrap().0, sum.until.unwrap().0, sum.project.map_or(0, |id| id.0)];
    let read = |row: &rusqlite::Row<'_>| {
        let kind = |place| row.get::<_, i64>(place).map(i64::cast_unsigned);
        Ok(Tokens {
            input: kind(0)?,
            output: kind(1)?,
            cache_read: kind(2)?,
            cache_write_5m: kind(3)?,
            cache_write_1h: kind(4)?,
        })
    };
    connection.query_row(&sql, window, read).unwrap()
}

/// The time for inserts into an empty file of the same schema, in durable transactions.
pub(super) fn raw_inserts(path: &Path, batches: u64, a_batch: u64) -> Duration {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;").unwrap();
    let sql = "INSERT INTO usage_logs (source, message_id, project_id, phase_id, feature_id, task_id, agent_id, run_id, at, \
               model, input, output, cache_read, cache_write_5m, cache_write_1h, cost_nusd, quality, rehearsal) \
               VALUES (?1, ?2, 1, 2, 3, 4, ?3, 5, ?4, 'claude-opus-5', 4, 400, 60000, 900, 0, 51000000, 'exact', 0)";
    let mut insert = connection.prepare(sql).unwrap();
    let started = Instant::now();
    for batch in 0..batches {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for number in batch * a_batch..(batch + 1) * a_batch {
            let agent = number % 4;
            let source = format!("8c1f0d2e-5a7b-4c3d-9e8f-{:012}", number / 4_000 * 4 + agent);
            let at = (END - 3_000_000) * 1_000_000 + (number * 2_000_000).cast_signed();
            insert.execute(params![source, format!("msg_01{number:022}"), format!("coder-{agent}"), at]).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    started.elapsed()
}
