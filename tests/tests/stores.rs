//! The contract of the ports on every store: memory, SQLite and PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod memory {
    use std::sync::Arc;

    use autocoder_core::memory::MemoryStore;
    use autocoder_core::ports::Store;
    use autocoder_testkit::clock::TestClock;

    async fn open(clock: TestClock) -> (Arc<dyn Store>, ()) {
        (Arc::new(MemoryStore::new(clock.reader())), ())
    }

    autocoder_testkit::contract_tests!(open);
}

mod sqlite {
    use std::sync::Arc;

    use autocoder_core::ports::Store;
    use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
    use autocoder_testkit::clock::TestClock;
    use tempfile::TempDir;

    async fn open(clock: TestClock) -> (Arc<dyn Store>, TempDir) {
        let directory = tempfile::tempdir().unwrap();
        let options = OpenOptions { clock: Some(Arc::new(clock.reader())), ..OpenOptions::default() };
        let target = Target::Sqlite(directory.path().join("autocoder.db"));
        (Arc::new(SeaOrmStore::open(target, options).await.unwrap()), directory)
    }

    autocoder_testkit::contract_tests!(open);
}

mod postgres {
    use std::sync::Arc;

    use autocoder_core::ports::Store;
    use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
    use autocoder_testkit::clock::TestClock;
    use autocoder_testkit::postgres::PostgresCluster;

    async fn open(clock: TestClock) -> (Arc<dyn Store>, ()) {
        let cluster = PostgresCluster::shared().unwrap();
        let target = Target::Postgres(cluster.url(&cluster.create_database().unwrap()));
        let options = OpenOptions { clock: Some(Arc::new(clock.reader())), ..OpenOptions::default() };
        (Arc::new(SeaOrmStore::open(target, options).await.unwrap()), ())
    }

    autocoder_testkit::contract_tests!(open);
}
