//! Notes of agents on a phase.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000004_notes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in STATEMENTS {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const STATEMENTS: &[&str] = &[
    r#"CREATE TABLE notes (
        id BIGINT PRIMARY KEY, project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        phase_id BIGINT NOT NULL REFERENCES phases (id) ON DELETE CASCADE, at BIGINT NOT NULL, author TEXT NOT NULL,
        kind TEXT NOT NULL, text TEXT NOT NULL)"#,
    "CREATE INDEX notes_phase ON notes (phase_id, id)",
    "CREATE INDEX notes_project ON notes (project_id)",
];
