//! Joins the adapters to the ports: which database, which meter, who asks.

use std::sync::Arc;

use autocoder_core::agent::RunnerKind;
use autocoder_core::event::Actor;
use autocoder_core::ports::{Store, UsageMeter};
use autocoder_storage::{Clock, OpenOptions, SeaOrmStore, ServerLock, Target};
use autocoder_usage::meter::LedgerMeter;

use crate::config::Config;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::output::Output;

/// The file below the data directory that holds the data.
const DATABASE_FILE: &str = "autocoder.db";

/// What a command is run with; the database is opened only by those that need it.
#[derive(Clone)]
pub(crate) struct Root {
    pub(crate) config: Config,
    pub(crate) output: Output,
}

impl Root {
    pub(crate) const fn new(config: Config, output: Output) -> Self {
        Self { config, output }
    }

    /// The database that the configuration names.
    pub(crate) fn target(&self) -> Target {
        match &self.config.database_url {
            Some(url) => Target::Postgres(url.value.clone()),
            None => Target::Sqlite(self.config.data_dir.value.join(DATABASE_FILE)),
        }
    }

    /// Opens the database for the person who types.
    ///
    /// # Errors
    /// What the store refuses, or a data directory that cannot be made.
    pub(crate) async fn open(&self) -> Result<Installation, Failure> {
        self.installation(OpenOptions::default()).await
    }

    /// The same, by another clock than the machine's.
    ///
    /// # Errors
    /// As above.
    pub(crate) async fn open_at(&self, clock: Clock) -> Result<Installation, Failure> {
        self.installation(OpenOptions { clock: Some(clock), ..OpenOptions::default() }).await
    }

    async fn installation(&self, options: OpenOptions) -> Result<Installation, Failure> {
        let store: Arc<dyn Store> = Arc::new(self.open_store(options).await?);
        let meter = meter(Arc::clone(&store), RunnerKind::ClaudeCode);
        Ok(Installation::new(store, meter, Actor::Person(self.config.user.clone())))
    }

    /// Opens the database for a server, which keeps a second one out of the same file while the lock lives.
    ///
    /// # Errors
    /// Another server has it; a network file system; what the store refuses.
    pub(crate) async fn open_for_server(&self) -> Result<(Arc<dyn Store>, Option<ServerLock>), Failure> {
        if matches!(self.target(), Target::Sqlite(_)) {
            make_private_folder(&self.config.data_dir.value)?;
        }
        let lock = ServerLock::take(&self.target())?;
        Ok((Arc::new(self.open_store(OpenOptions::default()).await?), lock))
    }

    async fn open_store(&self, options: OpenOptions) -> Result<SeaOrmStore, Failure> {
        let target = self.target();
        if let Target::Sqlite(path) = &target {
            make_private_folder(&self.config.data_dir.value)?;
            self.output.detail(|| format!("database: {}", path.display()));
        }
        Ok(SeaOrmStore::open(target, options).await?)
    }
}

/// The meter of agents that `runner` drives.
pub(crate) fn meter(store: Arc<dyn Store>, runner: RunnerKind) -> Arc<dyn UsageMeter> {
    Arc::new(LedgerMeter::new(store, runner))
}

/// Nobody else on the machine reads plans and logs.
fn make_private_folder(path: &std::path::Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| Failure::file("make the data directory", path, error))
}
