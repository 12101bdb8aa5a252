//! A connection that statements go through: the one place that runs and counts them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use autocoder_core::ports::Out;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, QueryResult, QueryTrait, RuntimeErr,
};
use sea_orm::{Statement, Value};

use crate::failure::store_error;
use crate::readers::Readers;

/// How many statements were run.
pub(crate) type Counter = Arc<AtomicU64>;

/// A pool, connections for single statements, or a transaction that is rolled back when it is dropped.
pub(crate) struct Link {
    connection: Connection,
    counter: Counter,
}

enum Connection {
    Pool(DatabaseConnection),
    Readers(Arc<Readers>),
    Transaction(DatabaseTransaction),
}

impl Link {
    pub(crate) fn pool(pool: DatabaseConnection, counter: Counter) -> Self {
        Self { connection: Connection::Pool(pool), counter }
    }

    pub(crate) fn readers(readers: Arc<Readers>, counter: Counter) -> Self {
        Self { connection: Connection::Readers(readers), counter }
    }

    pub(crate) fn transaction(transaction: DatabaseTransaction, counter: Counter) -> Self {
        Self { connection: Connection::Transaction(transaction), counter }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        match &self.connection {
            Connection::Pool(pool) => pool.get_database_backend(),
            Connection::Readers(_) => DbBackend::Sqlite,
            Connection::Transaction(transaction) => transaction.get_database_backend(),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// Every row of a query; `step` names it in errors.
    pub(crate) async fn all<const N: usize>(
        &self,
        step: &'static str,
        sql: &str,
        values: [Value; N],
    ) -> Out<Vec<QueryResult>> {
        self.rows(step, Statement::from_sql_and_values(self.backend(), sql, values)).await
    }

    /// The first row of a query.
    pub(crate) async fn one<const N: usize>(
        &self,
        step: &'static str,
        sql: &str,
        values: [Value; N],
    ) -> Out<Option<QueryResult>> {
        Ok(self.all(step, sql, values).await?.into_iter().next())
    }

    /// Like [`Self::all`], for a statement whose values are counted only at run time.
    pub(crate) async fn rows(&self, step: &'static str, statement: Statement) -> Out<Vec<QueryResult>> {
        self.count();
        let found = match &self.connection {
            Connection::Pool(pool) => pool.query_all_raw(statement).await,
            Connection::Readers(readers) => {
                readers.rows(&statement).await.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))))
            }
            Connection::Transaction(transaction) => transaction.query_all_raw(statement).await,
        };
        found.map_err(|error| store_error(step, &error))
    }

    /// How many rows a statement changed.
    pub(crate) async fn run<const N: usize>(&self, step: &'static str, sql: &str, values: [Value; N]) -> Out<u64> {
        self.execute(step, Statement::from_sql_and_values(self.backend(), sql, values)).await
    }

    /// How many rows a statement built by sea-orm changed.
    pub(crate) async fn run_built(&self, step: &'static str, query: &impl QueryTrait) -> Out<u64> {
        self.execute(step, query.build(self.backend())).await
    }

    /// Ends the transaction.
    pub(crate) async fn commit(self) -> Out<()> {
        let ended = match self.connection {
            Connection::Pool(_) | Connection::Readers(_) => Ok(()),
            Connection::Transaction(transaction) => transaction.commit().await,
        };
        ended.map_err(|error| store_error("committing", &error))
    }

    async fn execute(&self, step: &'static str, statement: Statement) -> Out<u64> {
        self.count();
        let done: Result<_, DbErr> = match &self.connection {
            Connection::Pool(pool) => pool.execute_raw(statement).await,
            Connection::Readers(_) => unreachable!("a change goes through a transaction"),
            Connection::Transaction(transaction) => transaction.execute_raw(statement).await,
        };
        done.map(|done| done.rows_affected()).map_err(|error| store_error(step, &error))
    }

    fn count(&self) {
        self.counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// The parameter number `place`, a JSON list of ids, as a subquery.
pub(crate) fn id_list(backend: DbBackend, place: u8) -> String {
    match backend {
        DbBackend::Sqlite => format!("(SELECT value FROM json_each(${place}))"),
        _ => format!("(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(${place} AS JSON)))"),
    }
}

/// The parameter number `place`, a JSON list, as a table with the column `value`.
pub(crate) fn list(backend: DbBackend, place: u8) -> String {
    match backend {
        DbBackend::Sqlite => format!("json_each(${place})"),
        _ => format!("json_array_elements(CAST(${place} AS JSON))"),
    }
}

/// Ids as the JSON list that [`id_list`] reads.
pub(crate) fn id_values(ids: impl IntoIterator<Item = i64>) -> Value {
    let list = ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    format!("[{list}]").into()
}
