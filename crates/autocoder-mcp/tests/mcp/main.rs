//! The MCP server over the in-memory store, asked by a client that knows nothing of it but JSON-RPC.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod client;
mod http;
mod http_claim;
mod notes;
mod own_task;
mod plan;
mod protocol;
mod site;
mod tools;
mod usage;
mod verification;
