//! The permission of one operation, asked before its handler.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, ResponseError};
use autocoder_core::token::Access;

use super::Caller;
use crate::operations::Permission;
use crate::problem::Problem;

pub(crate) async fn permit(
    permission: Permission,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let held = request.extensions().get::<Caller>().map(|caller| caller.access);
    match refusal(permission, held) {
        Some(problem) => Ok(request.into_response(problem.error_response())),
        None => Ok(next.call(request).await?.map_into_boxed_body()),
    }
}

fn refusal(permission: Permission, held: Option<Access>) -> Option<Problem> {
    let Permission::At(needed) = permission else { return None };
    match held {
        None => {
            let detail = "a token is needed: send `Authorization: Bearer …`";
            let hint = "`autocoder open` logs a browser in; programs read the file `token` in the data directory";
            Some(Problem::new(StatusCode::UNAUTHORIZED, "token_needed", detail).hint(hint))
        }
        Some(held) if !held.allows(needed) => {
            let detail = format!("this needs the access `{needed}`, the token has `{held}`");
            Some(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
        }
        Some(_) => None,
    }
}
