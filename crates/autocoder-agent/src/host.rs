//! The host: the part of a server that keeps one crew for every project that wants one.
//!
//! People write what they want into the store; the host reads the feed, starts crews, and lets each end by itself. It
//! remembers nothing that matters: killed and started again, it finds the same agents wanted.

mod keeper;
mod members;
mod retry;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use autocoder_core::agent::RunnerKind;
use autocoder_core::error::Refused;
use autocoder_core::ports::{Store, UsageMeter};
use tokio::sync::watch;

use self::keeper::Keeper;
use crate::crew::{Ending, Progress, Tools};
use crate::supervisor::Limits;

/// The longest graces of a stop, so that a server is down within ten seconds.
const GRACES: (Duration, Duration) = (Duration::from_secs(4), Duration::from_secs(2));

/// How much agents of a kind may still use.
pub type Meters = Arc<dyn Fn(RunnerKind) -> Arc<dyn UsageMeter> + Send + Sync>;

/// Hears what a host tells.
type Tell = Arc<dyn Fn(Notice) + Send + Sync>;

/// What a host needs.
pub struct HostSettings {
    /// Where the plans are kept.
    pub store: Arc<dyn Store>,
    /// How much agents may still use.
    pub meter: Meters,
    /// How agents reach the tools.
    pub tools: Arc<dyn Tools>,
    /// Our own binary, which plays rehearsals.
    pub own_program: PathBuf,
    /// Programs in place of a runner's default.
    pub programs: BTreeMap<RunnerKind, PathBuf>,
    /// Where logs, worktrees and scratch files go.
    pub data_dir: PathBuf,
    /// The environment to choose from.
    pub environment: BTreeMap<String, String>,
    /// The bounds of each run; the graces of a stop are cut so that all runs are stopped within ten seconds.
    pub limits: Limits,
}

/// What a host tells whoever keeps its log.
#[derive(Debug)]
pub enum Notice {
    /// A crew tells.
    Crew {
        /// Its project.
        project: String,
        /// What.
        progress: Progress,
    },
    /// A crew ended.
    Ended {
        /// Its project.
        project: String,
        /// Why.
        ending: Ending,
    },
    /// A crew could not go on, or the store did not answer.
    Failed {
        /// Its project; none: the host itself.
        project: Option<String>,
        /// Why.
        error: Refused,
        /// When it is tried again.
        retry: Duration,
    },
}

/// Keeps the crews of a server.
pub struct Host {
    settings: Arc<HostSettings>,
    notice: Tell,
}

impl Host {
    /// A host that tells nobody.
    #[must_use]
    pub fn new(mut settings: HostSettings) -> Self {
        let limits = &mut settings.limits;
        limits.stop_grace_int = limits.stop_grace_int.min(GRACES.0);
        limits.stop_grace_term = limits.stop_grace_term.min(GRACES.1);
        Self { settings: Arc::new(settings), notice: Arc::new(|_| {}) }
    }

    /// The same, which tells `notice`; it must not block.
    #[must_use]
    pub fn telling(self, notice: impl Fn(Notice) + Send + Sync + 'static) -> Self {
        Self { notice: Arc::new(notice), ..self }
    }

    /// Keeps crews until `stop` becomes true; then every run is stopped and its claim handed back before this returns.
    /// What people want stays as it is, so that the next host goes on with the same agents.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        Keeper::new(self.settings, self.notice, stop).keep().await;
    }
}
