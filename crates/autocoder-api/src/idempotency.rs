//! Repeated requests: a POST with an `Idempotency-Key` takes effect once and is answered alike ever after.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody, to_bytes_limited};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError, web};
use autocoder_core::ports::Receipts;
use autocoder_core::request::{Receipt, Reply, RequestKey};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::body::{PLAN_BYTES, collect};
use crate::problem::Problem;
use crate::security::Caller;

/// How long after a change its answer may still be on its way; later it was lost with its process.
const PATIENCE: Duration = Duration::from_millis(500);
/// Answers longer than this are not kept.
const REPLY_BYTES: usize = 4 * 1024 * 1024;

/// What is kept of an answer that shows a secret; put into its extensions.
#[derive(Clone, Debug)]
pub(crate) struct KeptAs(pub(crate) String);

/// Answers a repetition from its receipt; keeps the answer of a first request with the receipt that its change wrote.
pub(crate) async fn idempotent(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let key = match key(&mut request).await {
        Ok(Some(key)) => key,
        Ok(None) => return Ok(next.call(request).await?.map_into_boxed_body()),
        Err(problem) => return Ok(request.into_response(problem.error_response())),
    };
    let app = request.app_data::<web::Data<App>>().expect("the server gives every route its state").clone();
    let receipts = app.store.receipts();
    if let Some(answer) = answered(receipts, &key).await {
        return Ok(request.into_response(answer));
    }
    request.extensions_mut().insert(key.clone());
    let response = next.call(request).await?;
    let (request, response) = response.into_parts();
    if !response.status().is_success() {
        // Another request with this key may have been faster.
        let faster = if response.status() == StatusCode::CONFLICT { answered(receipts, &key).await } else { None };
        let response = faster.unwrap_or_else(|| response.map_into_boxed_body());
        return Ok(ServiceResponse::new(request, response));
    }
    let kept = response.extensions().get::<KeptAs>().cloned();
    let (head, body) = response.into_parts();
    let Ok(Ok(bytes)) = to_bytes_limited(body, REPLY_BYTES).await else {
        let problem = Problem::internal("an answer is too long to be kept");
        return Ok(ServiceResponse::new(request, problem.error_response()));
    };
    let body = kept.map_or_else(|| String::from_utf8_lossy(&bytes).into_owned(), |kept| kept.0);
    let text = |name| head.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let reply = Reply { status: head.status().as_u16(), etag: text(ETAG), location: text(LOCATION), body };
    if let Err(error) = receipts.keep_reply(&key, &reply).await {
        // It was carried out and is answered; a repetition will say that the answer was lost.
        tracing::warn!(%error, "an answer could not be kept");
    }
    Ok(ServiceResponse::new(request, head.set_body(bytes).map_into_boxed_body()))
}

/// The answer to a request whose key was used before.
async fn answered(receipts: &dyn Receipts, key: &RequestKey) -> Option<HttpResponse> {
    let answer = match receipts.receipt(key).await {
        Ok(receipt) => repetition(receipts, key, receipt?).await,
        Err(error) => Err(error.into()),
    };
    Some(answer.unwrap_or_else(|problem| problem.error_response()))
}

/// The key of a POST that carries one; the body is read for its fingerprint and given back.
async fn key(request: &mut ServiceRequest) -> Result<Option<RequestKey>, Problem> {
    let Some(value) = request.headers().get("idempotency-key").filter(|_| request.method() == Method::POST) else {
        return Ok(None);
    };
    let value = value.to_str().unwrap_or_default().to_owned();
    // Nobody's body is kept in memory: whoever is refused anyway could fill it.
    let Some(principal) = request.extensions().get::<Caller>().map(Caller::principal) else { return Ok(None) };
    let body = collect(request.take_payload(), PLAN_BYTES).await?;
    let mut hash = Sha256::new();
    hash.update(request.path());
    hash.update([0]);
    hash.update(request.query_string());
    hash.update([0]);
    hash.update(&body);
    let fingerprint = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    request.set_payload(actix_web::dev::Payload::from(body));
    Ok(Some(RequestKey::new(principal, &value, fingerprint)?))
}

/// The answer that was given, once it is there.
async fn repetition(receipts: &dyn Receipts, key: &RequestKey, receipt: Receipt) -> Result<HttpResponse, Problem> {
    if receipt.key.fingerprint != key.fingerprint {
        let rule = "was used for another request; a new request needs a new key";
        return Err(Problem::field("Idempotency-Key", rule));
    }
    let since = chrono::Utc::now().signed_duration_since(receipt.at.to_utc()).to_std().unwrap_or_default();
    let (mut receipt, begun) = (receipt, tokio::time::Instant::now());
    while receipt.reply.is_none() && since + begun.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(20)).await;
        receipt = match receipts.receipt(key).await? {
            Some(receipt) => receipt,
            None => break,
        };
    }
    let Some(reply) = receipt.reply else {
        let detail = format!("the request was carried out ({}), but its answer was lost", receipt.subject);
        let problem = Problem::new(StatusCode::CONFLICT, "reply_lost", detail);
        return Err(problem.hint("read what it made; do not send it again under another key"));
    };
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, "application/json")).insert_header(("idempotent-replayed", "true"));
    for (name, value) in [(ETAG, reply.etag), (LOCATION, reply.location)] {
        if let Some(value) = value {
            response.insert_header((name, value));
        }
    }
    Ok(response.body(reply.body))
}
