//! What keeps work from starting beside a budget: a provider that refuses, its windows, and tasks that cannot be paid.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use autocoder_core::agent::RunnerKind;
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, ProjectId, RunId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::{Store, UsageMeter};
use autocoder_core::run::Tokens;
use autocoder_core::scheduler::{Advice, Idle, IdleReason};
use autocoder_core::task::Task;
use autocoder_core::usage_record::{UsageQuality, UsageRecord};
use autocoder_core::workflow::{self, Claiming, Context, Fence};
use autocoder_testkit::builder::Plan;
use autocoder_testkit::clock::TestClock;
use autocoder_usage::change_settings::change_settings;
use autocoder_usage::meter::LedgerMeter;
use autocoder_usage::provider::{self, Cause, ProviderWindow};
use autocoder_usage::report::total_stats;
use autocoder_usage::settings::UsageSettings;

const RUNNER: RunnerKind = RunnerKind::ClaudeCode;

struct Bed {
    store: Arc<dyn Store>,
    clock: TestClock,
    meter: LedgerMeter,
    project: ProjectId,
}

impl Bed {
    /// A project of a feature with sixteen tasks and one with four.
    async fn new(settings: UsageSettings) -> Self {
        let clock = TestClock::default();
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock.reader()));
        let meter = LedgerMeter::new(Arc::clone(&store), RUNNER);
        let person = Actor::Person("ann".to_owned());
        let cx = Context { store: &*store, usage: &meter, actor: &person, request: None };
        let plan = Plan::new("p").phase("One").feature("A").tasks(16).feature("B").tasks(4);
        let project = plan.create(&cx).await.unwrap();
        change_settings(&cx, |_| settings).await.unwrap();
        Self { store, clock, meter, project }
    }

    async fn claims(&self, agent: &str) -> Result<Task, Idle> {
        let actor = Actor::Agent(AgentId(agent.to_owned()));
        let cx = Context { store: &*self.store, usage: &self.meter, actor: &actor, request: None };
        let claiming = workflow::claim_task(&cx, self.project, &AgentId(agent.to_owned()), None).await.unwrap();
        match claiming {
            Claiming::Task(claim) => Ok(claim.task),
            Claiming::None(idle) => Err(*idle),
        }
    }

    async fn person_starts_again(&self) {
        let person = Actor::Person("ann".to_owned());
        let cx = Context { store: &*self.store, usage: &self.meter, actor: &person, request: None };
        workflow::start_project(&cx, self.project).await.unwrap();
    }

    async fn uses(&self, task: &Task, output: u64) {
        let record = UsageRecord {
            source: "s".to_owned(),
            message_id: format!("{}.{}", task.id, output),
            project: self.project,
            phase: None,
            feature: Some(task.feature),
            task: Some(task.id),
            agent: AgentId("a".to_owned()),
            run: RunId(1),
            at: self.clock.now(),
            model: "no-such-model".to_owned(),
            tokens: Tokens { output, ..Tokens::default() },
            cost_nusd: None,
            quality: UsageQuality::Exact,
            rehearsal: false,
        };
        self.store.ledger().record(vec![record]).await.unwrap();
    }

    async fn finishes(&self, agent: &str, task: &Task) {
        let actor = Actor::Agent(AgentId(agent.to_owned()));
        let cx = Context { store: &*self.store, usage: &self.meter, actor: &actor, request: None };
        let fence = Fence { agent: AgentId(agent.to_owned()), attempt: task.attempt };
        workflow::pass_task(&cx, self.project, task.id, &fence, Vec::new()).await.unwrap();
    }
}

