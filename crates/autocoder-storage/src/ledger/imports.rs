//! How far files of other programs were imported, and what of them is counted already.

use autocoder_core::ports::{ImportState, Out};
use autocoder_core::run::Tokens;
use autocoder_core::time::Timestamp;
use sea_orm::QueryResult;
use serde_json::{Value, json};

use crate::entity::field;
use crate::link::{Link, list};

pub(super) async fn states(link: &Link, kind: &str) -> Out<Vec<ImportState>> {
    let sql =
        "SELECT path, kind, size, modified_at, read_to, head, at FROM usage_imports WHERE kind = $1 ORDER BY path";
    link.all("loading imports", sql, [kind.into()]).await?.iter().map(state).collect()
}

fn state(row: &QueryResult) -> Out<ImportState> {
    Ok(ImportState {
        path: field(row, "path")?,
        kind: field(row, "kind")?,
        size: count(row, "size")?,
        modified_at: Timestamp(field(row, "modified_at")?),
        read_to: count(row, "read_to")?,
        head: field(row, "head")?,
        at: Timestamp(field(row, "at")?),
    })
}

pub(super) async fn save(link: &Link, states: &[ImportState]) -> Out<()> {
    let row = |s: &ImportState| json!([s.path, s.kind, s.size, s.modified_at.0, s.read_to, s.head, s.at.0]);
    let rows: Vec<Value> = states.iter().map(row).collect();
    let types = ["TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "BIGINT"];
    let places = types.iter().enumerate().map(|(index, kind)| format!("CAST(k.value ->> {index} AS {kind})"));
    let sql = format!(
        "INSERT INTO usage_imports (path, kind, size, modified_at, read_to, head, at) SELECT {} FROM {} AS k WHERE 1 = 1 \
         ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, size = excluded.size, \
         modified_at = excluded.modified_at, read_to = excluded.read_to, head = excluded.head, at = excluded.at",
        places.collect::<Vec<_>>().join(", "),
        list(link.backend(), 1)
    );
    link.run("writing imports", &sql, [Value::from(rows).to_string().into()]).await.map(drop)
}

pub(super) async fn counted(link: &Link, source: &str, messages: &[String]) -> Out<Vec<(String, Tokens)>> {
    let keys: Vec<_> = messages.iter().map(|message| json!([message])).collect();
    // CROSS, so that SQLite looks each message up instead of reading all of the source.
    let sql = format!(
        "SELECT u.message_id, u.input, u.output, u.cache_read, u.cache_write_5m, u.cache_write_1h FROM {} AS k \
         CROSS JOIN usage_logs u WHERE u.source = $2 AND u.message_id = k.value ->> 0",
        list(link.backend(), 1)
    );
    let values = [Value::from(keys).to_string().into(), source.into()];
    let rows = link.all("loading usage", &sql, values).await?;
    let tokens = |row: &QueryResult| {
        Out::Ok(Tokens {
            input: count(row, "input")?,
            output: count(row, "output")?,
            cache_read: count(row, "cache_read")?,
            cache_write_5m: count(row, "cache_write_5m")?,
            cache_write_1h: count(row, "cache_write_1h")?,
        })
    };
    rows.iter().map(|row| Ok((field(row, "message_id")?, tokens(row)?))).collect()
}

pub(super) async fn known_sources(link: &Link, sources: &[String]) -> Out<Vec<String>> {
    let keys: Vec<_> = sources.iter().map(|source| json!([source])).collect();
    let sql = format!(
        "SELECT k.value ->> 0 AS source FROM {} AS k \
         WHERE EXISTS (SELECT 1 FROM usage_logs u WHERE u.source = k.value ->> 0)",
        list(link.backend(), 1)
    );
    let rows = link.all("loading sources", &sql, [Value::from(keys).to_string().into()]).await?;
    rows.iter().map(|row| field(row, "source")).collect()
}

fn count(row: &QueryResult, name: &str) -> Out<u64> {
    Ok(u64::try_from(field::<i64>(row, name)?).unwrap_or(0))
}
