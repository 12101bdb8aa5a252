//! What an error of the database means to a caller.

use autocoder_core::ports::StoreError;
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// The one translation from sea-orm's errors.
pub(crate) fn store_error(step: &'static str, error: &DbErr) -> StoreError {
    if let Some(SqlErr::UniqueConstraintViolation(detail)) = error.sql_err() {
        return StoreError::Taken { noun: "row", name: detail };
    }
    if is_unavailable(error) {
        return StoreError::Unavailable(format!("{step}: {error}"));
    }
    StoreError::Failed { step, detail: error.to_string() }
}

/// Whether another connection holds the file.
pub(crate) fn is_busy(error: &DbErr) -> bool {
    sqlx_error(error).is_some_and(is_locked)
}

/// SQLITE_BUSY and SQLITE_LOCKED, extended codes included.
pub(crate) fn is_locked(error: &SqlxError) -> bool {
    code(error).and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

fn is_unavailable(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_busy(error) {
        return true;
    }
    match sqlx_error(error) {
        Some(SqlxError::Io(_) | SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::WorkerCrashed) => true,
        // Connection lost, too many connections, shutting down, deadlock, lock timeout.
        Some(error) => code(error).is_some_and(|code| {
            code.len() == 5
                && (code.starts_with("08") || code.starts_with("57P") || matches!(&*code, "53300" | "40P01" | "55P03"))
        }),
        None => false,
    }
}

fn sqlx_error(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

fn code(error: &SqlxError) -> Option<std::borrow::Cow<'_, str>> {
    error.as_database_error().and_then(|error| error.code())
}
