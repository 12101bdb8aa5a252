//! Webhooks: which addresses may be told, how deliveries are signed, and the engine that sends them.

pub mod address;
mod dispatch;
mod enqueue;
mod payload;
mod schedule;
mod send;
pub mod sign;
#[cfg(test)]
mod tests;

pub use address::{Addresses, Network};
pub use dispatch::{Settings, Webhooks};
