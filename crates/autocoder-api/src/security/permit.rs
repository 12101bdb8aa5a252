//! The permission of one operation, asked before its handler.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;

use super::Caller;
use crate::operations::Permission;
use crate::problem::Problem;

pub(crate) async fn permit(
    permission: Permission,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if let Permission::At(needed) = permission {
        let caller = request.extensions().get::<Caller>().map(|caller| caller.access);
        let Some(held) = caller else {
            let detail = "a token is needed: send `Authorization: Bearer …`";
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "token_needed", detail);
            return Err(problem.hint("`autocoder open` logs the browser in; the token file is below the data directory").into());
        };
        if !held.allows(needed) {
            let detail = format!("this needs the access `{needed}`, the token has `{held}`");
            return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail).into());
        }
    }
    next.call(request).await
}
