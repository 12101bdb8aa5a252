//! What is told when, by table.

use super::*;

fn reading(available_bp: u32, start: Option<i64>, amount: u64) -> Reading {
    Reading {
        key: "limit".to_owned(),
        subject: Subject::Project(ProjectId(1)),
        amount,
        start: start.map(Timestamp),
        available_bp,
        mode: BudgetMode::Enforce,
        facts: json!({}),
    }
}

/// What is told of a row of readings, one after the other.
fn told(readings: &[Reading]) -> Vec<Option<Threshold>> {
    let (settings, mut marks, mut told) = (UsageSettings::default(), Marks::new(), Vec::new());
    for reading in readings {
        let (after, news) = due(&marks, std::slice::from_ref(reading), &settings);
        told.push(news.first().map(|(_, threshold)| *threshold));
        marks = after;
    }
    told
}

#[test]
fn each_threshold_is_told_once_a_period() {
    let (warn, low, pause) = (Some(Threshold::Warn), Some(Threshold::Low), Some(Threshold::Pause));
    let of =
        |bps: &[(u32, i64)]| told(&bps.iter().map(|(bp, start)| reading(*bp, Some(*start), 9)).collect::<Vec<_>>());
    assert_eq!(of(&[(2_001, 1), (2_000, 1), (2_000, 1)]), [None, warn, None]);
    assert_eq!(of(&[(1_000, 1), (500, 1), (0, 1)]), [low, pause, None]);
    assert_eq!(of(&[(100, 1), (1_500, 1), (100, 1)]), [pause, None, None], "nothing is told twice in a period");
    assert_eq!(of(&[(100, 1), (1_500, 2), (1_500, 2)]), [pause, warn, None], "a new period starts over");
}

#[test]
fn another_amount_starts_over() {
    let readings = [reading(400, Some(1), 9), reading(1_500, Some(1), 20), reading(1_500, Some(1), 20)];
    assert_eq!(told(&readings), [Some(Threshold::Pause), Some(Threshold::Warn), None]);
}

#[test]
fn a_limit_that_never_resets_is_told_again_once_it_has_recovered() {
    let of = |bps: &[u32]| told(&bps.iter().map(|bp| reading(*bp, None, 9)).collect::<Vec<_>>());
    let warn = Some(Threshold::Warn);
    assert_eq!(of(&[2_000, 2_100, 2_000]), [warn, None, None], "swinging around the threshold is told once");
    assert_eq!(of(&[2_000, 2_101, 2_000]), [warn, None, warn]);
}

#[test]
fn a_budget_that_only_warns_pauses_nothing() {
    assert_eq!(kind(BudgetMode::Enforce, Threshold::Pause), EventKind::UsagePaused);
    assert_eq!(kind(BudgetMode::Enforce, Threshold::Low), EventKind::UsageWarning);
    assert_eq!(kind(BudgetMode::Warn, Threshold::Pause), EventKind::UsageWarning);
}
