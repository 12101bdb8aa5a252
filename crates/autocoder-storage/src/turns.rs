//! Who writes next inside this process, in the order of asking.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use autocoder_core::ports::{Out, Scope, StoreError};
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

/// How long a unit of work waits for its turn.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The turn to write; the next one goes on when it is dropped.
pub(crate) type Turn = OwnedMutexGuard<()>;

/// One queue for everything on SQLite, one a scope on PostgreSQL, so that waiting takes no connection.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<Option<i64>, Queue>>>);

type Queue = Arc<tokio::sync::Mutex<()>>;

impl Turns {
    pub(crate) async fn of_all(&self) -> Out<Turn> {
        self.take(None).await
    }

    pub(crate) async fn of(&self, scope: Scope) -> Out<Turn> {
        match scope {
            Scope::Installation => self.take(None).await,
            Scope::Project(id) => self.take(Some(id.0)).await,
        }
    }

    async fn take(&self, key: Option<i64>) -> Out<Turn> {
        let queue = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        let waited = timeout(PATIENCE, queue.lock_owned()).await;
        waited.map_err(|_| StoreError::Unavailable("another change holds it for too long".to_owned()))
    }
}
