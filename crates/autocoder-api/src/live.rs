//! Live events: one reader of the feed for the whole server, and a stream for each subscriber.

mod announce;
mod batch;
mod hub;
mod reply;
mod subscription;
#[cfg(test)]
mod tests;

pub use announce::AnnouncingStore;
pub use batch::Batch;
pub use hub::Hub;
pub use reply::streamed;
pub use subscription::{Start, subscribe};
