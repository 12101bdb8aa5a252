//! Who asks: the bearer token of a request, found out once before everything else.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, ResponseError, web};

use crate::app::App;

/// Puts the [`Caller`](super::Caller) of a request, when it shows one, where permissions and handlers find it.
pub(crate) async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let app = request.app_data::<web::Data<App>>().expect("the server gives every route its state").clone();
    let header = text(request.headers(), AUTHORIZATION.as_str());
    let source = source(request.request());
    match app.gatekeeper.caller(&*app.store, header, source).await {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
        }
        Ok(None) => {}
        Err(problem) => return Ok(request.into_response(problem.error_response())),
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Where a request comes from.
pub(crate) fn source(request: &HttpRequest) -> std::net::IpAddr {
    let app = request.app_data::<web::Data<App>>().expect("the server gives every route its state");
    // Some proxies add a line instead of a word; what the client wrote itself stands first.
    let lines = request.headers().get_all("x-forwarded-for").map(|line| line.to_str().unwrap_or_default());
    let forwarded = lines.collect::<Vec<_>>().join(",");
    app.gatekeeper.source(request.peer_addr().map(|peer| peer.ip()), &forwarded)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}
