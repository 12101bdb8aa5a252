//! What imports and prices leave behind.

use autocoder_core::ids::{AgentId, ProjectId, RunId};
use autocoder_core::ports::ImportState;
use autocoder_core::price::{ModelPrices, Price};
use autocoder_core::run::Tokens;
use autocoder_core::usage_record::{UsageQuality, UsageRecord};

use super::Bed;

pub async fn an_import_is_known_by_its_file(bed: &mut Bed) {
    let (ledger, at) = (bed.store.ledger(), bed.clock.now());
    let state = |path: &str, kind: &str, read_to| ImportState {
        path: path.to_owned(),
        kind: kind.to_owned(),
        size: read_to + 3,
        modified_at: at,
        read_to,
        head: "7b22".to_owned(),
        at,
    };
    let (a, b) = (state("/a.jsonl", "claude-code", 10), state("/ü b.jsonl", "claude-code", 1 << 40));
    ledger.save_imports(&[b.clone(), a.clone(), state("/c", "another", 1)]).await.unwrap();
    assert_eq!(ledger.imports("claude-code").await.unwrap(), [a, b.clone()]);
    let read_on = ImportState { head: "7b227d".to_owned(), ..state("/a.jsonl", "claude-code", 25) };
    ledger.save_imports(std::slice::from_ref(&read_on)).await.unwrap();
    assert_eq!(ledger.imports("claude-code").await.unwrap(), [read_on, b]);
    assert_eq!(ledger.imports("nobody").await.unwrap(), []);
}

pub async fn what_is_counted_is_told_by_message_and_source(bed: &mut Bed) {
    let (ledger, at) = (bed.store.ledger(), bed.clock.now());
    let record = |source: &str, message: &str, output| UsageRecord {
        source: source.to_owned(),
        message_id: message.to_owned(),
        project: ProjectId::INSTALLATION,
        phase: None,
        feature: None,
        task: None,
        agent: AgentId(String::new()),
        run: RunId(0),
        at,
        model: "m".to_owned(),
        tokens: Tokens { output, ..Tokens::default() },
        cost_nusd: None,
        quality: UsageQuality::Exact,
        rehearsal: false,
    };
    ledger.record(vec![record("logs", "1", 5), record("logs", "2", 7), record("session-9", "1", 90)]).await.unwrap();
    let asked = ["2", "1", "it's 3"].map(str::to_owned);
    let mut counted = ledger.counted("logs", &asked).await.unwrap();
    counted.sort_by(|a, b| a.0.cmp(&b.0));
    let output = |output| Tokens { output, ..Tokens::default() };
    assert_eq!(counted, [("1".to_owned(), output(5)), ("2".to_owned(), output(7))]);
    assert_eq!(ledger.counted("logs", &[]).await.unwrap(), []);
    let sources = ["session-9", "session-8"].map(str::to_owned);
    assert_eq!(ledger.known_sources(&sources).await.unwrap(), ["session-9"]);
}

pub async fn prices_of_a_version_stay_as_they_are(bed: &mut Bed) {
    let accounting = bed.store.accounting();
    let price =
        |input| Price { input, output: u64::from(u32::MAX), cache_read: 0, cache_write_5m: 1, cache_write_1h: 2 };
    let first: ModelPrices = [("a".to_owned(), price(3_000_000)), ("b".to_owned(), price(0))].into();
    accounting.keep_prices("2026-11", &first).await.unwrap();
    let other: ModelPrices = [("a".to_owned(), price(9)), ("c".to_owned(), price(1))].into();
    accounting.keep_prices("2026-11", &other).await.unwrap();
    assert_eq!(accounting.prices("2026-11").await.unwrap(), first);
    accounting.keep_prices("2026-12", &other).await.unwrap();
    assert_eq!(accounting.prices("2026-12").await.unwrap(), other);
    assert_eq!(accounting.prices("2027").await.unwrap(), ModelPrices::new());
}
