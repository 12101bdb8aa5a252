//! A small plan in memory, and the ports of a session as a test sets them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use autocoder_core::agent::Role;
use autocoder_core::event::Actor;
use autocoder_core::feature::NewFeature;
use autocoder_core::ids::{AgentId, FeatureId, PhaseId, ProjectId, TaskId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::phase::NewPhase;
use autocoder_core::ports::{Out, Store, UsageMeter, Verdict, Verifier};
use autocoder_core::project::{NewProject, Project};
use autocoder_core::scheduler::UsageLevel;
use autocoder_core::task::{Branch, Evidence, NewTask, Prerequisite, Task};
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{Context, add_feature, add_phase, create_project, create_tasks};
use autocoder_mcp::Session;
use tokio::sync::Semaphore;

/// Project `todo`: phase 1 with a feature of three tasks, of which the third waits for the first.
pub(crate) struct Plan {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) verifier: Arc<Scripted>,
    pub(crate) project: ProjectId,
    pub(crate) phase: PhaseId,
    pub(crate) feature: FeatureId,
    pub(crate) tasks: Vec<TaskId>,
    clock: Arc<AtomicI64>,
}

pub(crate) struct Meter(pub(crate) Mutex<UsageLevel>);

#[async_trait]
impl UsageMeter for Meter {
    async fn level(&self, _: ProjectId) -> Out<UsageLevel> {
        Ok(*self.0.lock().unwrap())
    }
}

/// Fails as often as it is told, passes otherwise; each verification needs a permit.
pub(crate) struct Scripted {
    pub(crate) reports: Mutex<VecDeque<String>>,
    pub(crate) permits: Semaphore,
}

#[async_trait]
impl Verifier for Scripted {
    async fn verify(&self, _: &Project, branch: &Branch) -> Verdict {
        self.permits.acquire().await.unwrap().forget();
        match self.reports.lock().unwrap().pop_front() {
            None => Verdict::Passed(vec![evidence(&branch.task, 0)]),
            Some(report) => Verdict::Failed { evidence: vec![evidence(&branch.task, 1)], report },
        }
    }
}

fn evidence(task: &Task, exit_code: i32) -> Evidence {
    Evidence {
        task: task.id,
        attempt: task.attempt,
        command: "npm test".to_owned(),
        exit_code: Some(exit_code),
        output_end: "end".to_owned(),
        commit: None,
        at: Timestamp(0),
    }
}

impl Plan {
    pub(crate) async fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(1_800_000_000_000_000));
        let reading = Arc::clone(&clock);
        let store = Arc::new(MemoryStore::new(move || Timestamp(reading.load(Ordering::Relaxed))));
        let meter = Arc::new(Meter(Mutex::new(UsageLevel::default())));
        let verifier = Arc::new(Scripted { reports: Mutex::default(), permits: Semaphore::new(1_000) });
        let person = Actor::Person("ada".to_owned());
        let cx = Context { store: &*store, usage: &*meter, actor: &person, request: None };
        let new = NewProject { name: "todo".to_owned(), path: "/code".to_owned(), ..NewProject::default() };
        let project = create_project(&cx, new).await.unwrap().id;
        let (phase, feature) = (named_phase(&cx, project, "MVP").await, "Lists");
        let new = NewFeature { phase: Some(phase), name: feature.to_owned(), ..NewFeature::default() };
        let feature = add_feature(&cx, project, new).await.unwrap().id;
        let mut new: Vec<_> = ["Model", "Screen", "Sync"].map(task).into();
        new[2].depends_on = vec![Prerequisite::Sibling(0)];
        let tasks = create_tasks(&cx, project, feature, new).await.unwrap().iter().map(|task| task.id).collect();
        Self { store, meter, verifier, project, phase, feature, tasks, clock }
    }

    pub(crate) fn session(&self, role: Option<Role>) -> Session {
        Session {
            store: Arc::clone(&self.store) as Arc<dyn Store>,
            usage: Arc::clone(&self.meter) as Arc<dyn UsageMeter>,
            verifier: Arc::clone(&self.verifier) as Arc<dyn Verifier>,
            project: self.project,
            project_name: "todo".to_owned(),
            agent: AgentId("coder-1".to_owned()),
            role,
            run: None,
            fence: None,
            log: Arc::new(|_| {}),
        }
    }

    /// Fails the next verifications with these reports.
    pub(crate) fn fail_next(&self, reports: &[&str]) {
        self.verifier.reports.lock().unwrap().extend(reports.iter().map(|report| (*report).to_owned()));
    }

    /// From now on verifications wait for a permit of [`Scripted::permits`].
    pub(crate) fn hold_verifications(&self) {
        self.verifier.permits.forget_permits(1_000);
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    pub(crate) fn use_up_to(&self, available_bp: u32) {
        self.meter.0.lock().unwrap().available_bp = Some(available_bp);
    }

    /// How many verifications are recorded for a task.
    pub(crate) async fn evidence_count(&self, task: TaskId) -> usize {
        self.store.queries().evidence(self.project, task).await.unwrap().len()
    }
}

async fn named_phase(cx: &Context<'_>, project: ProjectId, name: &str) -> PhaseId {
    let new = NewPhase { name: name.to_owned(), description: String::new(), order: None };
    add_phase(cx, project, new).await.unwrap().id
}

fn task(name: &str) -> NewTask {
    NewTask { name: name.to_owned(), steps: vec!["it works".to_owned()], ..NewTask::default() }
}
