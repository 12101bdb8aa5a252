//! The crew: drives the agents of one project until the plan is finished, a person is needed, or it is told to stop.
//!
//! What it holds in memory is never the truth: it looks at stored facts, [`step::next_step`] decides, and killing it
//! anywhere loses nothing. One crew a project at a time, by a lease.

mod books;
mod driver;
mod errand;
mod holder;
mod job;
mod overrun;
mod pace;
mod ports;
mod process;
mod queue;
mod recover;
mod resume;
mod roster;
mod slots;
mod step;
mod tidy;
mod tools;
mod wanted;
mod work;
mod workplace;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::event::{Actor, Event};
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::ports::{Store, UsageMeter};
use autocoder_core::project::Project;
use autocoder_core::run::RunOutcome;
use autocoder_core::scheduler::Idle;
use autocoder_core::workflow::{self, Context};
use tokio::sync::watch;

pub use self::holder::{Holder, is_live_server};
pub use self::ports::{Ports, release_ports};
pub use self::queue::WorktreeVerifier;
pub use self::roster::{FixedRoster, Member, Roster};
pub use self::tools::{Identity, Tools};
pub use self::wanted::is_wanted;
pub use self::workplace::{Purpose, Site, Tree, Workplace, worktrees_dir};

use self::driver::Driver;
use crate::supervisor::Limits;

/// What a crew needs.
pub struct Crew {
    /// Where the plan is kept.
    pub store: Arc<dyn Store>,
    /// A meter for what the crew does itself; each member has its own.
    pub usage: Arc<dyn UsageMeter>,
    /// The project.
    pub project: Project,
    /// Who belongs to it.
    pub roster: Arc<dyn Roster>,
    /// How agents reach the tools.
    pub tools: Arc<dyn Tools>,
    /// How long it stays.
    pub stay: Stay,
    /// In whose name it holds the project.
    pub holder: Holder,
    /// Where logs, worktrees and scratch files go.
    pub data_dir: PathBuf,
    /// The environment to choose from.
    pub environment: BTreeMap<String, String>,
    /// The bounds of each run.
    pub limits: Limits,
}

/// How long a crew stays when nothing can be handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// Until only a person can help.
    UntilPersonNeeded,
    /// Until it is told to stop.
    UntilStopped,
    /// While the project is active and an agent of it is wanted running. An agent that cannot work as set up is stopped,
    /// the others go on.
    WhileWanted,
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
    /// It was told to stop, or nobody wants it any more.
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
    let system = Actor::System;
    let dead = crew.project.crew.as_ref().map(|lease| lease.holder.clone()).filter(|name| holder::is_dead(name));
    workflow::join_crew(&crew.context(&system), crew.id(), crew.holder.name(), dead.as_deref()).await?;
    report(Progress::Joined);
    let crew = Arc::new(crew);
    let mut driver = Driver::new(Arc::clone(&crew), stop, report).await?;
    let ended = driver.run().await;
    let why = match &ended {
        Ok(Ending::Idle(idle)) => idle.reason.to_string(),
        Ok(Ending::Halted { outcome, .. }) => format!("{outcome:?}").to_lowercase(),
        Ok(Ending::Stopped) => "stopped".to_owned(),
        Err(error) => error.to_string(),
    };
    driver.stop_everything().await;
    let cx = crew.context(&system);
    let left = match crew.roster.discharge(&cx, crew.id()).await {
        Ok(()) => workflow::leave_crew(&cx, crew.id(), crew.holder.name(), &why).await,
        Err(error) => Err(error),
    };
    match left {
        // The project was deleted under the crew.
        Err(error) if error.kind() == ErrorKind::NotFound => ended,
        left => left.and(ended),
    }
}
