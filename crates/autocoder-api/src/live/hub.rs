//! The one reader of the feed: it hands every committed event to all subscribers and waits for none of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use autocoder_core::ids::EventId;
use autocoder_core::ports::{Out, Store};
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Instant, interval_at, sleep};

use super::batch::Batch;

/// At least so long between two batches: under load events go out together.
const PACE: Duration = Duration::from_millis(10);
/// How long the hub leaves a store alone that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Events read at a time; they are one write to every connection, so this bounds the memory of each.
pub(super) const PAGE: u64 = 50;
/// Batches a subscriber may be behind before it is dropped: at least 2.5 s under load.
const BATCHES: usize = 256;

/// How often the hub does what nothing else makes it do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rhythm {
    /// Reads the feed for commits of other processes.
    pub(super) poll: Duration,
    /// Shows every subscriber that it lives.
    pub(super) ping: Duration,
}

const RHYTHM: Rhythm = Rhythm { poll: Duration::from_millis(75), ping: Duration::from_secs(15) };

/// Hands committed events to everyone in the server.
pub struct Hub {
    store: Arc<dyn Store>,
    /// None once closed.
    live: Mutex<Option<broadcast::Sender<Arc<Batch>>>>,
    position: watch::Sender<EventId>,
}

impl Hub {
    /// Begins behind the newest event. Reads at once when `committed` is notified, and every 75 ms otherwise.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn start(store: Arc<dyn Store>, committed: Arc<Notify>) -> Out<Arc<Self>> {
        Self::start_with(store, committed, RHYTHM).await
    }

    pub(super) async fn start_with(store: Arc<dyn Store>, committed: Arc<Notify>, rhythm: Rhythm) -> Out<Arc<Self>> {
        let newest = store.feed().newest().await?;
        let live = Mutex::new(Some(broadcast::channel(BATCHES).0));
        let hub = Arc::new(Self { store, live, position: watch::channel(newest).0 });
        tokio::spawn(hub.clone().run(committed, rhythm));
        Ok(hub)
    }

    /// The id of the last event handed out; a reader with a cursor of its own waits for it to change.
    #[must_use]
    pub fn position(&self) -> watch::Receiver<EventId> {
        self.position.subscribe()
    }

    /// Every batch from now on, for readers inside the server; one that falls behind is told so. None once closed.
    #[must_use]
    pub fn batches(&self) -> Option<broadcast::Receiver<Arc<Batch>>> {
        self.live().as_ref().map(broadcast::Sender::subscribe)
    }

    /// Ends every stream, so that the server can stop.
    pub fn close(&self) {
        self.live().take();
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    async fn run(self: Arc<Self>, committed: Arc<Notify>, rhythm: Rhythm) {
        let mut ping = interval_at(Instant::now() + rhythm.ping, rhythm.ping);
        loop {
            let open = tokio::select! {
                () = committed.notified() => self.read().await,
                () = sleep(rhythm.poll) => self.read().await,
                _ = ping.tick() => {
                    // Not inside the call: the borrow is a lock that publishing needs.
                    let position = *self.position.borrow();
                    self.publish(Batch::ping(position))
                }
            };
            if !open {
                return;
            }
        }
    }

    /// Publishes all that is new. False once closed.
    async fn read(&self) -> bool {
        loop {
            let cursor = *self.position.borrow();
            let events = match self.store.feed().after(cursor, None, PAGE).await {
                Ok(events) => events,
                Err(error) => {
                    tracing::warn!(%error, "live events wait for the store");
                    sleep(AFTER_FAILURE).await;
                    return self.live().is_some();
                }
            };
            let Some(batch) = Batch::of(events) else { return self.live().is_some() };
            if !self.publish(batch) {
                return false;
            }
            sleep(PACE).await;
        }
    }

    /// False once closed.
    pub(super) fn publish(&self, batch: Batch) -> bool {
        // Before the batch goes out: who subscribes in between reads it from the store, and skips what it has seen.
        self.position.send_if_modified(|position| std::mem::replace(position, batch.last()) != batch.last());
        let live = self.live();
        let Some(live) = live.as_ref() else { return false };
        // An error only says that nobody listens.
        let _ = live.send(Arc::new(batch));
        true
    }

    fn live(&self) -> MutexGuard<'_, Option<broadcast::Sender<Arc<Batch>>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
