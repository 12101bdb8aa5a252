//! What the agents of a run can reach, said before they start.

use std::collections::BTreeMap;

use autocoder_agent::isolation::enclosure;
use autocoder_core::agent::{Isolation, RunnerKind};

use crate::exit::Failure;

/// The line of a run's banner; none for rehearsals, which are our own program.
///
/// # Errors
/// A sandbox is asked for and there is none.
pub(super) async fn statement(
    kind: RunnerKind,
    wanted: Isolation,
    environment: &BTreeMap<String, String>,
) -> Result<Option<String>, Failure> {
    if kind == RunnerKind::Rehearsal {
        return Ok(None);
    }
    match enclosure(wanted, environment).await {
        Ok(enclosure) => Ok(Some(format!("isolation: {}", enclosure.statement()))),
        Err(error) => Err(Failure::wrong(error.to_string(), "see `autocoder doctor`")),
    }
}
