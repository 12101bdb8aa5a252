//! Git as a person with a name of their own types it.

use std::path::Path;
use std::process::Command;

/// What `git` printed in `folder`.
///
/// # Panics
/// When it fails.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid"];
    let output = Command::new("git").current_dir(folder).args(identity).args(arguments).output().expect("git starts");
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("git prints UTF-8")
}
