//! Adds records of usage: each message once, however often it is delivered, with both roll-ups in step.

use std::collections::BTreeMap;

use autocoder_core::ports::Out;
use autocoder_core::run::Tokens;
use autocoder_core::usage_record::UsageRecord;
use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;
use serde_json::{Value, json};

use super::used::KINDS;
use crate::entity::columns;
use crate::entity::usage_log::{self, Column};
use crate::link::{Link, list};
use crate::read::every;

pub(crate) const DAY_MICROS: i64 = 86_400_000_000;
/// Every time zone's midnight falls on a quarter of an hour.
pub(crate) const QUARTER_MICROS: i64 = 900_000_000;

/// No column of sums overflows as long as no message has more of anything: the largest count that is believed.
const MOST: u64 = (1 << 53) - 1;

/// The roll-ups, with the length of their slots.
pub(crate) const ROLL_UPS: [(&str, i64); 2] = [("usage_daily", DAY_MICROS), ("usage_quarters", QUARTER_MICROS)];

type Key = (String, String);
/// A row of a roll-up: its time, project, phase, feature, agent, model and whether it is a rehearsal.
type Slot = (i64, i64, i64, i64, String, String, bool);

pub(super) async fn record(link: &Link, records: &[UsageRecord]) -> Out<()> {
    let known: BTreeMap<Key, UsageRecord> = known(link, records).await?.into_iter().map(keyed).collect();
    let mut merged = known.clone();
    for record in records.iter().cloned().map(believable) {
        // What the first delivery was attributed to stays.
        let entry = merged.entry(key(&record)).or_insert_with(|| record.clone());
        entry.tokens = entry.tokens.fuller(record.tokens);
        entry.cost_nusd = Ord::max(entry.cost_nusd, record.cost_nusd);
    }
    merged.retain(|key, record| known.get(key) != Some(record));
    if merged.is_empty() {
        return Ok(());
    }
    for (table, length) in ROLL_UPS {
        let mut slots: BTreeMap<Slot, [i64; 6]> = BTreeMap::new();
        for (key, record) in &merged {
            let grown = grown(known.get(key), record);
            let sums = slots.entry(slot(record, length)).or_default();
            sums.iter_mut().zip(grown).for_each(|(sum, more)| *sum = sum.saturating_add(more));
        }
        add(link, table, slots).await?;
    }
    write(link, merged.into_values()).await
}

/// A record without absurd counts.
fn believable(record: UsageRecord) -> UsageRecord {
    let Tokens { input, output, cache_read, cache_write_5m, cache_write_1h } = record.tokens;
    let tokens = Tokens {
        input: input.min(MOST),
        output: output.min(MOST),
        cache_read: cache_read.min(MOST),
        cache_write_5m: cache_write_5m.min(MOST),
        cache_write_1h: cache_write_1h.min(MOST),
    };
    UsageRecord { tokens, cost_nusd: record.cost_nusd.map(|cost| cost.min(MOST)), ..record }
}

async fn known(link: &Link, records: &[UsageRecord]) -> Out<Vec<UsageRecord>> {
    let keys: Vec<_> = records.iter().map(|record| json!([record.source, record.message_id])).collect();
    // CROSS, so that SQLite looks each record up.
    let sql = format!(
        "SELECT {} FROM {} AS k CROSS JOIN usage_logs u WHERE u.source = k.value ->> 0 AND u.message_id = k.value ->> 1",
        columns::<usage_log::Entity>("u", ""),
        list(link.backend(), 1)
    );
    every::<usage_log::Model, _>(&link.all("loading usage", &sql, [json!(keys).to_string().into()]).await?, "")
}

async fn write(link: &Link, logs: impl Iterator<Item = UsageRecord>) -> Out<()> {
    let grow = OnConflict::columns([Column::Source, Column::MessageId])
        .update_columns([
            Column::Input,
            Column::Output,
            Column::CacheRead,
            Column::CacheWrite5m,
            Column::CacheWrite1h,
            Column::CostNusd,
        ])
        .to_owned();
    let logs = usage_log::Entity::insert_many(logs.map(usage_log::ActiveModel::from)).on_conflict(grow);
    link.run_built("writing usage", &logs).await.map(drop)
}

/// Adds to the rows of a roll-up, as one list so that the statement stays prepared whatever its length.
async fn add(link: &Link, table: &str, slots: BTreeMap<Slot, [i64; 6]>) -> Out<()> {
    let rows: Vec<Value> = slots.into_iter().map(|(slot, sums)| json!([slot, sums])).collect();
    let key = "slot, project_id, phase_id, feature_id, agent_id, model, rehearsal";
    let place = |types: [&str; 7]| {
        let read = |(index, kind): (usize, &&str)| format!("CAST(k.value -> 0 ->> {index} AS {kind})");
        types.iter().enumerate().map(read).collect::<Vec<_>>().join(", ")
    };
    let place = place(["BIGINT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "TEXT", "BOOLEAN"]);
    let sums = (0..KINDS.len()).map(|index| format!("CAST(k.value -> 1 ->> {index} AS BIGINT)"));
    let more = KINDS.map(|kind| format!("{kind} = {table}.{kind} + excluded.{kind}"));
    // Without the WHERE, SQLite takes ON for that of a join.
    let sql = format!(
        "INSERT INTO {table} ({key}, {}) SELECT {place}, {} FROM {} AS k WHERE 1 = 1 ON CONFLICT ({key}) DO UPDATE SET {}",
        KINDS.join(", "),
        sums.collect::<Vec<_>>().join(", "),
        list(link.backend(), 1),
        more.join(", ")
    );
    link.run("adding up usage", &sql, [Value::from(rows).to_string().into()]).await.map(drop)
}

/// What a record has beyond what is known of it, in the order of [`KINDS`].
fn grown(known: Option<&UsageRecord>, record: &UsageRecord) -> [i64; 6] {
    let counts = |record: &UsageRecord| {
        let tokens = record.tokens;
        [
            tokens.input,
            tokens.output,
            tokens.cache_read,
            tokens.cache_write_5m,
            tokens.cache_write_1h,
            record.cost_nusd.unwrap_or(0),
        ]
    };
    let before = known.map(counts).unwrap_or_default();
    // A cache write that turns out to last an hour leaves the five minutes.
    let grown = |(now, before): (u64, u64)| now.cast_signed().saturating_sub(before.cast_signed());
    let mut pairs = counts(record).into_iter().zip(before);
    std::array::from_fn(|_| pairs.next().map(grown).unwrap_or_default())
}

fn keyed(record: UsageRecord) -> (Key, UsageRecord) {
    (key(&record), record)
}

fn key(record: &UsageRecord) -> Key {
    (record.source.clone(), record.message_id.clone())
}

fn slot(record: &UsageRecord, length: i64) -> Slot {
    (
        record.at.0.div_euclid(length),
        record.project.0,
        record.phase.map_or(0, |id| id.0),
        record.feature.map_or(0, |id| id.0),
        record.agent.0.clone(),
        record.model.clone(),
        record.rehearsal,
    )
}
