//! `autocoder plan schema`: the format of plan files as JSON Schema.

use clap::Args;

use crate::exit::Failure;
use crate::root::Root;

/// Print the JSON Schema of plan files, for editors
#[derive(Args)]
pub(crate) struct Schema {}

impl Schema {
    pub(crate) fn run(self, root: &Root) -> Result<(), Failure> {
        root.output.json(&autocoder_core::plan::json_schema())
    }
}
