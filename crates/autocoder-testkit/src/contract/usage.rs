//! Usage at scale: whatever is delivered twice or out of order, every sum is that of the single records.

mod truth;

use autocoder_core::ids::{AgentId, FeatureId, PhaseId, ProjectId, RunId, TaskId};
use autocoder_core::run::Tokens;
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageGroup, UsageQuality, UsageQuestion, UsageRecord, UsageSum};
use autocoder_core::workflow::delete_project;

use self::truth::{Truth, random};
use super::Bed;
use crate::builder::Plan;

const HOUR: i64 = 3_600_000_000;
/// The time around a change of clocks in Europe: 2026-10-20 to 2026-11-03.
const START: i64 = 1_792_454_400_000_000;
const SPAN: i64 = 14 * 24 * HOUR;

/// Places to attribute usage to: a project, with a phase, a feature and a task of it.
type Place = (ProjectId, Option<PhaseId>, Option<FeatureId>, Option<TaskId>);

async fn places(bed: &mut Bed) -> Vec<Place> {
    let mut places = vec![(ProjectId::INSTALLATION, None, None, None)];
    for name in ["other", "p"] {
        let plan = Plan::new(name).phase("One").feature("A").tasks(2).feature("B").tasks(1);
        let id = bed.lay(plan.phase("Two").feature("C").tasks(1)).await;
        let rows = bed.rows().await;
        places.push((id, None, None, None));
        for task in &rows.tasks {
            let feature = rows.features.iter().find(|feature| feature.id == task.feature).unwrap();
            places.push((id, Some(feature.phase), Some(feature.id), Some(task.id)));
            places.push((id, Some(feature.phase), Some(feature.id), None));
        }
    }
    places
}

/// Full records; every third lies on a bound of days, hours or quarters of an hour.
fn full(places: &[Place], count: u64) -> Vec<UsageRecord> {
    let mut next = random(7);
    let record = |number: u64| {
        let (project, phase, feature, task) = places[next(places.len() as u64) as usize];
        let unit = [1, 1, 1, 1, 900_000_000, HOUR, 24 * HOUR][next(7) as usize];
        let at = START + (next(SPAN as u64) as i64).div_euclid(unit) * unit;
        UsageRecord {
            source: format!("session-{}", number % 40),
            message_id: format!("message-{number}"),
            project,
            phase,
            feature,
            task,
            agent: AgentId(["", "coder-1", "coder-2"][next(3) as usize].to_owned()),
            run: RunId(next(5) as i64),
            at: Timestamp(at - i64::from(next(9) == 0)),
            model: ["claude-opus-5", "claude-haiku-5", "unheard-of"][next(3) as usize].to_owned(),
            tokens: Tokens {
                input: 3 + next(5_000),
                output: 3 + next(3_000),
                cache_read: next(100_000),
                cache_write_5m: next(2_000),
                cache_write_1h: next(2_000),
            },
            cost_nusd: (next(4) > 0).then(|| next(1_000_000_000)),
            quality: UsageQuality::Exact,
            rehearsal: next(8) == 0,
        }
    };
    (0..count).map(record).collect()
}

/// Every record up to three times with growing counts, out of order, later ones at times attributed to something else.
fn deliveries(full: &[UsageRecord]) -> Vec<UsageRecord> {
    let mut next = random(11);
    let mut deliveries = Vec::new();
    for record in full {
        deliveries.push(record.clone());
        for part in 1..=next(3) {
            let less = |count: u64| count * part / 4;
            let tokens = Tokens {
                input: less(record.tokens.input),
                output: less(record.tokens.output),
                cache_read: less(record.tokens.cache_read),
                cache_write_5m: less(record.tokens.cache_write_5m),
                cache_write_1h: less(record.tokens.cache_write_1h),
            };
            let mut copy = UsageRecord { tokens, cost_nusd: record.cost_nusd.map(less), ..record.clone() };
            if next(5) == 0 {
                // A report that does not know how long what was written to the cache lives.
                copy.tokens.cache_write_5m += std::mem::take(&mut copy.tokens.cache_write_1h);
            }
            if next(5) == 0 {
                copy = UsageRecord { at: copy.at.plus_seconds(40_000), model: "another".to_owned(), ..copy };
            }
            deliveries.push(copy);
        }
    }
    for place in (1..deliveries.len()).rev() {
        deliveries.swap(place, next(place as u64 + 1) as usize);
    }
    deliveries
}

