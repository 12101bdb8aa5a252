//! Budgets, schedules, settings in a change, and usage by groups.

use autocoder_core::budget::{Budget, BudgetMeasure, BudgetMode, BudgetPatch, BudgetScope, NewBudget, Period, Weekday};
use autocoder_core::changes::{Changes, Node};
use autocoder_core::event::{Actor, EventKind};
use autocoder_core::ids::{AgentId, Attempt, BudgetId, EventId, ProjectId, RunId, ScheduleId};
use autocoder_core::ports::Scope;
use autocoder_core::request::Request;
use autocoder_core::run::Tokens;
use autocoder_core::schedule::{NewSchedule, ScheduleKind, SchedulePatch};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageGroup, UsageQuality, UsageQuestion, UsageRecord, UsageSlice, UsageSum};
use autocoder_core::workflow::{
    Context, add_budget, add_schedule, delete_budget, delete_feature, delete_phase, delete_project, delete_schedule,
    edit_budget, edit_schedule,
};
use serde_json::json;

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

const DAY_MICROS: i64 = 86_400_000_000;

fn new(scope: BudgetScope) -> NewBudget {
    let (measure, mode) = (BudgetMeasure::Tokens, BudgetMode::Warn);
    NewBudget { scope, measure, amount: 1_000, period: Period::Rolling { hours: 5 }, mode }
}

async fn budgets(bed: &Bed) -> Vec<Budget> {
    bed.store.accounting().budgets().await.unwrap()
}

pub async fn budgets_are_kept_edited_and_deleted(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let (phase, feature) = (bed.phase("One").await.id, bed.rows().await.features[0].id);
    let mut kept = Vec::new();
    for scope in [
        BudgetScope::Global,
        BudgetScope::Project(bed.project),
        BudgetScope::Phase(bed.project, phase),
        BudgetScope::Feature(bed.project, feature),
        BudgetScope::Agent(bed.project, AgentId("coder-1".to_owned())),
    ] {
        kept.push(add_budget(&bed.cx(), new(scope)).await.unwrap());
    }
    assert_eq!(budgets(bed).await, kept);
    let period = Period::Monthly { reset_day: 31, time_zone: "Europe/Berlin".to_owned() };
    let patch = BudgetPatch { amount: Some(7), period: Some(period), ..BudgetPatch::default() };
    let edited = edit_budget(&bed.cx(), kept[1].id, patch).await.unwrap();
    assert_eq!((edited.amount, edited.version, &edited.scope), (7, kept[1].version + 1, &kept[1].scope));
    assert_eq!(budgets(bed).await[1], edited);
    delete_budget(&bed.cx(), kept[0].id).await.unwrap();
    assert_eq!(budgets(bed).await.len(), 4);
    for id in [kept[0].id, BudgetId(999_999)] {
        assert_eq!(refusal(delete_budget(&bed.cx(), id).await), "not_found");
        assert_eq!(refusal(edit_budget(&bed.cx(), id, BudgetPatch::default()).await), "not_found");
    }
    let events = bed.store.feed().after(EventId(0), None, 1_000).await.unwrap();
    let told: Vec<_> = events.iter().filter(|event| event.kind.as_str().starts_with("budget.")).collect();
    assert_eq!(told.len(), 7);
    assert_eq!((told[0].project_id, told[1].project_id), (ProjectId::INSTALLATION, bed.project));
    assert_eq!(told[6].kind, EventKind::BudgetDeleted);
    assert_eq!(told[6].subject, format!("budget:{}", kept[0].id));
}

pub async fn a_bad_budget_is_refused_and_agents_change_none(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let (phase, feature) = (bed.phase("One").await.id, bed.rows().await.features[0].id);
    let other = bed.lay(Plan::new("other").phase("Two").feature("B").tasks(1)).await;
    assert_eq!(refusal(add_budget(&bed.cx(), new(BudgetScope::Phase(other, phase))).await), "invalid_field");
    assert_eq!(refusal(add_budget(&bed.cx(), new(BudgetScope::Feature(other, feature))).await), "invalid_field");
    let enforced = NewBudget { mode: BudgetMode::Enforce, ..new(BudgetScope::Feature(bed.project, feature)) };
    assert_eq!(refusal(add_budget(&bed.cx(), enforced).await), "invalid_field");
    let agent = Actor::Agent(AgentId("coder-1".to_owned()));
    assert_eq!(refusal(add_budget(&bed.cx_of(&agent), new(BudgetScope::Global)).await), "person_needed");
    assert_eq!(budgets(bed).await, []);
    let kept = add_budget(&bed.cx(), new(BudgetScope::Global)).await.unwrap();
    let request = Request { expected: Some((Node::Budget(kept.id), kept.version + 1)), ..Request::default() };
    let cx = Context { request: Some(&request), ..bed.cx() };
    assert_eq!(refusal(edit_budget(&cx, kept.id, BudgetPatch::default()).await), "stale");
    assert_eq!(refusal(delete_budget(&cx, kept.id).await), "stale");
    assert_eq!(budgets(bed).await, [kept]);
}

