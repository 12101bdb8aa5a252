//! Limits over a store in memory: what the meter says, what is told, and what the reports show.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use autocoder_core::agent::RunnerKind;
use autocoder_core::budget::{BudgetMeasure, BudgetMode, BudgetScope, NewBudget, Period, Weekday};
use autocoder_core::event::{Actor, Event};
use autocoder_core::ids::{AgentId, EventId, PhaseId, ProjectId, RunId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::{Store, UsageMeter};
use autocoder_core::run::Tokens;
use autocoder_core::schedule::{NewSchedule, ScheduleKind};
use autocoder_core::scheduler::Band;
use autocoder_core::usage_record::{UsageQuality, UsageRecord};
use autocoder_core::workflow::{self, Claiming, Context};
use autocoder_testkit::builder::Plan;
use autocoder_testkit::clock::TestClock;
use autocoder_usage::announce::{announce_all, announce_usage};
use autocoder_usage::change_settings::change_settings;
use autocoder_usage::meter::LedgerMeter;
use autocoder_usage::report::{project_forecast, project_stats, total_stats};
use autocoder_usage::settings::{TrackBy, UsageSettings};

const DAY_S: i64 = 86_400;

struct Bed {
    store: Arc<dyn Store>,
    clock: TestClock,
    meter: LedgerMeter,
    person: Actor,
    project: ProjectId,
    phase: PhaseId,
    messages: std::cell::Cell<u32>,
}

impl Bed {
    /// A project with two tasks, and a clock at noon of Monday, 5 January 2026.
    async fn new(settings: UsageSettings) -> Self {
        let clock = TestClock::default();
        clock.advance(3 * 3_600);
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock.reader()));
        let meter = LedgerMeter::new(Arc::clone(&store), RunnerKind::ClaudeCode);
        let person = Actor::Person("ann".to_owned());
        let cx = Context { store: &*store, usage: &meter, actor: &person, request: None };
        let project = Plan::new("p").phase("One").feature("A").tasks(2).create(&cx).await.unwrap();
        change_settings(&cx, |_| settings).await.unwrap();
        let phase = store.queries().phases(project).await.unwrap()[0].id;
        Self { store, clock, meter, person, project, phase, messages: std::cell::Cell::new(0) }
    }

    fn cx(&self) -> Context<'_> {
        Context { store: &*self.store, usage: &self.meter, actor: &self.person, request: None }
    }

    async fn budget(&self, scope: BudgetScope, amount: u64, period: Period) -> NewBudget {
        let new = NewBudget { scope, measure: BudgetMeasure::Tokens, amount, period, mode: BudgetMode::Enforce };
        workflow::add_budget(&self.cx(), new.clone()).await.unwrap();
        new
    }

    async fn uses(&self, agent: &str, output: u64, rehearsal: bool) {
        self.messages.set(self.messages.get() + 1);
        let record = UsageRecord {
            source: "s".to_owned(),
            message_id: self.messages.get().to_string(),
            project: self.project,
            phase: Some(self.phase),
            feature: None,
            task: None,
            agent: AgentId(agent.to_owned()),
            run: RunId(1),
            at: self.clock.now(),
            model: "no-such-model".to_owned(),
            tokens: Tokens { output, ..Tokens::default() },
            cost_nusd: None,
            quality: UsageQuality::Exact,
            rehearsal,
        };
        self.store.ledger().record(vec![record]).await.unwrap();
    }

    async fn left_for(&self, agent: &str) -> Option<u32> {
        self.meter.level_for(self.project, &AgentId(agent.to_owned())).await.unwrap().available_bp
    }

    /// What was told so far: the project, the kind and the threshold.
    async fn told(&self) -> Vec<(i64, String, String)> {
        let events = self.store.feed().after(EventId(0), None, 1_000).await.unwrap();
        let of_limits = |event: &Event| event.kind.as_str() == "usage.warning" || event.kind.as_str() == "usage.paused";
        let facts = |event: Event| {
            (event.project_id.0, event.kind.to_string(), event.payload["threshold"].as_str().unwrap().to_owned())
        };
        events.into_iter().filter(of_limits).map(facts).collect()
    }
}

fn unlimited() -> UsageSettings {
    UsageSettings { monthly_limit: None, ..UsageSettings::default() }
}

