//! Who asks: the bearer token of a request, found out once before everything else.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::web;
use autocoder_core::event::Actor;
use autocoder_core::token::Access;
use subtle::ConstantTimeEq;

use super::Caller;
use crate::app::App;
use crate::problem::Problem;

pub(crate) async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = request.app_data::<web::Data<App>>().expect("the server gives every route its state").clone();
    let header = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default().to_owned());
    if let Some(caller) = caller(&app, header.as_deref())? {
        request.extensions_mut().insert(caller);
    }
    next.call(request).await
}

fn caller(app: &App, header: Option<&str>) -> Result<Option<Caller>, Problem> {
    let local = || Caller {
        actor: Actor::Person(app.gatekeeper.local_name.clone()),
        access: Access::Admin,
        project: None,
        token: None,
    };
    let Some(wanted) = &app.gatekeeper.local_token else { return Ok(Some(local())) };
    let Some(header) = header else { return Ok(None) };
    let shown = header.strip_prefix("Bearer ").unwrap_or_default();
    if bool::from(shown.as_bytes().ct_eq(wanted.as_bytes())) {
        return Ok(Some(local()));
    }
    Err(Problem::new(StatusCode::UNAUTHORIZED, "token_unknown", "the token does not count (any more)"))
}
