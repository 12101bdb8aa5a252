//! The log of a run as server-sent events.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use autocoder_agent::logs;
use autocoder_core::ids::RunId;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::unfold;
use tokio::time::timeout;

use crate::app::App;
use crate::live::streamed;

const PING: Duration = Duration::from_secs(15);

/// Follows the log until the run ends, or something else does.
pub(super) fn follow(
    app: web::Data<App>,
    until: impl Future<Output = ()> + 'static,
    run: RunId,
    path: PathBuf,
    from: u64,
) -> HttpResponse {
    let ended = move || {
        let app = app.clone();
        async move { app.store.ledger().run(run).await.is_ok_and(|run| run.is_none_or(|run| run.ended_at.is_some())) }
    };
    let follower = Some(logs::follow(path, from, ended));
    let frames = unfold(follower, |follower| async {
        let mut follower = follower?;
        match timeout(PING, follower.next()).await {
            Err(_) => Some((Bytes::from_static(b": ping\n\n"), Some(follower))),
            Ok(Ok(Some(part))) => Some((frame(&part), Some(follower))),
            Ok(Ok(None)) => Some((Bytes::from_static(b"event: end\ndata:\n\n"), None)),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a log cannot be followed");
                None
            }
        }
    });
    let greeting = futures_util::stream::iter([Bytes::from_static(b": connected\n\n")]);
    streamed(greeting.chain(frames).take_until(Box::pin(until)).map(Ok::<_, Infallible>))
}

fn frame(part: &logs::Part) -> Bytes {
    let text = String::from_utf8_lossy(&part.bytes);
    let mut frame = format!("id: {}\nevent: log\n", part.next_offset);
    for line in text.lines() {
        // A carriage return would end the line of the protocol too.
        frame.push_str("data: ");
        frame.push_str(&line.replace('\r', ""));
        frame.push('\n');
    }
    frame.push('\n');
    frame.into()
}
