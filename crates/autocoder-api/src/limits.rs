//! How long a request may take.

use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;

use crate::problem::Problem;

/// Until the answer begins; streams go on as long as they like.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// Gives up on a request that takes too long; what it had not committed did not happen.
pub(crate) async fn within_time(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    within(next.call(request)).await?
}

/// The same for a part of a request.
pub(crate) async fn within<T>(part: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout(ANSWER_TIME, part).await.map_err(|_| {
        let detail = format!("the answer took longer than {} s", ANSWER_TIME.as_secs());
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail);
        problem.hint("read what there is now before you try again; an Idempotency-Key makes that safe")
    })
}