async fn delivered(bed: &Bed, deliveries: Vec<UsageRecord>) -> Truth {
    let mut truth = Truth::default();
    let (mut next, mut rest) = (random(13), deliveries);
    while !rest.is_empty() {
        let some = rest.split_off(rest.len().saturating_sub(1 + next(1_500) as usize));
        truth.add(&some);
        bed.store.ledger().record(some).await.unwrap();
    }
    truth
}

pub async fn every_sum_is_that_of_the_single_records(bed: &mut Bed) {
    let places = places(bed).await;
    let truth = delivered(bed, deliveries(&full(&places, 5_000))).await;
    let (mut next, mut used) = (random(17), 0);
    for round in 0..150 {
        let mut bound = || {
            let unit = [1, 900_000_000, HOUR, 24 * HOUR][next(4) as usize];
            let at = START - HOUR + (next((SPAN + 2 * HOUR) as u64) as i64).div_euclid(unit) * unit;
            (next(6) > 0).then_some(Timestamp(at))
        };
        let (from, until) = (bound(), bound());
        let (project, phase, feature, task) = places[next(places.len() as u64) as usize];
        let agent = AgentId(["", "coder-1"][next(2) as usize].to_owned());
        let window = UsageSum { from, until, rehearsal: next(5) == 0, ..UsageSum::default() };
        let sum = match round % 6 {
            0 => window,
            1 => UsageSum { project: Some(project), ..window },
            2 => UsageSum { project: Some(project), phase, ..window },
            3 => UsageSum { project: Some(project), feature, ..window },
            4 => UsageSum { project: Some(project), agent: Some(agent), ..window },
            _ => UsageSum { task, ..window },
        };
        let found = bed.store.ledger().used(&sum).await.unwrap();
        let cost = bed.store.accounting().cost(&sum).await.unwrap();
        assert_eq!((found, cost), truth.sum(&sum), "{sum:?}");
        used += i32::from(cost > 0);
    }
    assert!(used > 75, "{used} of the sums are of something");
}

/// When days begin in Berlin (clocks are set back on 2026-10-25), in Kathmandu, far in the east, and in UTC.
const DAYS: [(&str, &[i64]); 4] = [
    ("Berlin", &[94, 118, 143, 167]),
    ("Kathmandu", &[90, 114, 138, 162]),
    ("Kiritimati", &[58, 82, 106]),
    ("UTC", &[96, 120, 144]),
];

pub async fn usage_by_groups_is_that_of_the_single_records(bed: &mut Bed) {
    let places = places(bed).await;
    let truth = delivered(bed, deliveries(&full(&places, 2_000))).await;
    for (zone, hours) in DAYS {
        let minutes = if zone == "Kathmandu" { 15 * 60 } else { 0 };
        let days: Vec<_> = hours.iter().map(|hour| Timestamp(START + hour * HOUR).plus_seconds(minutes)).collect();
        let (from, last) = (days[0], days[days.len() - 1]);
        for project in [None, Some(bed.project)] {
            for &group in UsageGroup::ALL {
                for until in [
                    last.plus_seconds(86_400),
                    last.plus_seconds(if group == UsageGroup::Day { 40_500 } else { 40_001 }),
                ] {
                    let days = if group == UsageGroup::Day { days.clone() } else { Vec::new() };
                    let question = UsageQuestion { project, from, until, group, days };
                    let found = bed.store.accounting().slices(&question).await.unwrap();
                    truth.assert_slices(found, &question, zone);
                }
            }
        }
    }
}

pub async fn usage_outlives_its_project(bed: &mut Bed) {
    let places = places(bed).await;
    let truth = delivered(bed, deliveries(&full(&places, 200))).await;
    let (gone, all) = (bed.project, UsageSum::default());
    delete_project(&bed.cx(), gone, false).await.unwrap();
    assert_eq!(bed.store.ledger().used(&all).await.unwrap(), truth.sum(&all).0);
    let of_it = UsageSum { project: Some(gone), ..UsageSum::default() };
    assert_eq!(bed.store.ledger().used(&of_it).await.unwrap(), truth.sum(&of_it).0);
    let (from, until) = (Timestamp(START), Timestamp(START + SPAN));
    let question = UsageQuestion { project: None, from, until, group: UsageGroup::Project, days: Vec::new() };
    let slices = bed.store.accounting().slices(&question).await.unwrap();
    let mut names: Vec<_> = slices.into_iter().map(|slice| (slice.key, slice.name)).collect();
    names.dedup();
    assert_eq!(names.len(), 3);
    assert!(names.contains(&(Some(gone.0), None)), "{names:?}");
    bed.lay(Plan::new("q").phase("One").feature("A").tasks(1)).await;
}