#[tokio::test]
async fn everybody_waits_for_the_reset_and_then_one_tries_first() {
    let bed = Bed::new(UsageSettings::default()).await;
    let ledger = bed.store.ledger();
    let reset = bed.clock.now().plus_seconds(3_600);
    let refusal = provider::note_refusal(ledger, RUNNER, Cause::Limit(Some(reset))).await.unwrap();
    assert_eq!(refusal.until, reset.plus_seconds(90));
    let idle = bed.claims("one").await.unwrap_err();
    assert_eq!(
        (idle.reason, idle.advice, idle.retry_at),
        (IdleReason::LimitRejected, Advice::Wait, Some(refusal.until))
    );

    // Another process, started later, knows it too.
    let other = LedgerMeter::new(Arc::clone(&bed.store), RUNNER);
    assert_eq!(other.level(bed.project).await.unwrap().blocked_until, Some(refusal.until));
    // Another provider is not concerned.
    let codex = LedgerMeter::new(Arc::clone(&bed.store), RunnerKind::Command);
    assert_eq!(codex.level(bed.project).await.unwrap().blocked_until, None);

    bed.clock.advance(3_690);
    let task = bed.claims("one").await.unwrap();
    assert!(provider::begin_probe(ledger, RUNNER).await.unwrap());
    assert_eq!(bed.claims("two").await.unwrap_err().reason, IdleReason::LimitRejected);
    provider::note_answer(ledger, RUNNER).await.unwrap();
    assert_ne!(bed.claims("two").await.unwrap().id, task.id);
    assert!(!provider::begin_probe(ledger, RUNNER).await.unwrap());
}

#[tokio::test]
async fn without_auto_resume_a_person_starts_work_again() {
    let bed = Bed::new(UsageSettings { auto_resume: false, ..UsageSettings::default() }).await;
    let reset = bed.clock.now().plus_seconds(60);
    provider::note_refusal(bed.store.ledger(), RUNNER, Cause::Limit(Some(reset))).await.unwrap();
    bed.person_starts_again().await;
    assert_eq!(bed.claims("one").await.unwrap_err().reason, IdleReason::LimitRejected, "the limit has not reset");
    bed.clock.advance(86_400);
    let idle = bed.claims("one").await.unwrap_err();
    assert_eq!((idle.reason, idle.advice, idle.retry_at), (IdleReason::LimitRejected, Advice::Stop, None));
    bed.person_starts_again().await;
    bed.claims("one").await.unwrap();
}

#[tokio::test]
async fn a_providers_window_slows_down_and_never_stops() {
    let bed = Bed::new(UsageSettings { monthly_limit: None, ..UsageSettings::default() }).await;
    let (ledger, now) = (bed.store.ledger(), bed.clock.now());
    let window = |window: &str, used_bp, hours: i64| ProviderWindow {
        window: window.to_owned(),
        used_bp,
        resets_at: Some(now.plus_seconds(3_600 * hours)),
        observed_at: now,
    };
    let told = vec![window("five_hour", 8_000, 2), window("seven_day", 4_100, 90)];
    provider::note_windows(ledger, RUNNER, told).await.unwrap();
    let left = async || bed.meter.level(bed.project).await.unwrap().available_bp;
    assert_eq!(left().await, Some(2_000));
    provider::note_windows(ledger, RUNNER, vec![window("five_hour", 9_990, 2)]).await.unwrap();
    assert_eq!(left().await, Some(501), "small tasks may still be started");
    let shown = async || {
        let windows = total_stats(&bed.store).await.unwrap().provider_windows;
        windows.into_iter().map(|told| (told.runner, told.window, told.percentage_used)).collect::<Vec<_>>()
    };
    let week = (RUNNER, "seven_day".to_owned(), 41.0);
    assert_eq!(shown().await, [(RUNNER, "five_hour".to_owned(), 99.9), week.clone()]);
    bed.clock.advance(2 * 3_600);
    assert_eq!(left().await, Some(5_900), "the five hours are over");
    assert_eq!(shown().await, [week]);
    bed.clock.advance(4 * 3_600);
    assert_eq!(left().await, None, "what was told six hours ago says nothing of now");
}

#[tokio::test]
async fn a_task_that_cannot_be_paid_for_is_not_started() {
    let bed = Bed::new(UsageSettings { monthly_limit: Some(92_000), ..UsageSettings::default() }).await;
    for _ in 0..15 {
        let task = bed.claims("one").await.unwrap();
        bed.uses(&task, 5_000).await;
        bed.finishes("one", &task).await;
    }
    // 17,000 are left, of which 5 % of the limit are not planned with: one task of up to 6,600, but not two at a time.
    let held = bed.claims("one").await.unwrap();
    let idle = bed.claims("two").await.unwrap_err();
    assert_eq!((idle.reason, idle.advice), (IdleReason::UsageLowNoSmallTask, Advice::Wait));
    bed.uses(&held, 2_000).await;
    bed.finishes("one", &held).await;
    bed.claims("two").await.unwrap();
}
