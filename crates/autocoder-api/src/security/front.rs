//! What stands before routing: known hosts only, no other web page, and the headers that keep a browser strict.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{ResponseError, web};

use crate::app::App;
use crate::problem::Problem;

const CSP: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Parts of the web UI style their elements; scripts come from files only.
const UI_CSP: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";
/// The documentation pages style their elements and carry small pictures inside.
const DOCS_CSP: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; \
                        base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Refuses what no client of ours sends, and makes every answer strict.
pub(crate) async fn front(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let app = request.app_data::<web::Data<App>>().expect("the server gives every route its state").clone();
    // As the router reads it: `/%61pi` leads to the same places as `/api`.
    let path = request.match_info().as_str();
    let guarded = ["/api", "/mcp"].iter().any(|below| path.starts_with(below));
    let csp = match guarded {
        true if path.starts_with("/api/docs") => DOCS_CSP,
        true => CSP,
        false => UI_CSP,
    };
    let mut response = match check(&app, request.headers(), guarded) {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(problem) => request.into_response(problem.error_response()),
    };
    harden(response.headers_mut(), csp, guarded);
    Ok(response)
}

fn check(app: &App, headers: &HeaderMap, guarded: bool) -> Result<(), Problem> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase());
    let host = text(header::HOST).unwrap_or_default();
    if !app.gatekeeper.knows_host(&host) {
        let detail = format!("this server is not `{}`", host.chars().take(100).collect::<String>().escape_debug());
        let problem = Problem::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", detail);
        return Err(problem.hint("use an address that `autocoder serve` printed, or name this one with --public-url"));
    }
    if !guarded {
        return Ok(());
    }
    if let Some(origin) = text(header::ORIGIN)
        && !app.gatekeeper.is_own_origin(&origin)
    {
        let detail = format!("pages of `{}` may not ask", origin.chars().take(100).collect::<String>().escape_debug());
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail));
    }
    match text(HeaderName::from_static("sec-fetch-site")).as_deref() {
        Some("cross-site" | "same-site") => {
            Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", "another web page may not ask"))
        }
        _ => Ok(()),
    }
}

fn harden(headers: &mut HeaderMap, csp: &'static str, guarded: bool) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, csp),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if guarded && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
