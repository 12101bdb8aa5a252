//! The rows of the tables and their way into core's types and back; nothing else knows a column's form.

pub(crate) mod agent;
pub(crate) mod budget;
pub(crate) mod delivery;
pub(crate) mod edge;
pub(crate) mod event;
pub(crate) mod evidence;
pub(crate) mod feature;
pub(crate) mod note;
pub(crate) mod phase;
pub(crate) mod project;
pub(crate) mod proposal;
pub(crate) mod receipt;
pub(crate) mod run;
pub(crate) mod schedule;
pub(crate) mod spec_message;
pub(crate) mod task;
pub(crate) mod token;
pub(crate) mod usage_log;
mod value;
pub(crate) mod webhook;

use autocoder_core::ports::{Out, StoreError};
use sea_orm::{EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult};

use crate::failure::store_error;

/// Every column of `E` in the table named `table`, each renamed to `prefix` + column.
pub(crate) fn columns<E: EntityTrait>(table: &str, prefix: &str) -> String {
    let column = |c: E::Column| format!("{table}.\"{name}\" AS \"{prefix}{name}\"", name = c.as_str());
    E::Column::iter().map(column).collect::<Vec<_>>().join(", ")
}

/// What a row holds below `prefix`.
pub(crate) fn read<M, T>(row: &QueryResult, prefix: &str) -> Out<T>
where
    M: FromQueryResult,
    T: TryFrom<M, Error = StoreError>,
{
    M::from_query_result(row, prefix).map_err(|error| store_error("reading a row", &error))?.try_into()
}

/// Like [`read`] for a row with a status; none when the outer join found nothing there.
pub(crate) fn read_outer<M, T>(row: &QueryResult, prefix: &str) -> Out<Option<T>>
where
    M: FromQueryResult,
    T: TryFrom<M, Error = StoreError>,
{
    let found: Option<String> = field(row, &format!("{prefix}status"))?;
    found.map(|_| read::<M, T>(row, prefix)).transpose()
}

/// One value of a row.
pub(crate) fn field<T: sea_orm::TryGetable>(row: &QueryResult, name: &str) -> Out<T> {
    row.try_get("", name).map_err(|error| store_error("reading a row", &error))
}
