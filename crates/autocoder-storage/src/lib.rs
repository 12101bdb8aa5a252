//! The store of Autocoder on SQLite and PostgreSQL: the only crate that knows SQL.

mod accounting;
mod backup;
mod entity;
mod failure;
mod feed;
mod ledger;
mod legacy;
mod link;
mod lock;
mod network;
mod outbox;
mod postgres;
mod queries;
mod read;
mod readers;
mod receipts;
mod schema;
mod sqlite;
mod store;
mod target;
mod turns;
mod unit;
mod write;

pub use backup::{Backup, BackupError, Existing, Restored, backup, restore};
pub use legacy::{LegacyError, read_legacy};
pub use lock::{LockError, ServerLock};
pub use network::network_filesystem;
pub use schema::{MigrationStatus, migration_status};
pub use store::SeaOrmStore;
pub use target::{Clock, OpenOptions, Target};
