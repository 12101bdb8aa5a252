//! Usage at scale: records counted a second beside raw inserts of the same SQLite, and the dashboard's questions to
//! 5,000,000 records, checked against their raw sum.

#![expect(clippy::unwrap_used, reason = "a benchmark ends where it cannot measure")]
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measures")]

#[path = "usage/filled.rs"]
mod filled;

use std::time::{Duration, Instant};

use autocoder_core::ids::{AgentId, FeatureId, PhaseId, ProjectId, RunId, TaskId};
use autocoder_core::ports::Store;
use autocoder_core::run::Tokens;
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageGroup, UsageQuality, UsageQuestion, UsageRecord, UsageSum};
use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
use tokio::runtime::{Builder, Runtime};

use filled::{END, RECORDS, filled, raw_inserts};

const A_BATCH: u64 = 500;
const BATCHES: u64 = 200;
const ASKED: u32 = 200;
const HOUR_S: i64 = 3_600;
/// The last 30 days in Berlin, with the change of clocks among them; today is the last.
const DAYS: i64 = 30;

fn main() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(count());
    ask(&runtime);
}

async fn count() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path().join("counted.db")).await;
    let mut batches: Vec<Vec<UsageRecord>> =
        (0..BATCHES).map(|batch| (0..A_BATCH).map(|place| record(batch * A_BATCH + place)).collect()).collect();
    let started = Instant::now();
    for batch in &batches {
        store.ledger().record(batch.clone()).await.unwrap();
    }
    per_second("new records, both roll-ups, 500 a batch", started.elapsed());
    for record in batches.iter_mut().flatten() {
        record.tokens.output += 100;
    }
    let started = Instant::now();
    for batch in batches {
        store.ledger().record(batch).await.unwrap();
    }
    per_second("the same with larger counts", started.elapsed());
    store.close().await.unwrap();
    let raw = folder.path().join("raw.db");
    open(raw.clone()).await.close().await.unwrap();
    per_second("raw inserts of rusqlite, without roll-ups", raw_inserts(&raw, BATCHES, A_BATCH));
}

fn per_second(what: &str, took: Duration) {
    println!("{what:45} {:>9.0}/s", (BATCHES * A_BATCH) as f64 / took.as_secs_f64());
}

/// Four agents that work at the same time.
fn record(number: u64) -> UsageRecord {
    let agent = number % 4;
    let at = i64::try_from(number).unwrap() * 2;
    UsageRecord {
        source: format!("8c1f0d2e-5a7b-4c3d-9e8f-{:012}", number / 4_000 * 4 + agent),
        message_id: format!("msg_01{number:022}"),
        project: ProjectId(1),
        phase: Some(PhaseId(2)),
        feature: Some(FeatureId(3 + at / (4 * HOUR_S))),
        task: Some(TaskId(1_000 + at / HOUR_S)),
        agent: AgentId(format!("coder-{agent}")),
        run: RunId(at / HOUR_S),
        at: Timestamp::default().plus_seconds(END - 3_000_000 + at),
        model: "claude-opus-5".to_owned(),
        tokens: Tokens { input: 4, output: 400, cache_read: 60_000, cache_write_5m: 900, cache_write_1h: 0 },
        cost_nusd: Some(51_000_000),
        quality: UsageQuality::Exact,
        rehearsal: false,
    }
}

async fn open(path: std::path::PathBuf) -> SeaOrmStore {
    SeaOrmStore::open(Target::Sqlite(path), OpenOptions::default()).await.unwrap()
}

fn ask(runtime: &Runtime) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("filled.db");
    let started = Instant::now();
    runtime.block_on(async { open(path.clone()).await.close().await }).unwrap();
    let connection = filled(&path);
    println!("\n{RECORDS} records in a file made in {:.0?}; each question {ASKED} times", started.elapsed());
    let store = runtime.block_on(open(path));
    for project in [None, Some(ProjectId(3))] {
        let of = if project.is_some() { "one project" } else { "all" };
        let sum = |asked| UsageSum { project, from: Some(month()), until: Some(now(asked)), ..UsageSum::default() };
        let found = runtime.block_on(store.ledger().used(&sum(1))).unwrap();
        assert_eq!(found, filled::raw_sum(&connection, &sum(1)), "the roll-up differs from the raw sum");
        timed(&format!("month, {of}"), |asked| {
            runtime.block_on(store.ledger().used(&sum(asked))).unwrap();
        });
        // Tasks are added up from the single records.
        for &group in UsageGroup::ALL.iter().filter(|group| **group != UsageGroup::Task) {
            timed(&format!("30 days by {group}, {of}"), |asked| {
                let question = question(project, group, asked);
                assert!(!runtime.block_on(store.accounting().slices(&question)).unwrap().is_empty());
            });
        }
    }
}

/// A moment in the middle of a quarter of an hour, each time another one.
fn now(asked: u32) -> Timestamp {
    Timestamp::default().plus_seconds(END - 5 * HOUR_S - i64::from(asked) * 61)
}

/// The first of November in Berlin.
fn month() -> Timestamp {
    Timestamp::default().plus_seconds(END - 22 * 24 * HOUR_S - HOUR_S)
}

fn question(project: Option<ProjectId>, group: UsageGroup, asked: u32) -> UsageQuestion {
    // Until 2026-10-25 the day begins two hours before that of UTC, then one.
    let start = |ago: i64| END - ago * 24 * HOUR_S - if ago > 28 { 2 * HOUR_S } else { HOUR_S };
    let days: Vec<_> = (1..=DAYS).rev().map(|ago| Timestamp::default().plus_seconds(start(ago))).collect();
    let (from, tomorrow) = (days[0], Timestamp::default().plus_seconds(END - HOUR_S));
    match group {
        UsageGroup::Day => UsageQuestion { project, from, until: tomorrow, group, days },
        _ => UsageQuestion { project, from, until: now(asked), group, days: Vec::new() },
    }
}

fn timed(what: &str, ask: impl Fn(u32)) {
    ask(0);
    let once = |asked| {
        let started = Instant::now();
        ask(asked);
        started.elapsed()
    };
    let mut took: Vec<_> = (1..=ASKED).map(once).collect();
    took.sort();
    let at = |part: usize| took[took.len() * part / 100].as_secs_f64() * 1e3;
    println!("{what:32} p50 {:7.2} ms   p99 {:7.2} ms", at(50), at(99));
}
