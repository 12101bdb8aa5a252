//! Watches how much is left of budgets, whoever uses them up, and tells it once a threshold.

use std::sync::Arc;
use std::time::Duration;

use autocoder_core::ports::Store;
use autocoder_usage::announce::announce_all;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(5);

/// Looks until it is aborted; a store that does not answer is asked again.
pub(crate) async fn watch_usage(store: Arc<dyn Store>) {
    loop {
        if let Err(error) = announce_all(&*store).await {
            tracing::warn!(%error, "the usage of budgets cannot be read");
        }
        tokio::time::sleep(EVERY).await;
    }
}
