//! The crew: drives the agents of one project until the plan is finished, a person is needed, or it is told to stop.
//!
//! What it holds in memory is never the truth: it looks at stored facts, [`step::next_step`] decides, and killing it
//! anywhere loses nothing. One crew a project at a time, by a lease.

mod books;
mod holder;
mod recover;
mod slots;
mod step;
mod work;
mod workplace;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use autocoder_core::agent::{RunnerKind, Wanted};
use autocoder_core::error::Refused;
use autocoder_core::event::{Actor, Event, EventKind};
use autocoder_core::ids::{AgentId, Attempt, EventId, ProjectId, RunId, TaskId};
use autocoder_core::ports::{Store, UsageMeter};
use autocoder_core::project::Project;
use autocoder_core::run::RunOutcome;
use autocoder_core::scheduler::{Claim, Idle};
use autocoder_core::workflow::{self, Claiming, Context};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

pub use self::holder::Holder;
pub use self::workplace::{WorktreeVerifier, workplace_of};

use self::slots::Slots;
use self::step::{Observed, Step, next_step};
use self::work::Finished;
use crate::runner::{AgentRunner, McpEndpoint};
use crate::supervisor::Limits;

/// How often the crew looks at what others changed.
const TICK: Duration = Duration::from_millis(200);
/// How often it renews its lease on the project.
const RENEW: Duration = Duration::from_secs(5);
/// Events read at a time.
const EVENTS_AT_ONCE: u64 = 500;

/// What a crew needs.
pub struct Crew {
    /// Where the plan is kept.
    pub store: Arc<dyn Store>,
    /// How much may still be used.
    pub usage: Arc<dyn UsageMeter>,
    /// The project.
    pub project: Project,
    /// Drives every agent of this crew.
    pub runner: Arc<dyn AgentRunner>,
    /// How an agent reaches the tools.
    pub tools: Arc<dyn Fn(&Identity) -> McpEndpoint + Send + Sync>,
    /// How many agents work at the same time.
    pub agents: usize,
    /// What the names of agents begin with: `coder-1`.
    pub prefix: String,
    /// The model they ask for.
    pub model: Option<String>,
    /// Goes on waiting where only a person can help, instead of ending.
    pub wait: bool,
    /// Where logs, worktrees and scratch files go.
    pub data_dir: PathBuf,
    /// The program of the runner, when the user's configuration names one.
    pub program: Option<PathBuf>,
    /// The environment to choose from.
    pub environment: BTreeMap<String, String>,
    /// The bounds of each run.
    pub limits: Limits,
}

/// Who an agent's process is; never an argument of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The agent.
    pub agent: AgentId,
    /// Its run.
    pub run: RunId,
    /// The task it was given.
    pub task: TaskId,
    /// The number of its claim.
    pub attempt: Attempt,
}

/// Why a crew ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// There is nothing to hand out, and why.
    Idle(Idle),
    /// Agents cannot work as set up; a person has to mend it.
    Halted {
        /// What the last run came to.
        outcome: RunOutcome,
        /// In words.
        detail: String,
    },
    /// It was told to stop.
    Stopped,
}

/// What a crew tells while it works.
#[derive(Clone, Debug)]
pub enum Progress {
    /// The project is this crew's from now on.
    Joined,
    /// Something happened in the project.
    Event(Event),
    /// The work of dead crews was taken over.
    Recovered {
        /// Runs that were open.
        runs: usize,
    },
    /// A run ended.
    Run {
        /// The agent.
        agent: AgentId,
        /// How.
        outcome: RunOutcome,
        /// In words.
        detail: Option<String>,
    },
    /// Nothing to do until then.
    Waiting(Idle),
}

impl Crew {
    fn context<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        Context { store: &*self.store, usage: &*self.usage, actor, request: None }
    }

    fn kind(&self) -> RunnerKind {
        self.runner.kind()
    }

    fn id(&self) -> ProjectId {
        self.project.id
    }
}

