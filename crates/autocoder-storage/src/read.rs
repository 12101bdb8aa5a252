//! What a unit of work loads: bounded questions, one statement each.

#[cfg(test)]
mod explain;
pub(crate) mod graph;
pub(crate) mod hosted;
pub(crate) mod plan;
pub(crate) mod standing;
pub(crate) mod tally;
pub(crate) mod tree;
pub(crate) mod work;

use std::sync::LazyLock;

use autocoder_core::ports::{Out, StoreError};
use sea_orm::{FromQueryResult, QueryResult};

use crate::entity::{columns, feature, phase, project, read, task};

/// The columns of the tree's tables, named `p`, `ph`, `f` and `t`, each with its name as prefix.
pub(crate) static PROJECT: LazyLock<String> = LazyLock::new(|| columns::<project::Entity>("p", "p_"));
pub(crate) static PHASE: LazyLock<String> = LazyLock::new(|| columns::<phase::Entity>("ph", "ph_"));
pub(crate) static FEATURE: LazyLock<String> = LazyLock::new(|| columns::<feature::Entity>("f", "f_"));
pub(crate) static TASK: LazyLock<String> = LazyLock::new(|| columns::<task::Entity>("t", "t_"));

/// What every row holds below `prefix`.
pub(crate) fn every<M, T>(rows: &[QueryResult], prefix: &str) -> Out<Vec<T>>
where
    M: FromQueryResult,
    T: TryFrom<M, Error = StoreError>,
{
    rows.iter().map(|row| read::<M, T>(row, prefix)).collect()
}

/// What the first row holds below `prefix`.
pub(crate) fn first<M, T>(row: Option<&QueryResult>, prefix: &str) -> Out<Option<T>>
where
    M: FromQueryResult,
    T: TryFrom<M, Error = StoreError>,
{
    row.map(|row| read::<M, T>(row, prefix)).transpose()
}
