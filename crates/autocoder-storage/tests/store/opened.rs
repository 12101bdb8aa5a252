//! Test part: empty stores on both back ends.

use std::sync::Arc;

use autocoder_core::event::Actor;
use autocoder_core::ports::Store;
use autocoder_core::workflow::Context;
use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
use autocoder_testkit::clock::TestClock;
use autocoder_testkit::meter::FixedMeter;
use autocoder_testkit::postgres::PostgresCluster;
use tempfile::TempDir;

/// An empty store and how to open it once more.
pub(crate) struct Opened {
    pub(crate) store: SeaOrmStore,
    pub(crate) target: Target,
    pub(crate) clock: TestClock,
    pub(crate) actor: Actor,
    pub(crate) meter: FixedMeter,
    pub(crate) folder: TempDir,
}

impl Opened {
    pub(crate) async fn new(target: Target, folder: TempDir) -> Self {
        let clock = TestClock::default();
        let store = open(&target, &clock).await;
        Self { store, target, clock, actor: person(), meter: FixedMeter::unlimited(), folder }
    }

    /// Opens the same database once more, like another process.
    pub(crate) async fn again(&self) -> SeaOrmStore {
        open(&self.target, &self.clock).await
    }

    pub(crate) fn cx(&self) -> Context<'_> {
        self.cx_on(&self.store)
    }

    pub(crate) fn cx_on<'a>(&'a self, store: &'a dyn Store) -> Context<'a> {
        Context { store, usage: &self.meter, actor: &self.actor, request: None }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.target, Target::Sqlite(_))
    }
}

pub(crate) fn person() -> Actor {
    Actor::Person("ada".to_owned())
}

pub(crate) async fn on_sqlite() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(folder.path().join("data/autocoder.db"));
    Opened::new(target, folder).await
}

pub(crate) async fn on_postgres() -> Opened {
    let cluster = PostgresCluster::shared().unwrap();
    let target = Target::Postgres(cluster.url(&cluster.create_database().unwrap()));
    Opened::new(target, tempfile::tempdir().unwrap()).await
}

/// Runs a test on both back ends.
pub(crate) async fn on_each(test: impl AsyncFn(Opened)) {
    test(on_sqlite().await).await;
    test(on_postgres().await).await;
}

async fn open(target: &Target, clock: &TestClock) -> SeaOrmStore {
    let options = OpenOptions { clock: Some(Arc::new(clock.reader())), ..OpenOptions::default() };
    SeaOrmStore::open(target.clone(), options).await.unwrap()
}