/// Drives the project until it ends; `stop` becoming true ends it soon. Every run is stopped, its claim handed back and
/// the lease on the project given up before this returns.
///
/// # Errors
/// `CrewHeld` while another crew drives the project; what the store refuses.
pub async fn drive(
    crew: Crew,
    stop: watch::Receiver<bool>,
    report: &mut (dyn FnMut(Progress) + Send),
) -> Result<Ending, Refused> {
    let holder = Holder::this();
    let system = Actor::System;
    let dead = crew.project.crew.as_ref().map(|lease| lease.holder.clone()).filter(|name| holder::is_dead(name));
    workflow::join_crew(&crew.context(&system), crew.id(), holder.name(), dead.as_deref()).await?;
    report(Progress::Joined);
    let crew = Arc::new(crew);
    let mut driver = Driver::new(Arc::clone(&crew), holder, stop, report).await?;
    let ended = driver.run().await;
    let why = match &ended {
        Ok(Ending::Idle(idle)) => idle.reason.to_string(),
        Ok(Ending::Halted { outcome, .. }) => format!("{outcome:?}").to_lowercase(),
        Ok(Ending::Stopped) => "stopped".to_owned(),
        Err(error) => error.to_string(),
    };
    let name = driver.holder.name().to_owned();
    driver.stop_everything().await;
    workflow::leave_crew(&crew.context(&system), crew.id(), &name, &why).await?;
    ended
}

struct Driver<'a> {
    crew: Arc<Crew>,
    holder: Holder,
    stop: watch::Receiver<bool>,
    report: &'a mut (dyn FnMut(Progress) + Send),
    slots: Slots,
    runs: JoinSet<Finished>,
    stops: BTreeMap<AgentId, watch::Sender<bool>>,
    cursor: EventId,
    renewed: Instant,
    halted: Option<(RunOutcome, String)>,
    announced: Option<Idle>,
}

impl<'a> Driver<'a> {
    async fn new(
        crew: Arc<Crew>,
        holder: Holder,
        stop: watch::Receiver<bool>,
        report: &'a mut (dyn FnMut(Progress) + Send),
    ) -> Result<Self, Refused> {
        let recovered = recover::recover(&crew).await?;
        if recovered > 0 {
            report(Progress::Recovered { runs: recovered });
        }
        let slots = slots::enlist(&crew).await?;
        Ok(Self {
            cursor: crew.store.feed().newest().await?,
            crew,
            holder,
            stop,
            report,
            slots,
            runs: JoinSet::new(),
            stops: BTreeMap::new(),
            renewed: Instant::now(),
            halted: None,
            announced: None,
        })
    }

    async fn run(&mut self) -> Result<Ending, Refused> {
        loop {
            let stopping = *self.stop.borrow() || self.halted.is_some();
            let observed = Observed { stopping, slots: self.slots.all(), wait: self.crew.wait };
            match next_step(&observed) {
                Step::Ask(agent) => self.ask(agent).await?,
                Step::StopRuns => {
                    self.stop_runs();
                    self.pause(None).await?;
                }
                Step::Wait(idle) => self.pause(idle).await?,
                Step::End(idle) => return Ok(self.ending(idle)),
            }
        }
    }

    fn ending(&mut self, idle: Option<Idle>) -> Ending {
        match (self.halted.take(), idle) {
            (Some((outcome, detail)), _) => Ending::Halted { outcome, detail },
            (None, Some(idle)) => Ending::Idle(idle),
            (None, None) => Ending::Stopped,
        }
    }

    async fn ask(&mut self, agent: AgentId) -> Result<(), Refused> {
        let actor = Actor::Agent(agent.clone());
        match workflow::claim_task(&self.crew.context(&actor), self.crew.id(), &agent, None).await? {
            Claiming::None(idle) => self.slots.idle(&agent, *idle),
            Claiming::Task(claim) => self.start(agent, *claim),
        }
        Ok(())
    }

