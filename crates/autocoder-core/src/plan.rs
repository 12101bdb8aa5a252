//! Plan files: a whole plan as text (YAML or JSON), read with every problem at once and written back unchanged.

mod check;
mod document;
mod events;
mod json;
pub mod legacy;
mod limits;
mod problem;
mod read;
mod rules;
mod schema;
mod source;
mod suggest;
mod tree;
mod value;
mod write;

#[cfg(test)]
mod tests;

pub use document::{
    Answered, DEFAULT_CATEGORY, DEFAULT_COMPLEXITY, DEFAULT_PRIORITY, PlanDocument, PlanFeature, PlanPhase,
    PlanProject, PlanTask, Stood,
};
pub use problem::Problem;
pub use schema::json_schema;
pub use tree::to_json;
pub use write::write;

use problem::Problems;

/// Reads and checks a plan file.
///
/// # Errors
/// Every problem of the file, sorted by line. After the first 100 one last entry (line 0) counts the rest.
pub fn parse(bytes: &[u8]) -> Result<PlanDocument, Vec<Problem>> {
    let mut problems = Problems::default();
    let read = read::read(bytes, &mut problems);
    if let Some(document) = &read.document {
        check::identities(document, &mut problems);
        if read.complete {
            check::dependencies(document, &mut problems);
        }
    }
    match read.document {
        Some(document) if problems.is_empty() => Ok(document),
        _ => Err(problems.into_sorted()),
    }
}
