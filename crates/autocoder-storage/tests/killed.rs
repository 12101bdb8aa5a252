//! Usage counted by a process that is killed again and again: in the end nothing is missing and nothing counts twice.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::env;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use autocoder_core::ids::{AgentId, FeatureId, PhaseId, ProjectId, RunId, TaskId};
use autocoder_core::ports::Store;
use autocoder_core::run::Tokens;
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageQuality, UsageRecord, UsageSum};
use autocoder_storage::{OpenOptions, SeaOrmStore, Target};

const TEST: &str = "usage_survives_kills_to_the_token";
/// The file, when this process is the one to be killed.
const FILE: &str = "AUTOCODER_KILLED_FILE";
const ROUND: &str = "AUTOCODER_KILLED_ROUND";
/// How many records; 100,000 are what issue 4 asks for.
const RECORDS: &str = "AUTOCODER_KILLED_RECORDS";
const KILLS: u64 = 15;
const A_BATCH: usize = 500;
/// 2026-11-01.
const START: i64 = 1_793_491_200_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usage_survives_kills_to_the_token() {
    let count = env::var(RECORDS).map_or(15_000, |count| count.parse().unwrap());
    if let Ok(file) = env::var(FILE) {
        return deliver(Path::new(&file), count, env::var(ROUND).unwrap().parse().unwrap()).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.db");
    for round in 0..KILLS {
        killed(&file, count, round);
    }
    deliver(&file, count, KILLS).await;
    let store = open(&file).await;
    let full: Vec<_> = (0..count).map(|number| record(number, 3)).collect();
    for (from, until) in [(None, None), (Some(3), Some(27)), (Some(30), None), (Some(50), Some(51))] {
        let at = |hour: Option<i64>| hour.map(|hour| Timestamp(START).plus_seconds(hour * 3_600 + 7));
        let window = UsageSum { from: at(from), until: at(until), ..UsageSum::default() };
        let feature = Some(FeatureId(4));
        for sum in [window.clone(), UsageSum { feature, ..window }] {
            let within = |record: &&UsageRecord| {
                sum.from.is_none_or(|from| from <= record.at)
                    && sum.until.is_none_or(|until| record.at < until)
                    && sum.feature.is_none_or(|id| record.feature == Some(id))
            };
            let true_sum = full.iter().filter(within).fold(Tokens::default(), |sum, record| sum.plus(record.tokens));
            assert!(true_sum.total() > 0);
            assert_eq!(store.ledger().used(&sum).await.unwrap(), true_sum, "{sum:?}");
        }
    }
    store.close().await.unwrap();
    let connection = rusqlite::Connection::open(&file).unwrap();
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let sums = ["usage_logs", "usage_daily", "usage_quarters"].map(|table| {
        let kinds = "input + 3 * output + 5 * cache_read + 7 * cache_write_5m + 11 * cache_write_1h + 13 * cost_nusd";
        number(&format!("SELECT SUM({kinds}) FROM {table}"))
    });
    assert_eq!((sums[0], sums[0]), (sums[1], sums[2]));
    assert_eq!(number("SELECT COUNT(*) FROM usage_logs"), i64::try_from(count).unwrap());
}

async fn open(file: &Path) -> SeaOrmStore {
    SeaOrmStore::open(Target::Sqlite(file.to_owned()), OpenOptions::default()).await.unwrap()
}

/// Starts a process that delivers everything, and kills it somewhere in the middle.
fn killed(file: &Path, count: u64, round: u64) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", TEST, "--nocapture"])
        .envs([(FILE, file.to_str().unwrap()), (ROUND, &round.to_string()), (RECORDS, &count.to_string())])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let batches = (count as usize * 2).div_ceil(A_BATCH) as u64;
    let mut done = vec![0; usize::try_from(1 + mixed(round) % batches.div_ceil(5)).unwrap()];
    // One byte says that one batch is in; then the next one is under way.
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_exact(&mut done).unwrap();
    std::thread::sleep(Duration::from_micros(mixed(round + 1_000) % 40_000));
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9), "it was done before the kill");
    // Until here: a child without a reader would end by itself.
    drop(stderr);
}

/// Delivers everything up to three times, each round in an order of its own.
async fn deliver(file: &Path, count: u64, round: u64) {
    let store = open(file).await;
    let parts = |number| (3 - mixed(number) % 3..=3).map(move |part| (number, part));
    let mut deliveries: Vec<_> = (0..count).flat_map(parts).collect();
    deliveries.sort_by_key(|(number, part)| mixed(number * 3 + part + round * 1_000_003));
    for batch in deliveries.chunks(A_BATCH) {
        let records = batch.iter().map(|(number, part)| record(*number, *part)).collect();
        store.ledger().record(records).await.unwrap();
        if round < KILLS {
            std::io::stderr().write_all(b".").unwrap();
        }
    }
    store.close().await.unwrap();
}

/// A record as it is after so many of three parts.
fn record(number: u64, part: u64) -> UsageRecord {
    let some = |salt: u64, below: u64| mixed(number * 31 + salt) % below;
    let tokens = Tokens {
        input: part * some(1, 900),
        output: part * some(2, 900),
        cache_read: part * some(3, 30_000),
        cache_write_5m: part * some(4, 900),
        cache_write_1h: part * some(5, 900),
    };
    UsageRecord {
        source: format!("session-{}", number % 50),
        message_id: format!("message-{number}"),
        project: ProjectId(1),
        phase: Some(PhaseId(2)),
        feature: Some(FeatureId(3 + some(6, 4).cast_signed())),
        task: Some(TaskId(10 + some(7, 40).cast_signed())),
        agent: AgentId(format!("coder-{}", some(8, 4))),
        run: RunId(1 + some(9, 50).cast_signed()),
        at: Timestamp(START + some(10, 3 * 86_400_000_000).cast_signed()),
        model: "claude-opus-5".to_owned(),
        tokens,
        cost_nusd: Some(tokens.all() * 5),
        quality: UsageQuality::Exact,
        rehearsal: false,
    }
}

/// A number without order, always the same for a seed (SplitMix64).
fn mixed(seed: u64) -> u64 {
    let state = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