pub async fn budgets_and_schedules_go_with_what_they_belong_to(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).phase("Two").feature("B").tasks(1)).await;
    let rows = bed.rows().await;
    for scope in [
        BudgetScope::Global,
        BudgetScope::Project(bed.project),
        BudgetScope::Feature(bed.project, rows.features[0].id),
        BudgetScope::Feature(bed.project, rows.features[1].id),
        BudgetScope::Phase(bed.project, rows.phases[1].id),
    ] {
        add_budget(&bed.cx(), new(scope)).await.unwrap();
    }
    add_schedule(&bed.cx(), bed.project, office()).await.unwrap();
    delete_feature(&bed.cx(), bed.project, rows.features[0].id, false).await.unwrap();
    assert_eq!(budgets(bed).await.len(), 4);
    delete_phase(&bed.cx(), bed.project, rows.phases[1].id, false).await.unwrap();
    assert_eq!(budgets(bed).await.len(), 2);
    delete_project(&bed.cx(), bed.project, false).await.unwrap();
    assert_eq!(budgets(bed).await.iter().map(|budget| &budget.scope).collect::<Vec<_>>(), [&BudgetScope::Global]);
    assert_eq!(bed.store.accounting().schedules(bed.project).await.unwrap(), []);
    bed.lay(Plan::new("q").phase("One").feature("A").tasks(1)).await;
}

fn office() -> NewSchedule {
    NewSchedule {
        kind: ScheduleKind::Work,
        max_cost_nusd: Some(5_000_000_000),
        days: vec![Weekday::Monday, Weekday::Friday],
        starts: "09:00".to_owned(),
        ends: "17:00".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        enabled: true,
    }
}

pub async fn schedules_are_kept_edited_and_deleted(bed: &mut Bed) {
    let other = bed.lay(Plan::new("other").phase("One").feature("A").tasks(1)).await;
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let (one, two) = (
        add_schedule(&bed.cx(), bed.project, office()).await.unwrap(),
        add_schedule(&bed.cx(), bed.project, NewSchedule { enabled: false, ..office() }).await.unwrap(),
    );
    let accounting = bed.store.accounting();
    assert_eq!(accounting.schedules(bed.project).await.unwrap(), [one.clone(), two.clone()]);
    assert_eq!(accounting.schedules(other).await.unwrap(), []);
    let (kind, max_cost_nusd) = (Some(ScheduleKind::Quiet), Some(None));
    let patch = SchedulePatch { kind, max_cost_nusd, ends: Some("08:00".to_owned()), ..SchedulePatch::default() };
    let edited = edit_schedule(&bed.cx(), bed.project, one.id, patch.clone()).await.unwrap();
    assert_eq!((edited.ends.to_string(), edited.version), ("08:00".to_owned(), one.version + 1));
    delete_schedule(&bed.cx(), bed.project, two.id).await.unwrap();
    assert_eq!(accounting.schedules(bed.project).await.unwrap(), [edited]);
    assert_eq!(
        refusal(edit_schedule(&bed.cx(), other, one.id, patch.clone()).await),
        "not_found",
        "of another project"
    );
    assert_eq!(refusal(edit_schedule(&bed.cx(), bed.project, ScheduleId(999_999), patch).await), "not_found");
    let bad = NewSchedule { starts: "25:00".to_owned(), ..office() };
    assert_eq!(refusal(add_schedule(&bed.cx(), bed.project, bad).await), "invalid_field");
}

pub async fn a_setting_of_a_change_is_written_with_it(bed: &mut Bed) {
    let unit = bed.store.begin(Scope::Installation).await.unwrap();
    let mut changes = Changes::new(ProjectId::INSTALLATION, Actor::System, unit.now());
    changes.setting("told", json!({ "a": 1 }));
    unit.commit(changes).await.unwrap();
    assert_eq!(bed.store.ledger().setting("told").await.unwrap(), Some(json!({ "a": 1 })));
    let unit = bed.store.begin(Scope::Installation).await.unwrap();
    let mut changes = Changes::new(ProjectId::INSTALLATION, Actor::System, unit.now());
    changes.setting("told", json!(2));
    unit.commit(changes).await.unwrap();
    assert_eq!(bed.store.ledger().setting("told").await.unwrap(), Some(json!(2)));
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
}

