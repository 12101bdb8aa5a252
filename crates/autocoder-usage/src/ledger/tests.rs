//! Recorded runs of Claude Code, and the law that order and repetition change nothing.

use UsageQuality::{Approximate, Exact, Reconciled as Rest};
use proptest::prelude::*;

use super::*;

const SONNET: &str = "claude-sonnet-4-5";

fn tokens([input, output, cache_read, cache_write_5m, cache_write_1h]: [u64; 5]) -> Tokens {
    Tokens { input, output, cache_read, cache_write_5m, cache_write_1h }
}

/// The usage of a message as it was frozen at its start, and as complete.
const STARTED: [u64; 5] = [3, 1, 9_000, 1_000, 200];

fn sample(id: &str, model: &str, counts: [u64; 5], state: SampleState) -> Sample {
    Sample { message_id: id.into(), model: model.into(), tokens: tokens(counts), state }
}

fn started(id: &str) -> Sample {
    sample(id, SONNET, STARTED, SampleState::Provisional)
}

/// A complete message; this kind of report names neither its model nor the lifetime of its cache writes.
fn complete(id: &str, output: u64) -> Sample {
    sample(id, "", [3, output, 9_000, 1_200, 0], SampleState::Final)
}

fn ledger(samples: impl IntoIterator<Item = Sample>) -> Ledger {
    let mut ledger = Ledger::default();
    samples.into_iter().for_each(|sample| ledger.sample(sample));
    ledger
}

fn rows(reconciled: &Reconciled) -> Vec<(&str, Tokens, UsageQuality)> {
    reconciled.records.iter().map(|row| (row.message_id.as_str(), row.tokens, row.quality)).collect()
}

#[test]
fn the_residual_brings_provisional_messages_to_the_runs_total() {
    // One line a content block: message 2 is reported twice.
    let mut ledger = ledger([started("m1"), started("m2"), started("m2"), started("m3")]);
    ledger.result(0, SONNET, tokens([9, 89, 27_000, 3_000, 600]));
    ledger.total(SONNET, tokens([9, 89, 27_000, 3_000, 600]));
    let reconciled = ledger.reconcile("run:7");
    let message = tokens(STARTED);
    let residual = ("run:7:residual:claude-sonnet-4-5", tokens([0, 86, 0, 0, 0]), Rest);
    assert_eq!(rows(&reconciled), [("m1", message, Rest), ("m2", message, Rest), ("m3", message, Rest), residual]);
    assert_eq!(reconciled.tokens(), tokens([9, 89, 27_000, 3_000, 600]));
    assert!(reconciled.drift.is_empty());
}

#[test]
fn complete_messages_are_exact_and_leave_no_residual() {
    let mut ledger = ledger([
        started("m1"),
        complete("m1", 30),
        complete("m2", 42),
        started("m2"),
        started("m3"),
        complete("m3", 17),
    ]);
    ledger.result(0, SONNET, tokens([9, 89, 27_000, 3_000, 600]));
    let reconciled = ledger.reconcile("run:7");
    let message = |output| tokens([3, output, 9_000, 1_000, 200]);
    assert_eq!(rows(&reconciled), [("m1", message(30), Exact), ("m2", message(42), Exact), ("m3", message(17), Exact)]);
    assert!(reconciled.records.iter().all(|row| row.model == SONNET));
}

#[test]
fn a_run_killed_before_its_result_keeps_its_messages_as_approximate() {
    let reconciled = ledger([started("m1"), complete("m2", 42)]).reconcile("run:7");
    assert_eq!(
        rows(&reconciled),
        [("m1", tokens(STARTED), Approximate), ("m2", tokens([3, 42, 9_000, 1_200, 0]), Exact)]
    );
}

#[test]
fn results_are_added_up_and_count_before_the_totals_of_a_resumed_session() {
    // The resumed process repeats what the session used before it in its totals.
    let mut resumed = ledger([started("m1")]);
    resumed.total(SONNET, tokens([9, 76, 27_000, 3_000, 600]));
    resumed.result(0, SONNET, tokens([3, 17, 9_000, 1_000, 200]));
    assert_eq!(resumed.reconcile("r").tokens(), tokens([3, 17, 9_000, 1_000, 200]));
    resumed.result(1, SONNET, tokens([1, 1, 1, 1, 1]));
    assert_eq!(resumed.reconcile("r").tokens(), tokens([4, 18, 9_001, 1_001, 201]));
}

#[test]
fn of_several_totals_the_last_and_fullest_counts() {
    let mut ledger = ledger([started("m1"), started("m2")]);
    ledger.total(SONNET, tokens([6, 59, 18_000, 2_400, 0]));
    ledger.total(SONNET, tokens([3, 17, 9_000, 1_200, 0]));
    let reconciled = ledger.reconcile("r");
    // Version 2.1.197 gives its totals without lifetimes; the messages know them.
    assert_eq!(reconciled.tokens(), tokens([6, 59, 18_000, 2_000, 400]));
    assert!(reconciled.drift.is_empty());
}

#[test]
fn a_model_without_messages_is_booked_whole() {
    let mut ledger = ledger([complete("m1", 5)]);
    ledger.result(0, SONNET, tokens([3, 5, 9_000, 1_000, 200]));
    ledger.result(0, "claude-haiku-4-5-20251001", tokens([700, 20, 0, 0, 0]));
    let reconciled = ledger.reconcile("r");
    assert_eq!(rows(&reconciled)[1], ("r:residual:claude-haiku-4-5", tokens([700, 20, 0, 0, 0]), Rest));
}

