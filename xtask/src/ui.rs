//! `cargo xtask ui`: builds the web UI that the server shows; a debug build of it reads the files, a release build keeps them.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::process::{self, Outcome};
use crate::workspace::Workspace;

/// The oldest Node that Vite runs on.
const OLDEST_NODE: (u32, u32) = (20, 19);
const TYPES: &str = "ui/src/lib/api/schema.d.ts";

/// Installs what the UI needs, when that changed, and builds it.
pub(crate) fn run(workspace: &Workspace) -> Outcome {
    install(workspace)?;
    process::run(&mut npm(workspace, &["run", "--silent", "build"]))
}

/// Whether a Node is here that can build the UI.
pub(crate) fn has_node() -> bool {
    check_node().is_ok()
}

/// Brings `node_modules` up to `package-lock.json`.
pub(crate) fn install(workspace: &Workspace) -> Outcome {
    check_node()?;
    let lock = workspace.root.join("ui/package-lock.json");
    // `npm ci` begins by deleting the folder, and this with it.
    let stamp = workspace.root.join("ui/node_modules/.installed");
    let wanted = fs::read(&lock).map_err(|error| format!("cannot read `{}`: {error}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    process::run(&mut npm(workspace, &["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).map_err(|error| format!("cannot write `{}`: {error}", stamp.display()))
}

/// Generates the types of the API anew.
///
/// # Errors
/// They were not those of `docs/openapi.json`.
pub(crate) fn check_types(workspace: &Workspace) -> Outcome {
    let path = workspace.root.join(TYPES);
    let before = fs::read(&path).unwrap_or_default();
    generate_types(workspace)?;
    if fs::read(&path).is_ok_and(|after| after == before) {
        return Ok(());
    }
    Err(format!("`{TYPES}` was not what docs/openapi.json makes of it; it is now: commit it"))
}

/// Writes the types of the API from `docs/openapi.json`.
pub(crate) fn generate_types(workspace: &Workspace) -> Outcome {
    process::run(&mut npm(workspace, &["run", "--silent", "gen:api"]))
}

/// npm in the UI's folder; without a home of its own it keeps its cache below target.
pub(crate) fn npm(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(workspace.root.join("ui")).args(arguments);
    npm.env("npm_config_update_notifier", "false").env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    let home = env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_dir());
    if home.is_none() {
        npm.env("npm_config_cache", workspace.target.join("npm")).env("HOME", &workspace.target);
    }
    npm
}

fn check_node() -> Outcome {
    let (major, minor) = OLDEST_NODE;
    let needed = format!("the web UI is built with Node {major}.{minor} or newer and npm");
    let version = |program: &str| process::capture(Command::new(program).arg("--version").stderr(Stdio::null()));
    let hint = "https://nodejs.org, or `apt-get install npm`";
    let (Ok(node), Ok(_)) = (version("node"), version("npm")) else { return Err(format!("{needed}: {hint}")) };
    match parsed(&node) {
        Some(found) if found >= OLDEST_NODE => Ok(()),
        _ => Err(format!("{needed}, not with `{}`: {hint}", node.trim())),
    }
}

/// Major and minor of `v20.20.2`.
fn parsed(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim().strip_prefix('v')?.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_read() {
        for (text, version) in [("v20.20.2\n", Some((20, 20))), ("v18.19.0", Some((18, 19))), ("20", None), ("", None)]
        {
            assert_eq!(parsed(text), version, "{text}");
        }
    }
}
