//! The loop of a host: reads the feed, starts the crews that are wanted, and takes in how each ended.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use autocoder_core::agent::RunnerKind;
use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::event::{Event, EventKind};
use autocoder_core::ids::{EventId, ProjectId};
use autocoder_core::ports::{Scope, StoreError};
use autocoder_core::project::{Project, ProjectStatus};
use autocoder_core::time::Timestamp;
use tokio::sync::watch;
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::{Instant, sleep};

use super::members::StoredRoster;
use super::retry::Retries;
use super::{HostSettings, Notice, Tell};
use crate::crew::{Crew, Ending, Holder, Stay, drive, is_wanted};

/// How often the host looks at what people want.
const TICK: Duration = Duration::from_millis(100);
/// Events read at a time.
const EVENTS_AT_ONCE: u64 = 500;
/// How long a store that does not answer is left alone.
const STORE_PAUSE: Duration = Duration::from_secs(1);

struct Ended {
    project: ProjectId,
    name: String,
    ending: Result<Ending, Refused>,
}

pub(super) struct Keeper {
    settings: Arc<HostSettings>,
    notice: Tell,
    stop: watch::Receiver<bool>,
    crews: JoinSet<Ended>,
    /// The crews by their tasks.
    driven: HashMap<task::Id, ProjectId>,
    retries: Retries,
    /// Up to where the feed was read; none: not yet.
    cursor: Option<EventId>,
    /// Whether something may have changed which projects want a crew.
    due: bool,
}

impl Keeper {
    pub(super) fn new(settings: Arc<HostSettings>, notice: Tell, stop: watch::Receiver<bool>) -> Self {
        Self {
            settings,
            notice,
            stop,
            crews: JoinSet::new(),
            driven: HashMap::new(),
            retries: Retries::default(),
            cursor: None,
            due: true,
        }
    }

    pub(super) async fn keep(&mut self) {
        while !*self.stop.borrow() {
            let pause = match self.look().await {
                Ok(()) => TICK,
                Err(error) => {
                    self.due = true;
                    (self.notice)(Notice::Failed { project: None, error, retry: STORE_PAUSE });
                    STORE_PAUSE
                }
            };
            let joined = tokio::select! {
                Some(joined) = self.crews.join_next_with_id() => Some(joined),
                lost = async { self.stop.wait_for(|stop| *stop).await.is_err() } => {
                    if lost {
                        // Nobody can tell us to stop any more; the tick goes on.
                        sleep(pause).await;
                    }
                    None
                }
                () = sleep(pause) => None,
            };
            if let Some(joined) = joined {
                self.joined(joined).await;
            }
        }
        // Every crew has the same stop.
        while let Some(joined) = self.crews.join_next_with_id().await {
            self.joined(joined).await;
        }
    }

    async fn joined(&mut self, joined: Result<(task::Id, Ended), JoinError>) {
        match joined {
            Ok((task, ended)) => {
                self.driven.remove(&task);
                self.ended(ended).await;
            }
            Err(lost) => {
                let Some(project) = self.driven.remove(&lost.id()) else { return };
                let retry = self.retries.failed(project, Instant::now());
                let error = StoreError::Failed { step: "driving a crew", detail: lost.to_string() }.into();
                (self.notice)(Notice::Failed { project: None, error, retry });
            }
        }
    }

    /// Reads what happened and starts crews when somebody may want one.
    async fn look(&mut self) -> Result<(), Refused> {
        let feed = self.settings.store.feed();
        match self.cursor {
            None => self.cursor = Some(feed.newest().await?),
            Some(cursor) => {
                let events = feed.after(cursor, None, EVENTS_AT_ONCE).await?;
                self.cursor = events.last().map_or(self.cursor, |last| Some(last.id));
                for event in &events {
                    self.take(event);
                }
            }
        }
        let now = Instant::now();
        if self.due || self.retries.next().is_some_and(|at| at <= now) {
            self.due = false;
            self.reconcile(now).await?;
        }
        Ok(())
    }

    fn take(&mut self, event: &Event) {
        match event.kind {
            // Whoever had the project has left it, or a person wants another try.
            EventKind::CrewStopped | EventKind::AgentUpdated | EventKind::ProjectResumed => {
                self.retries.forget(event.project_id);
                self.due = true;
            }
            EventKind::AgentRegistered | EventKind::ProjectReopened => self.due = true,
            EventKind::ProjectDeleted => self.retries.forget(event.project_id),
            _ => {}
        }
    }

    async fn reconcile(&mut self, now: Instant) -> Result<(), Refused> {
        let queries = self.settings.store.queries();
        let mut wanting = Vec::new();
        for project in queries.projects().await? {
            let free = !self.driven.values().any(|driven| *driven == project.id) && self.retries.allow(project.id, now);
            if !free || project.status != ProjectStatus::Active {
                continue;
            }
            if is_wanted(project.status, &queries.agents(project.id).await?) {
                wanting.push(project.name);
            } else {
                self.retries.forget(project.id);
            }
        }
        for name in wanting {
            let mut unit = self.settings.store.begin(Scope::Installation).await?;
            if let Some(project) = unit.project(&name).await? {
                drop(unit);
                self.start(project);
            }
        }
        Ok(())
    }

    fn start(&mut self, project: Project) {
        let (id, name) = (project.id, project.name.clone());
        let (stop, notice) = (self.stop.clone(), Arc::clone(&self.notice));
        let crew = self.crew(project);
        let task = self.crews.spawn(async move {
            let mut tell = |progress| notice(Notice::Crew { project: name.clone(), progress });
            let ending = drive(crew, stop, &mut tell).await;
            Ended { project: id, name, ending }
        });
        self.driven.insert(task.id(), id);
    }

    fn crew(&self, project: Project) -> Crew {
        let settings = &self.settings;
        Crew {
            store: Arc::clone(&settings.store),
            usage: (settings.meter)(RunnerKind::External),
            project,
            roster: Arc::new(StoredRoster(Arc::clone(settings))),
            tools: Arc::clone(&settings.tools),
            stay: Stay::WhileWanted,
            holder: Holder::server(),
            data_dir: settings.data_dir.clone(),
            environment: settings.environment.clone(),
            limits: settings.limits.clone(),
        }
    }

    async fn ended(&mut self, Ended { project, name, ending }: Ended) {
        self.due = true;
        let now = Instant::now();
        match ending {
            Ok(ending) => {
                if let Ending::Halted { .. } = ending {
                    self.retries.failed(project, now);
                } else {
                    self.retries.forget(project);
                }
                (self.notice)(Notice::Ended { project: name, ending });
            }
            Err(error) if error.kind() == ErrorKind::NotFound => self.retries.forget(project),
            Err(error) => {
                let retry = match &error {
                    Refused::CrewHeld { expires, .. } => {
                        let pause = self.until(*expires).await;
                        self.retries.held(project, now, pause);
                        pause
                    }
                    _ => self.retries.failed(project, now),
                };
                (self.notice)(Notice::Failed { project: Some(name), error, retry });
            }
        }
    }

    /// How long until then by the store's clock; when the crew leaves before, the feed says so.
    async fn until(&self, then: Timestamp) -> Duration {
        let seconds = match self.settings.store.ledger().now().await {
            Ok(now) => then.seconds_since(now).clamp(1, 60),
            Err(_) => 1,
        };
        Duration::from_secs(seconds.unsigned_abs())
    }
}
