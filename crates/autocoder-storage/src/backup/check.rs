//! Whether a file is a sound database of this Autocoder or an older one.

use std::path::Path;

use autocoder_core::ports::{Out, StoreError};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::BackupError;
use crate::failure::store_error;
use crate::schema::{MigrationStatus, migration_status};
use crate::sqlite;
use crate::target::Target;

/// How many faults are named.
const FAULTS: usize = 3;

/// The newest migration of a sound database.
pub(super) async fn check(path: &Path) -> Result<String, BackupError> {
    let shown = || path.display().to_string();
    let foreign = |detail: String| BackupError::Foreign { path: shown(), detail };
    let status = migration_status(&Target::Sqlite(path.to_owned())).await;
    let MigrationStatus { applied, newer, .. } = status.map_err(|error| foreign(error.to_string()))?;
    if let Some(found) = newer.last() {
        let known = migration::names().pop().unwrap_or_default();
        return Err(StoreError::Newer { found: found.clone(), known }.into());
    }
    // An empty file is a database too.
    let Some(schema) = applied.last() else { return Err(foreign("it has none of its tables".to_owned())) };
    let damaged = |detail: String| BackupError::Damaged { path: shown(), detail };
    let faults = faults(path).await.map_err(|error| damaged(error.to_string()))?;
    if faults.is_empty() { Ok(schema.clone()) } else { Err(damaged(faults.join("; "))) }
}

async fn faults(path: &Path) -> Out<Vec<String>> {
    let pool = sqlite::readers(path).await?;
    let sql = format!("PRAGMA quick_check({FAULTS})");
    let rows = pool.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
    // The answer is there; a pool that fails to close changes nothing about it.
    let _ = pool.close().await;
    let failed = |error: sea_orm::DbErr| store_error("checking", &error);
    let lines: Out<Vec<String>> =
        rows.map_err(failed)?.iter().map(|row| row.try_get_by_index(0).map_err(failed)).collect();
    Ok(lines?.into_iter().filter(|line| line != "ok").collect())
}
