//! The schemas that the migrations result in, as committed snapshots: a change of one shows in review.

use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
use autocoder_testkit::postgres::PostgresCluster;

#[tokio::test]
async fn the_schema_on_sqlite_is_the_committed_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schema.db");
    SeaOrmStore::open(Target::Sqlite(path.clone()), OpenOptions::default()).await.unwrap().close().await.unwrap();
    let connection = rusqlite::Connection::open(path).unwrap();
    let sql =
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name";
    let mut statement = connection.prepare(sql).unwrap();
    let rows: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    insta::assert_snapshot!("sqlite", rows.join("\n\n"));
}

#[tokio::test]
async fn the_schema_on_postgresql_is_the_committed_one() {
    let cluster = PostgresCluster::shared().unwrap();
    let database = cluster.create_database().unwrap();
    SeaOrmStore::open(Target::Postgres(cluster.url(&database)), OpenOptions::default()).await.unwrap();
    let columns = "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns \
                   WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";
    let rest = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname; \
                SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
                WHERE connamespace = 'public'::regnamespace ORDER BY 1; \
                SELECT tgrelid::regclass || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1";
    let text = [columns, rest].map(|sql| cluster.query(&database, sql).unwrap()).join("\n");
    insta::assert_snapshot!("postgresql", text);
}
