//! One subscriber: what it missed is read from the feed, the rest comes from the hub.

use std::convert::Infallible;
use std::sync::Arc;

use autocoder_core::ids::{EventId, ProjectId};
use autocoder_core::ports::Out;
use bytes::Bytes;
use futures_util::stream::{Stream, unfold};
use tokio::sync::broadcast::Receiver;

use super::batch::Batch;
use super::hub::{Hub, PAGE};

/// A subscriber that is further behind reads everything anew.
const RESUMABLE: i64 = 10_000;

/// Where a stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the next event.
    Now,
    /// Behind an event that the subscriber has seen.
    After(EventId),
}

/// The server-sent events of one project or of all. None when the hub is closed. The stream ends when the hub closes,
/// or when its reader is so slow that events would have to be kept for it; the reader resumes with its last id.
///
/// # Errors
/// The store does not answer.
pub async fn subscribe(
    hub: &Arc<Hub>,
    project: Option<ProjectId>,
    start: Start,
) -> Out<Option<impl Stream<Item = Result<Bytes, Infallible>> + use<>>> {
    let Some(live) = hub.batches() else { return Ok(None) };
    let joined = *hub.position().borrow();
    let (cursor, greeting) = match start {
        Start::Now => (joined, format!(": connected\nid: {joined}\n\n")),
        Start::After(seen) if is_resumable(hub, seen, joined).await? => (seen, ": connected\n\n".to_owned()),
        Start::After(_) => (joined, format!(": connected\n\nid: {joined}\nevent: resync\ndata: {joined}\n\n")),
    };
    let greeting = Some(Bytes::from(greeting));
    let subscriber = Subscriber { hub: hub.clone(), live, project, cursor, joined, greeting, _counted: Counted::new() };
    Ok(Some(unfold(subscriber, |mut subscriber| async {
        let bytes = subscriber.next().await?;
        Some((Ok(bytes), subscriber))
    })))
}

/// Another server may have shown an event before this one; only beyond the newest the database was restored.
async fn is_resumable(hub: &Hub, seen: EventId, joined: EventId) -> Out<bool> {
    if seen > joined { Ok(seen <= hub.store().feed().newest().await?) } else { Ok(joined.0 - seen.0 <= RESUMABLE) }
}

struct Subscriber {
    hub: Arc<Hub>,
    live: Receiver<Arc<Batch>>,
    project: Option<ProjectId>,
    cursor: EventId,
    /// Everything behind this event comes from the hub.
    joined: EventId,
    greeting: Option<Bytes>,
    _counted: Counted,
}

impl Subscriber {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        loop {
            let bytes = if self.cursor < self.joined { self.missed().await? } else { self.fresh().await? };
            if !bytes.is_empty() {
                return Some(bytes);
            }
        }
    }

    async fn missed(&mut self) -> Option<Bytes> {
        let events = self.hub.store().feed().after(self.cursor, self.project, PAGE).await;
        let events = events.inspect_err(|error| tracing::warn!(%error, "a stream of events ends")).ok()?;
        let Some(batch) = Batch::of(events) else {
            self.cursor = self.joined;
            return Some(Bytes::new());
        };
        let bytes = batch.rendered(self.project, self.cursor);
        self.cursor = batch.last();
        Some(bytes)
    }

    async fn fresh(&mut self) -> Option<Bytes> {
        if !self.live.is_empty() {
            // Lets the connection write what it has, instead of collecting a burst in its buffer.
            tokio::task::yield_now().await;
        }
        let batch = self.live.recv().await.ok()?;
        let bytes = batch.rendered(self.project, self.cursor);
        self.cursor = self.cursor.max(batch.last());
        Some(bytes)
    }
}

/// Counts the subscribers while it lives.
struct Counted(metrics::Gauge);

impl Counted {
    fn new() -> Self {
        let gauge = metrics::gauge!("autocoder_sse_subscribers");
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