    fn start(&mut self, agent: AgentId, claim: Claim) {
        let (sender, receiver) = watch::channel(false);
        self.announced = None;
        self.stops.insert(agent.clone(), sender);
        self.slots.working(&agent);
        self.runs.spawn(work::work(Arc::clone(&self.crew), agent, claim, receiver));
    }

    /// Waits for the next run to end, the next tick or the stop, and takes in what changed meanwhile.
    async fn pause(&mut self, idle: Option<Idle>) -> Result<(), Refused> {
        if let Some(idle) = idle.filter(|_| self.slots.none_works())
            && self.announced.as_ref().map(|known| known.reason) != Some(idle.reason)
        {
            (self.report)(Progress::Waiting(idle.clone()));
            self.announced = Some(idle);
        }
        let was_stopping = *self.stop.borrow();
        let finished = tokio::select! {
            Some(finished) = self.runs.join_next() => Some(finished),
            changed = self.stop.changed(), if !was_stopping => {
                if changed.is_err() {
                    // Nobody can ask us to stop any more; the tick goes on.
                    sleep(TICK).await;
                }
                None
            }
            () = sleep(TICK) => None,
        };
        // What a run did is told before its end.
        self.look_around().await?;
        if let Some(finished) = finished {
            self.finished(finished);
        }
        Ok(())
    }

    fn finished(&mut self, finished: Result<Finished, tokio::task::JoinError>) {
        match finished {
            Ok(finished) => {
                self.stops.remove(&finished.agent);
                self.slots.fresh(&finished.agent);
                if finished.outcome.needs_person() {
                    let detail = finished.detail.clone().unwrap_or_default();
                    self.halted.get_or_insert((finished.outcome, detail));
                }
                let Finished { agent, outcome, detail } = finished;
                (self.report)(Progress::Run { agent, outcome, detail });
            }
            Err(error) => {
                self.halted.get_or_insert((RunOutcome::Crashed, format!("a run's supervisor failed: {error}")));
            }
        }
    }

    /// Reads the feed, follows what people want of agents, and keeps the lease.
    async fn look_around(&mut self) -> Result<(), Refused> {
        let events = self.crew.store.feed().after(self.cursor, Some(self.crew.id()), EVENTS_AT_ONCE).await?;
        let now = self.crew.store.ledger().now().await?;
        if let Some(last) = events.last() {
            self.cursor = last.id;
            if events.iter().any(|event| may_bring_work(event.kind)) {
                self.slots.refresh_idle();
            }
            if events.iter().any(|event| event.kind == EventKind::AgentUpdated) {
                self.follow_wishes().await?;
            }
        }
        for event in events {
            (self.report)(Progress::Event(event));
        }
        self.slots.refresh_due(now);
        if self.renewed.elapsed() >= RENEW {
            let system = Actor::System;
            let cx = self.crew.context(&system);
            workflow::join_crew(&cx, self.crew.id(), self.holder.name(), None).await?;
            self.renewed = Instant::now();
        }
        Ok(())
    }

    /// An agent that is wanted stopped is stopped at once.
    async fn follow_wishes(&mut self) -> Result<(), Refused> {
        for agent in self.crew.store.queries().agents(self.crew.id()).await? {
            if agent.wanted == Wanted::Stopped
                && let Some(stop) = self.stops.get(&agent.id)
            {
                stop.send_replace(true);
            }
        }
        Ok(())
    }

    fn stop_runs(&self) {
        for stop in self.stops.values() {
            stop.send_if_modified(|stopping| !std::mem::replace(stopping, true));
        }
    }

    async fn stop_everything(&mut self) {
        self.stop_runs();
        while let Some(finished) = self.runs.join_next().await {
            self.finished(finished);
        }
        slots::dismiss(&self.crew, &self.slots).await;
    }
}

/// Whether an idle agent may find a task after this.
const fn may_bring_work(kind: EventKind) -> bool {
    !matches!(
        kind,
        EventKind::TaskClaimed
            | EventKind::CrewStarted
            | EventKind::CrewStopped
            | EventKind::AgentRegistered
            | EventKind::AgentCrashed
            | EventKind::TaskVerified
    )
}
