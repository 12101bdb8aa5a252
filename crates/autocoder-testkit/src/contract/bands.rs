//! What is handed out when the budget runs out, and in which order.

use autocoder_core::project::ProjectSettings;
use autocoder_core::workflow::{peek_task, skip_task};

use super::Bed;
use super::bed::fence;
use crate::builder::Plan;
use crate::meter::FixedMeter;

pub async fn critical_hands_out_nothing_new(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").task("A 1").complexity(1).task("A 2").complexity(1)).await;
    let claim = bed.take("a").await;
    bed.meter = FixedMeter::left(400);
    bed.meter.0.resets_at = Some(bed.clock.now().plus_seconds(3_600));
    let idle = bed.idle("b").await;
    assert_eq!((idle.reason.as_str(), idle.advice.as_str()), ("usage_critical", "stop"));
    assert_eq!(idle.retry_at, bed.meter.0.resets_at);
    assert_eq!(bed.take("a").await.task.id, claim.task.id);
    bed.pass(&claim).await;
    assert_eq!(bed.why_idle("a").await, "usage_critical stop");
    bed.meter = FixedMeter::unlimited();
    assert_eq!(bed.take("a").await.task.name, "A 2");
}

pub async fn low_hands_out_small_tasks_only(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("A").task("large").complexity(3).task("small").complexity(2);
    bed.lay(plan.feature("B").task("huge").complexity(5)).await;
    bed.meter = FixedMeter::left(900);
    let small = bed.take("a").await;
    assert_eq!(small.task.name, "small");
    bed.pass(&small).await;
    assert_eq!(bed.why_idle("a").await, "usage_low_no_small_task stop");
    bed.meter = FixedMeter::left(1_001);
    assert_eq!(bed.take("a").await.task.name, "large");
}

pub async fn moderate_completes_what_is_started(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("long").tasks(4).feature("short").feature_priority(600).tasks(2);
    let settings = ProjectSettings { writers_per_feature: 2, ..ProjectSettings::default() };
    bed.lay(plan.feature("urgent").feature_priority(100).tasks(1).settings(settings)).await;
    let started: Vec<_> = [bed.take("a").await, bed.take("b").await, bed.take("c").await, bed.take("d").await].into();
    let names: Vec<_> = started.iter().map(|claim| claim.task.name.as_str()).collect();
    assert_eq!(names, ["urgent 1", "long 1", "long 2", "short 1"]);
    skip_task(&bed.cx(), bed.project, started[0].task.id, &fence(&started[0]), "").await.unwrap();
    bed.pass(&started[3]).await;
    for (left, next) in [(10_000, "urgent 1"), (2_501, "urgent 1"), (2_500, "urgent 1")] {
        bed.meter = FixedMeter::left(left);
        assert_eq!(next_task(bed).await, next, "{left}");
    }
    let urgent = bed.take("a").await;
    bed.pass(&urgent).await;
    bed.pass(&started[1]).await;
    for (left, next) in [(10_000, "long 3"), (2_501, "long 3"), (2_500, "short 2")] {
        bed.meter = FixedMeter::left(left);
        assert_eq!(next_task(bed).await, next, "{left}");
    }
}

pub async fn equality_belongs_to_the_stricter_band(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("A").task("large").complexity(5);
    bed.lay(plan.feature("B").feature_priority(900).task("small").complexity(1)).await;
    for (left, next) in
        [(1_001, "large"), (1_000, "small"), (501, "small"), (500, "usage_critical"), (0, "usage_critical")]
    {
        bed.meter = FixedMeter::left(left);
        assert_eq!(next_task(bed).await, next, "{left}");
    }
}

pub async fn priority_and_waiting_order_the_work(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("A").task("later").priority(600).task("sooner").priority(400);
    bed.lay(plan.task("as soon").priority(400).feature("B").feature_priority(-3).tasks(1)).await;
    bed.clock.advance(86_400);
    let text = "version: 1\nproject: { name: p }\nphases:\n  - name: One\n    features:\n      - name: A\n        tasks:\n          - { name: fresh, priority: 551 }\n          - { name: fresh and urgent, priority: 549 }\n";
    let document = crate::builder::document(text);
    autocoder_core::workflow::import_plan(&bed.cx(), bed.project, document).await.unwrap();
    let (names, _) = bed.work("a").await;
    assert_eq!(names, ["B 1", "sooner", "as soon", "fresh and urgent", "later", "fresh"].map(String::from));
}

async fn next_task(bed: &Bed) -> String {
    let agent = autocoder_core::ids::AgentId("z".to_owned());
    match peek_task(&bed.cx(), bed.project, &agent).await.unwrap() {
        autocoder_core::workflow::Claiming::Task(claim) => claim.task.name,
        autocoder_core::workflow::Claiming::None(idle) => idle.reason.to_string(),
    }
}
