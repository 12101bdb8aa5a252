//! What is special to the store on SQL, on both back ends; the port contract itself is testkit's.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "store/backup.rs"]
mod backup;
#[path = "store/bulk.rs"]
mod bulk;
#[path = "store/claims.rs"]
mod claims;
#[path = "store/database.rs"]
mod database;
#[path = "store/feed.rs"]
mod feed;
#[path = "store/opened.rs"]
mod opened;
#[path = "store/path.rs"]
mod path;
#[path = "store/usage.rs"]
mod usage;
