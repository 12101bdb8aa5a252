//! The contract of the ports, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use autocoder_core::ports::Store;
use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
use autocoder_testkit::clock::TestClock;
use autocoder_testkit::postgres::PostgresCluster;
use tempfile::TempDir;

async fn open(target: Target, clock: &TestClock) -> Arc<dyn Store> {
    let options = OpenOptions { clock: Some(Arc::new(clock.reader())), ..OpenOptions::default() };
    Arc::new(SeaOrmStore::open(target, options).await.unwrap())
}

mod sqlite {
    use super::*;

    async fn empty(clock: TestClock) -> (Arc<dyn Store>, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (open(Target::Sqlite(folder.path().join("plan.db")), &clock).await, folder)
    }

    autocoder_testkit::contract_tests!(empty);
}

mod postgres {
    use super::*;

    async fn empty(clock: TestClock) -> (Arc<dyn Store>, ()) {
        let cluster = PostgresCluster::shared().unwrap();
        (open(Target::Postgres(cluster.url(&cluster.create_database().unwrap())), &clock).await, ())
    }

    autocoder_testkit::contract_tests!(empty);
}
