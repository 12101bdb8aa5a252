//! What a server tells the person at its terminal and by local notifications: gates, questions, limits.

use std::sync::Arc;

use autocoder_api::live::Batch;
use autocoder_core::event::{Event, EventKind};
use autocoder_core::ports::Store;
use autocoder_core::usage_record::UsageSum;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::commands::run::ended::at_gate;
use crate::exit::Failure;
use crate::notify::Notifier;
use crate::root::Root;

/// Tells until the feed is closed.
pub(super) async fn tell(root: Root, store: Arc<dyn Store>, mut events: Receiver<Arc<Batch>>) {
    let mut notifier = Notifier::new(root.config.notify.clone(), root.output.clone());
    loop {
        let batch = match events.recv().await {
            Ok(batch) => batch,
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => break,
        };
        for event in batch.events() {
            notifier.event(event);
            if event.kind == EventKind::PhaseAwaitingApproval && !root.output.json {
                // A closed terminal must not stop the server.
                let _ = banner(&root, &*store, event).await;
            }
        }
    }
    notifier.finished().await;
}

async fn banner(root: &Root, store: &dyn Store, event: &Event) -> Result<(), Failure> {
    let projects = store.queries().projects().await?;
    let Some(project) = projects.into_iter().find(|project| project.id == event.project_id) else { return Ok(()) };
    let of = |rehearsal| UsageSum { project: Some(project.id), rehearsal, ..UsageSum::default() };
    let (real, played) = (store.ledger().used(&of(false)).await?, store.ledger().used(&of(true)).await?);
    at_gate(root, store, &project, real.all() == 0 && played.all() > 0).await
}
