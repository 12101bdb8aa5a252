//! What a case works on: a store, its clock, a meter, and the calls every case makes, in short.

use std::sync::Arc;

use autocoder_core::error::Refused;
use autocoder_core::event::{Actor, Event, EventKind};
use autocoder_core::feature::Feature;
use autocoder_core::ids::{AgentId, EventId, ProjectId, TaskId};
use autocoder_core::phase::Phase;
use autocoder_core::ports::{PlanRows, Store};
use autocoder_core::scheduler::{Claim, Idle};
use autocoder_core::task::Task;
use autocoder_core::view::ProjectView;
use autocoder_core::workflow::{self, Claiming, Context, Fence};

use super::counters::assert_counters;
use crate::builder::Plan;
use crate::clock::TestClock;
use crate::meter::FixedMeter;

/// A store with everything around it, and the project that its short calls mean.
pub struct Bed {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Its clock.
    pub clock: TestClock,
    /// The meter.
    pub meter: FixedMeter,
    /// The project.
    pub project: ProjectId,
    person: Actor,
}

impl Bed {
    /// A bed on an empty store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: TestClock) -> Self {
        let person = Actor::Person("ann".to_owned());
        Self { store, clock, meter: FixedMeter::unlimited(), project: ProjectId(0), person }
    }

    /// What a person asks with.
    #[must_use]
    pub fn cx(&self) -> Context<'_> {
        self.cx_of(&self.person)
    }

    /// What `actor` asks with.
    #[must_use]
    pub fn cx_of<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        Context { store: &*self.store, usage: &self.meter, actor, request: None }
    }

    /// Makes the plan and means its project from now on.
    pub async fn lay(&mut self, plan: Plan) -> ProjectId {
        self.project = plan.create(&self.cx()).await.unwrap();
        self.project
    }

    /// Asks for a task.
    pub async fn claim(&self, agent: &str) -> Claiming {
        let actor = Actor::Agent(AgentId(agent.to_owned()));
        let claiming = workflow::claim_task(&self.cx_of(&actor), self.project, &AgentId(agent.to_owned()), None).await;
        claiming.unwrap()
    }

    /// Asks for a task that there must be.
    pub async fn take(&self, agent: &str) -> Claim {
        match self.claim(agent).await {
            Claiming::Task(claim) => *claim,
            Claiming::None(idle) => panic!("`{agent}` gets no task: {idle:?}"),
        }
    }

    /// Asks for a task that there must not be.
    pub async fn idle(&self, agent: &str) -> Idle {
        match self.claim(agent).await {
            Claiming::Task(claim) => panic!("`{agent}` gets `{}`", claim.task.name),
            Claiming::None(idle) => *idle,
        }
    }

    /// The reason and advice of a refused claim, in two words.
    pub async fn why_idle(&self, agent: &str) -> String {
        let idle = self.idle(agent).await;
        format!("{} {}", idle.reason, idle.advice)
    }

    /// The claimed task passes.
    pub async fn pass(&self, claim: &Claim) -> Task {
        workflow::pass_task(&self.cx(), self.project, claim.task.id, &fence(claim), Vec::new()).await.unwrap()
    }

    /// The claimed task fails.
    pub async fn fail(&self, claim: &Claim) -> Task {
        let (cx, fence) = (self.cx(), fence(claim));
        workflow::fail_task(&cx, self.project, claim.task.id, &fence, "red", Vec::new()).await.unwrap()
    }

    /// Claims and passes until there is no task, and answers their names in order and why there is none.
    pub async fn work(&self, agent: &str) -> (Vec<String>, Idle) {
        let mut names = Vec::new();
        loop {
            match self.claim(agent).await {
                Claiming::None(idle) => return (names, *idle),
                Claiming::Task(claim) => {
                    self.pass(&claim).await;
                    names.push(claim.task.name);
                }
            }
        }
    }

    /// The whole plan.
    pub async fn rows(&self) -> PlanRows {
        self.store.queries().plan(self.project).await.unwrap()
    }

    /// The phase of that name.
    pub async fn phase(&self, name: &str) -> Phase {
        self.rows().await.phases.into_iter().find(|phase| phase.name == name).expect("the phase is in the plan")
    }

    /// The feature of that name.
    pub async fn feature(&self, name: &str) -> Feature {
        self.rows().await.features.into_iter().find(|feature| feature.name == name).expect("the feature is in the plan")
    }

    /// The task of that name.
    pub async fn task(&self, name: &str) -> Task {
        self.rows().await.tasks.into_iter().find(|task| task.name == name).expect("the task is in the plan")
    }

    /// The id of the task of that name.
    pub async fn id(&self, name: &str) -> TaskId {
        self.task(name).await.id
    }

    /// The project as screens show it.
    pub async fn view(&self) -> ProjectView {
        let projects = self.store.queries().projects().await.unwrap();
        projects.into_iter().find(|project| project.id == self.project).expect("the project is there")
    }

    /// Everything that happened in the project.
    pub async fn events(&self) -> Vec<Event> {
        self.store.feed().after(EventId(0), Some(self.project), 10_000).await.unwrap()
    }

    /// The end of the feed.
    pub async fn mark(&self) -> EventId {
        self.store.feed().newest().await.unwrap()
    }

    /// What happened since the mark, whatever the project.
    pub async fn kinds_since(&self, mark: EventId) -> Vec<EventKind> {
        let events = self.store.feed().after(mark, None, 10_000).await.unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }

    /// Nothing was changed and nothing happened since the mark.
    pub async fn assert_unchanged(&self, rows: &PlanRows, mark: EventId) {
        assert_eq!(self.rows().await, *rows);
        assert_eq!(self.kinds_since(mark).await, []);
    }

    /// Counts every project anew.
    pub async fn assert_counters(&self) {
        assert_counters(&*self.store).await;
    }
}

/// What proves the claim.
#[must_use]
pub fn fence(claim: &Claim) -> Fence {
    let lease = claim.task.lease.as_ref().expect("a claimed task has a lease");
    Fence { agent: lease.agent.clone(), attempt: claim.task.attempt }
}

/// The code of a refusal.
pub fn refusal<T: std::fmt::Debug>(answer: Result<T, Refused>) -> &'static str {
    answer.expect_err("this has to be refused").code()
}
