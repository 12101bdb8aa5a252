//! The executor of a crew: looks at what is stored, does the next step, and follows what people want.

mod wishes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use autocoder_core::agent::{AgentStatus, Role};
use autocoder_core::errand::Errand;
use autocoder_core::error::Refused;
use autocoder_core::event::{Actor, EventKind};
use autocoder_core::ids::{AgentId, EventId};
use autocoder_core::run::{RunKind, RunOutcome};
use autocoder_core::scheduler::{Idle, IdleReason};
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{self, Claiming, Errands};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep};

use self::wishes::may_change_wishes;
use super::job::Job;
use super::pace::Pace;
use super::roster::Member;
use super::slots::Slots;
use super::step::{Observed, Step, next_step};
use super::tidy::tidy_all;
use super::work::{self, Finished};
use super::{Crew, Ending, Progress, Stay, recover};
use crate::git::Repository;

/// How often the crew looks at what others changed.
const TICK: Duration = Duration::from_millis(200);
/// How often it renews its lease on the project.
const RENEW: Duration = Duration::from_secs(5);
/// How long an errand rests after it was run.
const REST_S: i64 = 60;
/// Events read at a time.
const EVENTS_AT_ONCE: u64 = 500;

pub(super) struct Driver<'a> {
    crew: Arc<Crew>,
    stop: watch::Receiver<bool>,
    report: &'a mut (dyn FnMut(Progress) + Send),
    members: BTreeMap<AgentId, Arc<Member>>,
    slots: Slots,
    runs: JoinSet<Finished>,
    stops: BTreeMap<AgentId, watch::Sender<bool>>,
    /// The errands that are being run, so that none is given out twice.
    errands: BTreeMap<AgentId, Errand>,
    /// Errands that were run a moment ago, and until when they rest: one that came to nothing is not tried at once.
    resting: Vec<(Errand, Timestamp)>,
    /// The project's folder is all there is to work in, so that one agent writes at a time.
    in_place: bool,
    /// Holds starts back.
    pace: Pace,
    /// Whether anybody wants the crew to work.
    wanted: bool,
    /// The project was deleted.
    gone: bool,
    cursor: EventId,
    renewed: Instant,
    halted: Option<(RunOutcome, String)>,
    announced: Option<Idle>,
    /// What was noted of members that wait.
    noted: BTreeMap<AgentId, IdleReason>,
}

impl<'a> Driver<'a> {
    pub(super) async fn new(
        crew: Arc<Crew>,
        stop: watch::Receiver<bool>,
        report: &'a mut (dyn FnMut(Progress) + Send),
    ) -> Result<Self, Refused> {
        let recovered = recover::recover(&crew).await?;
        if recovered > 0 {
            report(Progress::Recovered { runs: recovered });
        }
        tidy_all(&crew).await;
        crew.roster.enlist(&crew.context(&Actor::System), crew.id()).await?;
        let mut driver = Self {
            cursor: crew.store.feed().newest().await?,
            in_place: is_in_place(&crew).await,
            pace: Pace::of(&crew.project.settings),
            crew,
            stop,
            report,
            members: BTreeMap::new(),
            slots: Slots::default(),
            runs: JoinSet::new(),
            stops: BTreeMap::new(),
            errands: BTreeMap::new(),
            resting: Vec::new(),
            wanted: true,
            gone: false,
            renewed: Instant::now(),
            halted: None,
            announced: None,
            noted: BTreeMap::new(),
        };
        driver.follow_wishes().await?;
        Ok(driver)
    }

