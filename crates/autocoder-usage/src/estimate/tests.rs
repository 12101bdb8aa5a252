//! What estimates learn, as tables.

use proptest::prelude::*;

use super::*;

const SHOP: ProjectId = ProjectId(1);
const BLOG: ProjectId = ProjectId(2);

fn seen(project: ProjectId, model: &str, complexity: u8, tokens: &[u64]) -> Vec<Observation> {
    tokens.iter().map(|tokens| Observation { project, model: model.to_owned(), complexity, tokens: *tokens }).collect()
}

fn p50(estimates: &Estimates, project: ProjectId, model: &str, complexity: u8) -> f64 {
    estimates.of(project, model, complexity).p50().round()
}

#[test]
fn without_observations_the_prior_holds() {
    let estimates = Estimates::default();
    for (complexity, median) in [(0, 4_000.0), (1, 4_000.0), (2, 8_000.0), (3, 16_000.0), (4, 30_000.0), (9, 55_000.0)]
    {
        let found = estimates.of(SHOP, "sonnet", complexity);
        assert_eq!(
            (found.p50().round(), (found.sigma * 1e9).round() / 1e9, found.learned_from),
            (median, PRIOR_SIGMA, 0),
            "{complexity}"
        );
    }
}

#[test]
fn quantiles_and_mean_are_those_of_a_log_normal() {
    let estimate = Estimate { mu: 10_000_f64.ln(), sigma: 0.5, learned_from: 20 };
    let rounded = [estimate.p50(), estimate.p80(), estimate.mean()].map(f64::round);
    assert_eq!(rounded, [10_000.0, 15_232.0, 11_331.0]);
    assert!((estimate.mu_error() - 0.1).abs() < 1e-12);
}

#[test]
fn each_pool_is_shrunk_towards_the_next_wider_one() {
    let observations = seen(SHOP, "sonnet", 5, &[220_000; 5]);
    let estimates = Estimates::learn(&observations);
    // All: halfway (in logarithms) from 55,000 to 220,000; the project: halfway again, and its model once more.
    for (project, model, median, learned_from) in
        [(BLOG, "opus", 110_000.0, 5), (SHOP, "opus", 155_563.0, 5), (SHOP, "sonnet", 184_997.0, 5)]
    {
        let found = estimates.of(project, model, 5);
        assert_eq!((found.p50().round(), found.learned_from), (median, learned_from), "{project} {model}");
    }
}

#[test]
fn estimates_never_fall_with_complexity() {
    let estimates = Estimates::learn(&seen(SHOP, "sonnet", 1, &[400_000; 50]));
    let medians: Vec<_> = (1..=5).map(|complexity| p50(&estimates, SHOP, "sonnet", complexity)).collect();
    assert!(medians.is_sorted(), "{medians:?}");
    assert!(medians[0] > 100_000.0, "{medians:?}");
}

#[test]
fn equal_costs_narrow_the_spread_and_unequal_ones_widen_it() {
    let equal = Estimates::learn(&seen(SHOP, "sonnet", 2, &[9_000; 40])).of(SHOP, "sonnet", 2);
    let wild = [vec![100; 20], vec![900_000; 20]].concat();
    let wild = Estimates::learn(&seen(SHOP, "sonnet", 2, &wild)).of(SHOP, "sonnet", 2);
    assert!(equal.sigma < 0.2, "{equal:?}");
    assert!(wild.sigma > 3.0, "{wild:?}");
}

#[test]
fn an_outlier_counts_as_the_95th_percentile() {
    let usual = vec![10_000; 39];
    let with = |tokens| Estimates::learn(&seen(SHOP, "sonnet", 2, &[usual.clone(), vec![tokens]].concat()));
    assert_eq!(with(u64::MAX).of(SHOP, "sonnet", 2), with(10_000).of(SHOP, "sonnet", 2));
}

#[test]
fn a_task_without_tokens_says_nothing() {
    let estimate = Estimates::learn(&seen(SHOP, "sonnet", 2, &[0; 9])).of(SHOP, "sonnet", 2);
    assert_eq!((estimate.p50().round(), estimate.learned_from), (8_000.0, 0));
}

proptest! {
    #[test]
    fn whatever_was_seen_estimates_are_finite_and_grow(
        seen in prop::collection::vec((1_i64..3, 0_u8..8, any::<u64>()), 0..60),
    ) {
        let observations: Vec<_> = seen.into_iter().map(|(project, complexity, tokens)| {
            Observation { project: ProjectId(project), model: "m".to_owned(), complexity, tokens }
        }).collect();
        let estimates = Estimates::learn(&observations);
        let found: Vec<_> = (1..=5).map(|complexity| estimates.of(SHOP, "m", complexity)).collect();
        prop_assert!(found.iter().all(|one| one.mean().is_finite() && one.p80() > one.p50() && one.p50() > 0.0));
        prop_assert!(found.is_sorted_by(|a, b| a.p80() <= b.p80()));
    }
}
