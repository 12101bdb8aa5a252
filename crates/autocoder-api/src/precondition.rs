//! A stale version is 412 for whoever named the version it expected, and 409 for everybody else.

use actix_web::ResponseError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::IF_MATCH;
use actix_web::middleware::Next;

use crate::problem::Problem;

pub(crate) async fn precondition(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?;
    let conditional = response.request().headers().contains_key(IF_MATCH);
    if !conditional || response.status() != StatusCode::CONFLICT {
        return Ok(response.map_into_boxed_body());
    }
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>()).cloned();
    match problem.filter(|problem| problem.code == "stale") {
        Some(problem) => Ok(response.into_response(problem.precondition_failed().error_response())),
        None => Ok(response.map_into_boxed_body()),
    }
}
