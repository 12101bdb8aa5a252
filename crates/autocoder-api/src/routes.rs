//! The operations of the API, one file each.

mod agents;
mod auth;
mod docs;
mod events;
mod features;
mod forecast;
pub(crate) mod mcp;
mod overview;
mod page;
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

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

pub(crate) use docs::configure as docs;
pub(crate) use page::configure as page;

use crate::operations::Operations;
use crate::problem::Problem;

/// Every operation.
pub(crate) fn operations() -> Operations {
    let mut list = Operations::default();
    events::add(&mut list);
    auth::add(&mut list);
    projects::add(&mut list);
    plan::add(&mut list);
    phases::add(&mut list);
    features::add(&mut list);
    tasks::add(&mut list);
    agents::add(&mut list);
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
pub(crate) async fn wrong_method(request: HttpRequest) -> Result<actix_web::HttpResponse, Problem> {
    let detail = format!("`{}` does not go with `{}`", request.method(), request.path().escape_debug());
    Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", detail).hint("/api/docs lists the operations"))
}

/// A path that does not exist.
pub(crate) async fn nothing_here(request: HttpRequest) -> Result<actix_web::HttpResponse, Problem> {
    let detail = format!("there is nothing at `{}`", request.path().chars().take(200).collect::<String>().escape_debug());
    Err(Problem::new(StatusCode::NOT_FOUND, "not_found", detail).hint("/api/docs lists the operations"))
}