#[tokio::test]
async fn the_tightest_of_all_limits_that_apply_decides() {
    let bed = Bed::new(UsageSettings { monthly_limit: Some(10_000), ..UsageSettings::default() }).await;
    assert_eq!(bed.left_for("coder-1").await, Some(10_000));
    bed.uses("coder-1", 1_000, false).await;
    assert_eq!(bed.left_for("coder-1").await, Some(9_000));
    bed.budget(BudgetScope::Global, 5_000, Period::Lifetime).await;
    assert_eq!(bed.left_for("coder-1").await, Some(8_000));
    bed.budget(BudgetScope::Phase(bed.project, bed.phase), 4_000, Period::Lifetime).await;
    assert_eq!(bed.left_for("coder-1").await, Some(7_500));
    let agent = BudgetScope::Agent(bed.project, AgentId("coder-1".to_owned()));
    bed.budget(agent, 2_000, Period::Rolling { hours: 5 }).await;
    assert_eq!((bed.left_for("coder-1").await, bed.left_for("coder-2").await), (Some(5_000), Some(7_500)));
    bed.clock.advance(6 * 3_600);
    assert_eq!(bed.left_for("coder-1").await, Some(7_500), "the five hours are over");
}

#[tokio::test]
async fn a_budget_stops_claims_and_rehearsals_do_not_count() {
    let bed = Bed::new(unlimited()).await;
    bed.budget(BudgetScope::Project(bed.project), 1_000, Period::Daily { time_zone: "UTC".to_owned() }).await;
    bed.uses("coder-1", 5_000, true).await;
    assert_eq!(bed.left_for("coder-1").await, Some(10_000));
    bed.uses("coder-1", 950, false).await;
    let agent = AgentId("coder-1".to_owned());
    let Claiming::None(idle) = workflow::claim_task(&bed.cx(), bed.project, &agent, None).await.unwrap() else {
        panic!("nothing new is handed out at 5 % left")
    };
    assert_eq!(idle.reason.as_str(), "usage_critical");
    assert_eq!(idle.retry_at.unwrap().to_string(), "2026-01-06T00:00:00Z");
    let rehearsal = LedgerMeter::new(Arc::clone(&bed.store), RunnerKind::Rehearsal);
    assert_eq!(rehearsal.level(bed.project).await.unwrap().available_bp, None);
    bed.clock.advance(12 * 3_600);
    assert!(matches!(workflow::claim_task(&bed.cx(), bed.project, &agent, None).await.unwrap(), Claiming::Task(_)));
}

#[tokio::test]
async fn outside_of_its_windows_a_project_hands_out_nothing_new() {
    let bed = Bed::new(unlimited()).await;
    let night = NewSchedule {
        kind: ScheduleKind::Work,
        max_cost_nusd: None,
        days: vec![Weekday::Monday],
        starts: "22:00".to_owned(),
        ends: "06:00".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        enabled: true,
    };
    let mars = NewSchedule { time_zone: "Mars/Base".to_owned(), ..night.clone() };
    assert_eq!(workflow::add_schedule(&bed.cx(), bed.project, mars).await.unwrap_err().code(), "invalid_field");
    workflow::add_schedule(&bed.cx(), bed.project, night).await.unwrap();
    let agent = AgentId("coder-1".to_owned());
    let Claiming::None(idle) = workflow::claim_task(&bed.cx(), bed.project, &agent, None).await.unwrap() else {
        panic!("it is noon")
    };
    let said = (idle.reason.as_str(), idle.advice.as_str(), idle.retry_at.unwrap().to_string());
    assert_eq!(said, ("paused", "wait", "2026-01-05T21:00:00Z".to_owned()));
    bed.clock.advance(9 * 3_600);
    assert!(matches!(workflow::claim_task(&bed.cx(), bed.project, &agent, None).await.unwrap(), Claiming::Task(_)));
}

#[tokio::test]
async fn each_threshold_is_told_once_whoever_looks() {
    let bed = Bed::new(UsageSettings { monthly_limit: Some(1_000), ..UsageSettings::default() }).await;
    bed.budget(BudgetScope::Global, 2_000, Period::Lifetime).await;
    announce_all(&*bed.store).await.unwrap();
    assert_eq!(bed.told().await, []);
    bed.uses("coder-1", 800, false).await;
    let (one, two) = tokio::join!(announce_all(&*bed.store), announce_usage(&*bed.store, bed.project));
    one.and(two).unwrap();
    let of = |project: i64, kind: &str, threshold: &str| (project, kind.to_owned(), threshold.to_owned());
    let warned = of(bed.project.0, "usage.warning", "warn");
    assert_eq!(bed.told().await, std::slice::from_ref(&warned));
    bed.uses("coder-1", 1_150, false).await;
    announce_all(&*bed.store).await.unwrap();
    announce_all(&*bed.store).await.unwrap();
    let paused = [of(0, "usage.paused", "pause"), of(bed.project.0, "usage.paused", "pause")];
    assert_eq!(bed.told().await, [&[warned.clone()][..], &paused].concat());
    bed.clock.advance(31 * DAY_S);
    bed.uses("coder-1", 900, false).await;
    announce_all(&*bed.store).await.unwrap();
    let low = of(bed.project.0, "usage.warning", "low");
    assert_eq!(bed.told().await.last(), Some(&low), "a new month, and the lifetime budget says nothing again");
    assert_eq!(bed.told().await.len(), 4);
}