    pub(super) async fn run(&mut self) -> Result<Ending, Refused> {
        loop {
            match self.next_step() {
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

    fn next_step(&self) -> Step {
        let writers = self.writers();
        next_step(&Observed {
            stopping: *self.stop.borrow() || self.halted.is_some() || self.gone,
            wanted: self.wanted,
            slots: self.slots.all(),
            writers: &writers,
            held_back: self.pace.holds(self.stops.len()),
            wait: self.crew.stay != Stay::UntilPersonNeeded,
        })
    }

    /// Those of whom only one may work at a time.
    fn writers(&self) -> BTreeSet<AgentId> {
        let writers = self.members.values().filter(|member| self.in_place && member.writes());
        writers.map(|member| member.id.clone()).collect()
    }

    fn ending(&mut self, idle: Option<Idle>) -> Ending {
        match (self.halted.take(), idle) {
            (Some((outcome, detail)), _) => Ending::Halted { outcome, detail },
            (None, Some(idle)) => Ending::Idle(idle),
            (None, None) => Ending::Stopped,
        }
    }

    async fn ask(&mut self, agent: AgentId) -> Result<(), Refused> {
        let Some(member) = self.members.get(&agent).cloned() else {
            self.slots.ended(&agent, None);
            return Ok(());
        };
        if member.role != Role::Coder {
            return self.ask_errand(member).await;
        }
        let actor = Actor::Agent(agent.clone());
        let cx = member.context(&*self.crew.store, &actor);
        match workflow::claim_task(&cx, self.crew.id(), &agent, None).await? {
            Claiming::None(idle) => self.waits(&agent, *idle).await,
            Claiming::Task(claim) => self.start(member, Job::Task(claim)),
        }
        Ok(())
    }

    async fn ask_errand(&mut self, member: Arc<Member>) -> Result<(), Refused> {
        let (agent, taken) = (member.id.clone(), self.taken().await?);
        let actor = Actor::Agent(agent.clone());
        let cx = member.context(&*self.crew.store, &actor);
        match workflow::next_errand(&cx, self.crew.id(), (&agent, member.role), &taken).await? {
            Errands::Due(errand) => {
                self.errands.insert(agent, errand);
                self.start(member, Job::Errand(errand));
            }
            Errands::None(idle) => {
                let rested = self.resting.iter().map(|(_, until)| *until).min();
                self.waits(&agent, Idle { retry_at: idle.retry_at.or(rested), ..*idle }).await;
            }
        }
        Ok(())
    }

    /// The errands that are not given out now.
    async fn taken(&mut self) -> Result<Vec<Errand>, Refused> {
        let now = self.crew.store.ledger().now().await?;
        self.resting.retain(|(_, until)| *until > now);
        let resting = self.resting.iter().map(|(errand, _)| *errand);
        Ok(self.errands.values().copied().chain(resting).collect())
    }

    fn start(&mut self, member: Arc<Member>, job: Job) {
        let (sender, receiver) = watch::channel(false);
        let agent = &member.id;
        self.announced = None;
        self.pace.begins();
        self.noted.remove(agent);
        self.stops.insert(agent.clone(), sender);
        self.slots.working(agent);
        self.runs.spawn(work::work(Arc::clone(&self.crew), member, job, receiver));
    }

    /// Waits for the next run to end, the next tick or the stop, and takes in what changed meanwhile.
    async fn pause(&mut self, idle: Option<Idle>) -> Result<(), Refused> {
        if let Some(idle) = idle.filter(|_| self.slots.none_works())
            && self.announced.as_ref().map(|known| known.reason) != Some(idle.reason)
        {
            (self.report)(Progress::Waiting(idle.clone()));
            self.announced = Some(idle);
        }
        self.note_turns().await;
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
            self.finished(finished).await?;
        }
        Ok(())
    }

    async fn finished(&mut self, finished: Result<Finished, JoinError>) -> Result<(), Refused> {
        let Finished { agent, outcome, detail } = match finished {
            Ok(finished) => finished,
            Err(error) => {
                self.halted.get_or_insert((RunOutcome::Crashed, format!("a run's supervisor failed: {error}")));
                return Ok(());
            }
        };
        self.stops.remove(&agent);
        // A turn about a spec is due again only when a person has spoken.
        if let Some(errand) = self.errands.remove(&agent).filter(|errand| errand.kind() != RunKind::Spec) {
            let now = self.crew.store.ledger().now().await?;
            self.resting.push((errand, now.plus_seconds(REST_S)));
        }
        if !self.slots.ended(&agent, self.members.get(&agent).map(|member| &**member)) {
            self.note(&agent, AgentStatus::Stopped, "").await;
        } else if outcome.needs_person() {
            let reason = detail.clone().unwrap_or_default();
            match self.crew.stay {
                Stay::WhileWanted => self.bench(&agent, &reason).await?,
                Stay::UntilPersonNeeded | Stay::UntilStopped => {
                    self.halted.get_or_insert((outcome, reason));
                }
            }
        }
        (self.report)(Progress::Run { agent, outcome, detail });
        Ok(())
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
            if events.iter().any(|event| may_change_wishes(event.kind)) {
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
            workflow::join_crew(&cx, self.crew.id(), self.crew.holder.name(), None).await?;
            self.renewed = Instant::now();
        }
        Ok(())
    }

    fn stop_runs(&self) {
        for stop in self.stops.values() {
            stop.send_if_modified(|stopping| !std::mem::replace(stopping, true));
        }
    }

    pub(super) async fn stop_everything(&mut self) {
        self.stop_runs();
        while let Some(finished) = self.runs.join_next().await {
            // The store may be what failed; the next crew finds what is left.
            let _ = self.finished(finished).await;
        }
        let agents: Vec<AgentId> = self.slots.agents().cloned().collect();
        for agent in agents {
            self.note(&agent, AgentStatus::Stopped, "").await;
        }
    }
}

/// Whether agents of ours work in the project's folder itself, because there is no git; without an answer one at a time
/// finds out why.
async fn is_in_place(crew: &Crew) -> bool {
    !matches!(Repository::discover(Path::new(&crew.project.path), &crew.environment).await, Ok(Some(_)))
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
