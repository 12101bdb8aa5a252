//! The hosted API: REST, live events, OpenAPI and webhooks over the use cases.
#![expect(clippy::result_large_err, reason = "a refusal is rare, and a box around it would be read everywhere")]

mod app;
mod body;
mod call;
mod idempotency;
mod limits;
pub mod live;
mod metrics;
pub mod openapi;
mod operations;
mod precondition;
mod problem;
mod reply;
mod routes;
pub mod security;
pub mod server;
pub mod tls;
mod ui;
mod usage_watch;
pub mod webhooks;

pub use app::App;
pub use problem::{FieldProblem, Problem};
pub use routes::mcp::{AgentSessions, VerifierOf};