#[tokio::test]
async fn reports_show_the_period_and_rehearsals_apart() {
    let bed = Bed::new(UsageSettings { monthly_limit: Some(10_000), ..UsageSettings::default() }).await;
    bed.budget(BudgetScope::Project(bed.project), 4_000, Period::Lifetime).await;
    for _ in 0..3 {
        bed.uses("coder-1", 1_000, false).await;
        bed.clock.advance(DAY_S);
    }
    bed.uses("coder-1", 7, true).await;
    bed.uses("coder-1", 200, false).await;
    let project = bed.store.queries().project("p").await.unwrap().unwrap();
    let stats = project_stats(&bed.store, &project).await.unwrap();
    assert_eq!((stats.total_tokens, stats.output_tokens, stats.all_tokens), (3_200, 3_200, 3_200));
    assert_eq!((stats.limit, stats.remaining, stats.percentage_used), (Some(10_000), Some(6_800), Some(32.0)));
    assert_eq!((stats.today_tokens, stats.average_daily_tokens, stats.rehearsal_tokens), (200, 1_000, 7));
    assert_eq!((stats.band, stats.warn, stats.budgets[0].percentage_used), (Band::Moderate, true, 80.0));
    assert_eq!((stats.cost_nusd, stats.unpriced_models), (0, vec!["no-such-model".to_owned()]));
    let total = total_stats(&bed.store).await.unwrap();
    assert_eq!((total.total_tokens, total.limit, total.budgets.len()), (3_200, None, 0));
    let part = &total.projects[0];
    assert_eq!((part.share_percentage, part.remaining), (100.0, Some(6_800)));
    let shared = UsageSettings { track_by: TrackBy::Global, ..UsageSettings::default() };
    change_settings(&bed.cx(), |_| shared).await.unwrap();
    let total = total_stats(&bed.store).await.unwrap();
    assert_eq!((total.limit, total.remaining), (Some(1_000_000), Some(996_800)));
    assert_eq!(total.projects[0].limit, None, "the limit is not the project's own");
}

#[tokio::test]
async fn the_forecast_names_the_day_of_the_limit_and_of_the_end() {
    let bed = Bed::new(UsageSettings { monthly_limit: Some(10_000), ..UsageSettings::default() }).await;
    let ask = async || {
        let project = bed.store.queries().project("p").await.unwrap().unwrap();
        project_forecast(&*bed.store, &project).await.unwrap()
    };
    let nothing = ask().await;
    assert_eq!((nothing.days_until_limit, nothing.days_until_done, nothing.tasks_open), (None, None, 2));
    for _ in 0..4 {
        bed.uses("coder-1", 1_000, false).await;
        bed.clock.advance(DAY_S);
    }
    let agent = AgentId("coder-1".to_owned());
    let Claiming::Task(claim) = workflow::claim_task(&bed.cx(), bed.project, &agent, None).await.unwrap() else {
        panic!("there is a task")
    };
    let fence = workflow::Fence { agent, attempt: claim.attempt() };
    workflow::pass_task(&bed.cx(), bed.project, claim.task.id, &fence, Vec::new()).await.unwrap();
    let forecast = ask().await;
    assert_eq!((forecast.days_counted, forecast.average_daily_tokens, forecast.remaining), (4, 1_000, Some(6_000)));
    assert_eq!(forecast.limit_reached_at.unwrap().to_string(), "2026-01-15T12:00:00Z");
    assert_eq!(serde_json::to_value(forecast.will_exceed).unwrap(), "yes");
    assert_eq!((forecast.tasks_open, forecast.tasks_finished, forecast.tasks_per_day), (1, 1, 0.25));
    assert_eq!(forecast.done_at.unwrap().to_string(), "2026-01-13T12:00:00Z");
}