pub async fn usage_is_grouped_by_what_it_is_asked_for(bed: &mut Bed) {
    let other = bed.lay(Plan::new("other").phase("One").feature("A").tasks(1)).await;
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).phase("Two").feature("B").tasks(1)).await;
    let rows = bed.rows().await;
    let (phases, features) = (&rows.phases, &rows.features);
    let record = |message: &str, day: i64, input: u64| UsageRecord {
        source: "s".to_owned(),
        message_id: message.to_owned(),
        project: bed.project,
        phase: Some(phases[0].id),
        feature: Some(features[0].id),
        task: None,
        agent: AgentId("a".to_owned()),
        run: RunId(1),
        at: Timestamp(day * DAY_MICROS + 5),
        model: "x".to_owned(),
        tokens: Tokens { input, output: 1, ..Tokens::default() },
        cost_nusd: Some(input * 2),
        quality: UsageQuality::Exact,
        rehearsal: false,
    };
    let b = AgentId("b".to_owned());
    let records = vec![
        record("1", 10, 100),
        UsageRecord { model: "y".to_owned(), cost_nusd: None, ..record("2", 10, 200) },
        UsageRecord { phase: Some(phases[1].id), feature: Some(features[1].id), ..record("3", 11, 400) },
        UsageRecord { phase: None, feature: None, agent: b.clone(), ..record("4", 12, 800) },
        UsageRecord { rehearsal: true, ..record("5", 12, 1_600) },
        UsageRecord { project: other, phase: None, feature: None, ..record("6", 12, 3_200) },
        record("7", 13, 6_400),
    ];
    bed.store.ledger().record(records).await.unwrap();
    let accounting = bed.store.accounting();
    let start = |day: i64| Timestamp(day * DAY_MICROS);
    let ask = async |group, project| {
        let (days, until) = ((10..13).map(start).collect(), start(13));
        let slices = accounting.slices(&UsageQuestion { project, from: start(10), until, group, days }).await.unwrap();
        let facts = |slice: UsageSlice| (slice.key, slice.name, slice.model, slice.rehearsal, slice.tokens.input);
        slices.into_iter().map(facts).collect::<Vec<_>>()
    };
    let ours = Some(bed.project);
    let fact = |key: Option<i64>, name: Option<&str>, model: &str, rehearsal, input| {
        (key, name.map(str::to_owned), model.to_owned(), rehearsal, input)
    };
    let day = |day, model, rehearsal, input| fact(Some(day), None, model, rehearsal, input);
    let days = [
        day(0, "x", false, 100),
        day(0, "y", false, 200),
        day(1, "x", false, 400),
        day(2, "x", false, 800),
        day(2, "x", true, 1_600),
    ];
    assert_eq!(ask(UsageGroup::Day, ours).await, days);
    let models =
        [fact(None, None, "x", false, 4_500), fact(None, None, "x", true, 1_600), fact(None, None, "y", false, 200)];
    assert_eq!(ask(UsageGroup::Model, None).await, models);
    let projects = [
        fact(Some(other.0), Some("other"), "x", false, 3_200),
        fact(Some(bed.project.0), Some("p"), "x", false, 1_300),
        fact(Some(bed.project.0), Some("p"), "x", true, 1_600),
        fact(Some(bed.project.0), Some("p"), "y", false, 200),
    ];
    assert_eq!(ask(UsageGroup::Project, None).await, projects);
    let agents = [
        fact(None, Some("a"), "x", false, 500),
        fact(None, Some("a"), "x", true, 1_600),
        fact(None, Some("a"), "y", false, 200),
        fact(None, Some("b"), "x", false, 800),
    ];
    assert_eq!(ask(UsageGroup::Agent, ours).await, agents);
    for (group, ids, names) in [
        (UsageGroup::Phase, [phases[0].id.0, phases[1].id.0], ["One", "Two"]),
        (UsageGroup::Feature, [features[0].id.0, features[1].id.0], ["A", "B"]),
    ] {
        let expected = [
            fact(None, None, "x", false, 800),
            fact(Some(ids[0]), Some(names[0]), "x", false, 100),
            fact(Some(ids[0]), Some(names[0]), "x", true, 1_600),
            fact(Some(ids[0]), Some(names[0]), "y", false, 200),
            fact(Some(ids[1]), Some(names[1]), "x", false, 400),
        ];
        assert_eq!(ask(group, ours).await, expected, "{group}");
        assert_eq!(ask(group, None).await[0], fact(None, None, "x", false, 4_000), "{group} of all projects");
    }
    let cost = async |sum: UsageSum| accounting.cost(&UsageSum { project: ours, ..sum }).await.unwrap();
    assert_eq!(cost(UsageSum::default()).await, 2 * (100 + 400 + 800 + 6_400));
    assert_eq!(cost(UsageSum { feature: Some(features[1].id), ..UsageSum::default() }).await, 800);
    assert_eq!(cost(UsageSum { agent: Some(b), ..UsageSum::default() }).await, 1_600);
    assert_eq!(cost(UsageSum { rehearsal: true, ..UsageSum::default() }).await, 3_200);
}

pub async fn finished_tasks_are_counted_since_a_moment(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(3)).await;
    let start = bed.clock.now();
    let claim = bed.take("a").await;
    assert_eq!(claim.attempt(), Attempt(1));
    bed.pass(&claim).await;
    bed.clock.advance(60);
    let middle = bed.clock.now();
    let claim = bed.take("a").await;
    bed.pass(&claim).await;
    let count = async |since| bed.store.accounting().finished_tasks(bed.project, since).await.unwrap();
    assert_eq!((count(start).await, count(middle).await, count(middle.plus_seconds(1)).await), (2, 1, 0));
}
