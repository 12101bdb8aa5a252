//! Autocoder's MCP tools: what agents may ask and do, over the use cases of `autocoder-core`.
//!
//! The caller's identity, project and scope come from the [`Session`], never from an argument.

mod advice;
mod arguments;
mod claim;
mod http;
mod legacy;
mod reply;
mod schema;
mod serve;
mod server;
mod session;
mod tools;
mod verification;

pub use http::{ABSENT, FORGOTTEN, McpHttp, McpHttpError, McpResponse, Sessions};
pub use legacy::legacy_tool_names;
pub use serve::{ServeError, serve, serve_legacy_stdio, serve_stdio};
pub use server::ToolServer;
pub use session::Session;
pub use tools::{tool_names, tools_bytes};
