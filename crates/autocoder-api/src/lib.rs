//! The hosted API: REST, live events, OpenAPI and webhooks over the use cases.

mod app;
mod body;
mod call;
mod idempotency;
pub mod live;
pub mod openapi;
mod operations;
mod problem;
mod reply;
mod routes;
pub mod security;
pub mod server;

pub use app::App;
pub use problem::{FieldProblem, Problem};
