//! Test part: SQLite answers the statements of a claim by indexes alone, and sorts nothing.

use autocoder_core::scheduler::Order;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::standing::STANDING;
use super::tally::{FEATURES, TASKS};
use super::work::{features_sql, task_sql};
use crate::{schema, sqlite};

async fn plan(writer: &DatabaseConnection, sql: &str) -> Vec<String> {
    let most = (1..9u8).filter(|place| sql.contains(&format!("${place}"))).count();
    let values = std::iter::repeat_n(1i64.into(), most);
    let explain = format!("EXPLAIN QUERY PLAN {sql}");
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, explain, values);
    let rows = writer.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect()
}

#[tokio::test]
async fn the_statements_of_a_claim_scan_and_sort_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    sqlite::create(&path).unwrap();
    let writer = sqlite::writer(&path).await.unwrap();
    schema::upgrade(&writer).await.unwrap();
    let work = |order, scoped| features_sql(order, scoped);
    for (sql, sorts) in [
        (STANDING.clone(), false),
        (work(Order::Priority, false), false),
        (work(Order::Priority, true), false),
        (work(Order::Completion, false), true),
        (task_sql(), false),
        (FEATURES.clone(), false),
        (TASKS.clone(), false),
        ("UPDATE tasks SET status = $1 WHERE id = $2 AND version = $3".to_owned(), false),
        ("UPDATE features SET ready = $1 WHERE id = $2".to_owned(), false),
    ] {
        let steps = plan(&writer, &sql).await;
        let tables = ["features", "tasks", "phases", "projects", "agents", "p", "ph", "f", "t", "a", "x", "y"];
        let table = |step: &str| step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next().map(str::to_owned));
        let scans = |step: &&String| table(step).is_some_and(|table| tables.contains(&&*table));
        let scanned: Vec<_> = steps.iter().filter(scans).collect();
        assert!(scanned.is_empty(), "{sql}\n{steps:#?}");
        assert_eq!(steps.iter().any(|step| step.contains("TEMP B-TREE")), sorts, "{sql}\n{steps:#?}");
    }
}
