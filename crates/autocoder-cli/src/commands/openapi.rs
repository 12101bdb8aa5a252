//! `autocoder openapi`.

use clap::Args;

use crate::exit::Failure;
use crate::root::Root;

/// Print the OpenAPI document of the hosted API
#[derive(Args)]
#[command(after_help = "Example:\n  autocoder openapi > openapi.json")]
pub(crate) struct OpenApi {}

impl OpenApi {
    pub(crate) fn run(self, root: &Root) -> Result<(), Failure> {
        root.output.text(&autocoder_api::openapi::text())
    }
}
