//! The schema of Autocoder's store as a list of migrations that only grows.

mod m20261122_000001_plan;
mod m20261123_000002_server;
mod m20261123_000003_usage;
mod m20261123_000004_notes;
mod m20261123_000007_quiet_hours;
mod m20261123_000008_reply_heads;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Every migration, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_plan::Migration),
            Box::new(m20261123_000002_server::Migration),
            Box::new(m20261123_000003_usage::Migration),
            Box::new(m20261123_000004_notes::Migration),
            Box::new(m20261123_000007_quiet_hours::Migration),
            Box::new(m20261123_000008_reply_heads::Migration),
        ]
    }
}

/// The names of the migrations, oldest first.
#[must_use]
pub fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}
