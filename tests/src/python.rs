//! The Python that has PyPI's `mcp`, and the scripts that run in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python of `cargo xtask test`; a developer's own one otherwise.
#[must_use]
pub fn python() -> PathBuf {
    let made = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/venv/bin/python");
    std::env::var_os("AUTOCODER_TEST_PYTHON").map_or_else(made, PathBuf::from)
}

/// The path of one of our scripts.
#[must_use]
pub fn script(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("python").join(name);
    assert!(path.is_file(), "{} is missing", path.display());
    let found = Command::new(python()).args(["-c", "import mcp"]).status().is_ok_and(|status| status.success());
    assert!(found, "{} has no module `mcp`; `cargo xtask test` installs it", python().display());
    path.to_string_lossy().into_owned()
}
