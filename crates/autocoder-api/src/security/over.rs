//! When a token stops counting: what it opened and is still open ends then.

use std::sync::Arc;
use std::time::Duration;

use autocoder_core::event::EventKind;
use autocoder_core::token::Token;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use crate::live::{Batch, Hub};

/// A token is looked at again after so long, whatever the events say.
const LOOK: Duration = Duration::from_secs(30);

/// Waits until the token was taken back or ends, or the hub is closed; without a token only for the hub.
pub(crate) async fn over(hub: Arc<Hub>, token: Option<Token>) {
    // Before the first look, so that no event falls in between.
    let Some(mut batches) = hub.batches() else { return };
    loop {
        let left = match &token {
            Some(token) => match time_left(&hub, token).await {
                Some(left) => left.min(LOOK),
                None => return,
            },
            None => LOOK,
        };
        if timeout(left, is_closed(&mut batches)).await.unwrap_or(false) {
            return;
        }
    }
}

/// How long the token counts by itself; none: it does not.
async fn time_left(hub: &Hub, token: &Token) -> Option<Duration> {
    let store = hub.store();
    let (Ok(now), Ok(token)) = (store.ledger().now().await, store.queries().token(token.id).await) else {
        // The store is away for a while; it says nothing about the token.
        return Some(LOOK);
    };
    let token = token.filter(|token| token.is_live(now))?;
    let left = token.expires_at.map(|at| at.to_utc().signed_duration_since(now.to_utc()).to_std().unwrap_or_default());
    Some(left.unwrap_or(LOOK))
}

/// Whether the hub closed; false once a token may have been taken back.
async fn is_closed(batches: &mut Receiver<Arc<Batch>>) -> bool {
    loop {
        match batches.recv().await {
            Ok(batch) if batch.events().iter().any(|event| event.kind == EventKind::TokenRevoked) => return false,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return false,
            Err(RecvError::Closed) => return true,
        }
    }
}
