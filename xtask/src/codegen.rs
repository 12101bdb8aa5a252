//! `cargo xtask codegen`: what is generated from the code and committed, so that a change of it is seen.

use crate::process::{self, Outcome};
use crate::ui;
use crate::workspace::Workspace;

/// Where the OpenAPI document lies.
const OPENAPI: &str = "docs/openapi.json";

/// Writes the OpenAPI document, and the UI's types of it where Node is; `tests/tests/api_openapi.rs` compares it.
pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let text =
        process::capture(&mut workspace.cargo(&["run", "--quiet", "--locked", "-p", "autocoder-cli", "openapi"]))?;
    let path = workspace.root.join(OPENAPI);
    std::fs::write(&path, text).map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
    println!("wrote {OPENAPI}");
    if !ui::has_node() {
        println!("without Node the UI's types stay as they are");
        return Ok(());
    }
    ui::install(workspace)?;
    ui::generate_types(workspace)
}