#[test]
fn spellings_of_one_model_are_reconciled_together() {
    let mut ledger = ledger([sample("m1", "claude-sonnet-4-5-20250929", [5, 5, 0, 0, 0], SampleState::Final)]);
    ledger.result(0, "us.anthropic.claude-sonnet-4-5-20250929-v1:0", tokens([4, 4, 0, 0, 0]));
    ledger.result(0, "claude-sonnet-4-5[1m]", tokens([3, 3, 0, 0, 0]));
    assert_eq!(ledger.reconcile("r").tokens(), tokens([7, 7, 0, 0, 0]));
}

#[test]
fn messages_beyond_the_total_are_kept_and_flagged() {
    for (total, kept) in [([2, 90, 9_000, 1_200, 0], [3, 90, 9_000, 1_000, 200]), ([3, 1, 9_000, 1_100, 0], STARTED)] {
        let mut ledger = ledger([started("m1")]);
        ledger.result(0, SONNET, tokens(total));
        let reconciled = ledger.reconcile("r");
        assert_eq!(reconciled.drift, [SONNET]);
        assert_eq!(reconciled.tokens(), tokens(kept));
        assert_eq!(rows(&reconciled)[0], ("m1", tokens(STARTED), Approximate));
    }
}

#[test]
fn messages_of_a_model_that_the_totals_do_not_know_are_flagged() {
    let mut ledger = ledger([sample("m1", "other", [1, 1, 0, 0, 0], SampleState::Final)]);
    ledger.result(0, SONNET, tokens([1, 1, 0, 0, 0]));
    assert_eq!(ledger.reconcile("r").drift, ["other"]);
}

#[test]
fn a_run_without_tokens_has_no_records() {
    assert_eq!(Ledger::default().reconcile("r"), Reconciled::default());
    let mut ledger = ledger([sample("m1", "<synthetic>", [0; 5], SampleState::Final)]);
    ledger.result(0, SONNET, tokens([0; 5]));
    assert_eq!(ledger.reconcile("r"), Reconciled::default());
}

#[derive(Clone, Debug)]
enum Report {
    Sample(Sample),
    Result(u64, String, Tokens),
    Total(String, Tokens),
}

fn deliver<'a>(reports: impl IntoIterator<Item = &'a Report>) -> Reconciled {
    let mut ledger = Ledger::default();
    for report in reports.into_iter().cloned() {
        match report {
            Report::Sample(sample) => ledger.sample(sample),
            Report::Result(index, model, tokens) => ledger.result(index, &model, tokens),
            Report::Total(model, tokens) => ledger.total(&model, tokens),
        }
    }
    ledger.reconcile("r")
}

fn any_report() -> impl Strategy<Value = Report> {
    let models = vec![SONNET, "claude-sonnet-4-5[1m]", "claude-haiku-4-5", ""];
    let model = move || prop::sample::select(models.clone()).prop_map(str::to_owned);
    let counts = || prop::array::uniform5(prop_oneof![0_u64..50, Just(u64::MAX)]).prop_map(tokens);
    let state = prop::sample::select(vec![SampleState::Provisional, SampleState::Final]);
    let message = (prop::sample::select(vec!["m1", "m2", "m3"]), model(), counts(), state);
    prop_oneof![
        4 => message.prop_map(|(id, model, tokens, state)| Report::Sample(Sample { message_id: id.into(), model, tokens, state })),
        1 => (0_u64..2, model(), counts()).prop_map(|(index, model, tokens)| Report::Result(index, model, tokens)),
        1 => (model(), counts()).prop_map(|(model, tokens)| Report::Total(model, tokens)),
    ]
}

fn any_deliveries() -> impl Strategy<Value = (Vec<Report>, Vec<Report>)> {
    prop::collection::vec(any_report(), 0..12).prop_flat_map(|reports| {
        let again = prop::sample::subsequence(reports.clone(), 0..=reports.len());
        let shuffled = again.prop_map({
            let reports = reports.clone();
            move |again| [reports.clone(), again].concat()
        });
        (Just(reports), shuffled.prop_shuffle())
    })
}

proptest! {
    #[test]
    fn repetition_and_order_of_deliveries_change_nothing((once, again) in any_deliveries()) {
        prop_assert_eq!(deliver(&once), deliver(&again));
    }

    #[test]
    fn the_records_never_add_up_to_less_than_the_runs_total(reports in prop::collection::vec(any_report(), 0..12), total in prop::array::uniform5(0_u64..100)) {
        let mut ledger = Ledger::default();
        for report in reports {
            if let Report::Sample(sample) = report {
                ledger.sample(Sample { model: SONNET.into(), ..sample });
            }
        }
        let messages = ledger.reconcile("r").tokens();
        ledger.result(0, SONNET, tokens(total));
        let booked = ledger.reconcile("r");
        prop_assert!(!exceeds(tokens(total), booked.tokens()));
        prop_assert_eq!(booked.drift.is_empty(), !exceeds(messages, tokens(total)));
        if booked.drift.is_empty() {
            prop_assert_eq!(booked.tokens().all(), tokens(total).all());
        }
    }
}
