//! The figures that Prometheus reads.

use std::sync::OnceLock;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use autocoder_core::event::EventKind;
use autocoder_core::ports::{Out, Store};
use autocoder_core::usage_record::UsageSum;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_actix_web::RequestId;

/// Where the buckets of durations end, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// The recorder of this process; installed at the first call.
pub(crate) fn recorder() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let durations = Matcher::Suffix("_seconds".to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &SECONDS);
        let recorder = builder.expect("the list of buckets is not empty").build_recorder();
        let handle = recorder.handle();
        // Another one was installed by whoever links this crate: theirs stays.
        let _ = metrics::set_global_recorder(recorder);
        describe();
        handle
    })
}

fn describe() {
    metrics::describe_counter!("autocoder_http_requests_total", "Requests by method, route and status");
    metrics::describe_histogram!("autocoder_http_request_seconds", "How long requests took, by route");
    metrics::describe_counter!("autocoder_claims_total", "Tasks that agents took");
    metrics::describe_counter!("autocoder_leases_expired_total", "Claims whose lease lapsed");
    metrics::describe_gauge!("autocoder_queue_depth", "Tasks that wait for an agent");
    metrics::describe_gauge!("autocoder_tokens", "Tokens used, by kind");
    metrics::describe_gauge!("autocoder_webhook_deliveries", "Deliveries to webhooks, by status");
    metrics::describe_gauge!("autocoder_sse_subscribers", "Streams of live events");
}

/// Counts, times and logs every request. The figures go by the pattern of its route, so that ids make no new series; the
/// log has the path without its query, which may hold what somebody searched for.
pub(crate) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let begun = std::time::Instant::now();
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let mut response = next.call(request).await?;
    let took = begun.elapsed().as_secs_f64();
    let (method, status) = (response.request().method().to_string(), response.status());
    let path = response.request().path().to_owned();
    let took_ms = (took * 100_000.0).round() / 100.0;
    match status.as_u16() {
        500.. => tracing::warn!(target: "requests", id, method, path, status = status.as_u16(), took_ms),
        400.. => tracing::info!(target: "requests", id, method, path, status = status.as_u16(), took_ms),
        _ if method == "GET" => {
            tracing::debug!(target: "requests", id, method, path, status = status.as_u16(), took_ms)
        }
        _ => tracing::info!(target: "requests", id, method, path, status = status.as_u16(), took_ms),
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    metrics::histogram!("autocoder_http_request_seconds", "route" => route.clone()).record(took);
    let status = status.as_u16().to_string();
    metrics::counter!("autocoder_http_requests_total", "method" => method, "route" => route, "status" => status)
        .increment(1);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    Ok(response)
}

/// Counts what the feed tells.
pub(crate) fn count_event(kind: EventKind) {
    match kind {
        EventKind::TaskClaimed => metrics::counter!("autocoder_claims_total").increment(1),
        EventKind::TaskLapsed => metrics::counter!("autocoder_leases_expired_total").increment(1),
        _ => {}
    }
}

/// Reads what is counted in the database, then everything as text.
pub(crate) async fn text(store: &dyn Store) -> Out<String> {
    let handle = recorder();
    let mut waiting = 0;
    for project in store.queries().projects().await? {
        waiting += store.queries().counts(project.id).await?.pending;
    }
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float, and 2^53 tasks are enough")]
    metrics::gauge!("autocoder_queue_depth").set(waiting as f64);
    let used = store.ledger().used(&UsageSum::default()).await?;
    let kinds = [
        ("input", used.input),
        ("output", used.output),
        ("cache_read", used.cache_read),
        ("cache_write", used.cache_write()),
    ];
    for (kind, tokens) in kinds {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!("autocoder_tokens", "kind" => kind).set(tokens as f64);
    }
    let (pending, dead) = store.outbox().counts().await?;
    for (status, count) in [("pending", pending), ("dead", dead)] {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!("autocoder_webhook_deliveries", "status" => status).set(count as f64);
    }
    Ok(handle.render())
}
