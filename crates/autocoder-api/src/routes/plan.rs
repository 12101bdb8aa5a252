//! Whole plans as files.

mod export;
mod import;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "plan"; Viewer export, Editor import);
}

/// The content type of YAML (RFC 9512).
const YAML: &str = "application/yaml";

/// The forms of a plan file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}
