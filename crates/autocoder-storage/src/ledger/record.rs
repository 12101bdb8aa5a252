//! Adds records of usage: each message once, however often it is delivered, with the roll-up by day in step.

use std::collections::BTreeMap;

use autocoder_core::ports::Out;
use autocoder_core::run::Tokens;
use autocoder_core::usage_record::UsageRecord;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use crate::entity::usage_log::{self, Column};
use crate::entity::{columns, usage_daily};
use crate::link::{Link, list};
use crate::read::every;

pub(crate) const DAY_MICROS: i64 = 86_400_000_000;

type Key = (String, String);
type DayKey = (i64, i32, String, bool);

pub(super) async fn record(link: &Link, records: &[UsageRecord]) -> Out<()> {
    let known: BTreeMap<Key, UsageRecord> = known(link, records).await?.into_iter().map(keyed).collect();
    let mut merged = known.clone();
    for record in records.iter().cloned() {
        let entry = merged.entry(key(&record)).or_insert_with(|| record.clone());
        entry.tokens = entry.tokens.fuller(record.tokens);
        entry.cost_nusd = Ord::max(entry.cost_nusd, record.cost_nusd);
    }
    merged.retain(|key, record| known.get(key) != Some(record));
    if merged.is_empty() {
        return Ok(());
    }
    let mut days: BTreeMap<DayKey, usage_daily::Model> = BTreeMap::new();
    for (key, record) in &merged {
        let before = known.get(key).map(|known| (known.tokens, known.cost_nusd)).unwrap_or_default();
        add(days.entry(day(record)).or_default(), before, record);
    }
    write(link, merged.into_values(), days.into_values()).await
}

async fn known(link: &Link, records: &[UsageRecord]) -> Out<Vec<UsageRecord>> {
    let keys: Vec<_> = records.iter().map(|record| json!([record.source, record.message_id])).collect();
    let sql = format!(
        "SELECT {} FROM {} AS k JOIN usage_logs u ON u.source = k.value ->> 0 AND u.message_id = k.value ->> 1",
        columns::<usage_log::Entity>("u", ""),
        list(link.backend(), 1)
    );
    every::<usage_log::Model, _>(&link.all("loading usage", &sql, [json!(keys).to_string().into()]).await?, "")
}

async fn write(
    link: &Link,
    logs: impl Iterator<Item = UsageRecord>,
    days: impl Iterator<Item = usage_daily::Model>,
) -> Out<()> {
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
    link.run_built("writing usage", &logs).await?;
    use usage_daily::Column as Day;
    let sum = |column: Day| {
        let old = Expr::col((usage_daily::Entity, column));
        (column, old.add(Expr::col(("excluded", column))))
    };
    let sums = [Day::Input, Day::Output, Day::CacheRead, Day::CacheWrite5m, Day::CacheWrite1h, Day::CostNusd].map(sum);
    let add = OnConflict::columns([Day::ProjectId, Day::Day, Day::Model, Day::Rehearsal]).values(sums).to_owned();
    let days = usage_daily::Entity::insert_many(days.map(IntoActiveModel::into_active_model)).on_conflict(add);
    link.run_built("adding up usage", &days).await.map(drop)
}

fn add(sum: &mut usage_daily::Model, (before, cost_before): (Tokens, Option<u64>), record: &UsageRecord) {
    let now = record.tokens;
    let grown = |now: u64, before: u64| i64::try_from(i128::from(now) - i128::from(before)).unwrap_or(i64::MAX);
    (sum.project_id, sum.day, sum.model, sum.rehearsal) = day(record);
    sum.input = sum.input.saturating_add(grown(now.input, before.input));
    sum.output = sum.output.saturating_add(grown(now.output, before.output));
    sum.cache_read = sum.cache_read.saturating_add(grown(now.cache_read, before.cache_read));
    sum.cache_write_5m = sum.cache_write_5m.saturating_add(grown(now.cache_write_5m, before.cache_write_5m));
    sum.cache_write_1h = sum.cache_write_1h.saturating_add(grown(now.cache_write_1h, before.cache_write_1h));
    let cost = grown(record.cost_nusd.unwrap_or(0), cost_before.unwrap_or(0));
    sum.cost_nusd = sum.cost_nusd.saturating_add(cost);
}

fn keyed(record: UsageRecord) -> (Key, UsageRecord) {
    (key(&record), record)
}

fn key(record: &UsageRecord) -> Key {
    (record.source.clone(), record.message_id.clone())
}

fn day(record: &UsageRecord) -> DayKey {
    let day = i32::try_from(record.at.0.div_euclid(DAY_MICROS)).unwrap_or(i32::MAX);
    (record.project.0, day, record.model.clone(), record.rehearsal)
}
