//! The operations of the API, one file each.

mod agents;
mod auth;
mod docs;
mod events;
mod features;
mod forecast;
pub(crate) mod mcp;
mod notes;
mod overview;
mod phases;
mod plan;
mod projects;
mod runs;
mod schedules;
mod service;
mod tasks;
mod tokens;
mod usage;
mod webhooks;

#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, ResponseError};

pub(crate) use docs::configure as docs;

use crate::operations::Operations;
use crate::problem::Problem;

/// Adds every operation.
pub(crate) fn operations(mut list: Operations) -> Operations {
    events::add(&mut list);
    auth::add(&mut list);
    projects::add(&mut list);
    plan::add(&mut list);
    phases::add(&mut list);
    features::add(&mut list);
    tasks::add(&mut list);
    agents::add(&mut list);
    notes::add(&mut list);
    overview::add(&mut list);
    runs::add(&mut list);
    service::add(&mut list);
    tokens::add(&mut list);
    usage::add(&mut list);
    forecast::add(&mut list);
    schedules::add(&mut list);
    webhooks::add(&mut list);
    list
}

/// A path that exists, asked with a method that it does not know.
pub(crate) async fn wrong_method(request: HttpRequest, allowed: String) -> Result<actix_web::HttpResponse, Problem> {
    let detail = format!("`{}` does not go with `{}`", request.method(), request.path().escape_debug());
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", detail);
    let mut response = problem.hint("/api/docs lists the operations").error_response();
    response.headers_mut().insert(ALLOW, HeaderValue::from_str(&allowed).expect("methods are words"));
    Ok(response)
}

/// A path that does not exist.
pub(crate) async fn nothing_here(request: HttpRequest) -> Result<actix_web::HttpResponse, Problem> {
    let detail =
        format!("there is nothing at `{}`", request.path().chars().take(200).collect::<String>().escape_debug());
    Err(Problem::new(StatusCode::NOT_FOUND, "not_found", detail).hint("/api/docs lists the operations"))
}
