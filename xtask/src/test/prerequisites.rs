//! What the tests need beside cargo: git, PostgreSQL, Node, Chromium with fonts, and a Python with tools that are not ours.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::{is_on_path, is_root};
use crate::process::{self, Outcome};
use crate::workspace::Workspace;

/// What the Python has.
const REQUIREMENTS: &str = include_str!("../../../tests/python/requirements.txt");

/// Where Debian puts one of the fonts, for Arabic, Hebrew and the like, and what brings them all.
const FONTS: &str = "/usr/share/fonts/truetype/noto";
const FONT_PACKAGES: [&str; 3] = ["fonts-noto-core", "fonts-noto-color-emoji", "fonts-liberation"];

/// Installs what is missing; answers the Python of the tests.
pub(super) fn install(workspace: &Workspace) -> Outcome<PathBuf> {
    let missing = missing_packages(is_on_path, has_postgres(), has_chromium());
    if !missing.is_empty() {
        install_packages(&missing)?;
    }
    // Without them every test holds, but pictures show boxes for letters.
    if may_install() && !Path::new(FONTS).is_dir() {
        install_packages(&FONT_PACKAGES.map(|package| ("a font", package)))?;
    }
    install_requirements(&workspace.target.join("venv"))
}

fn missing_packages(
    has: impl Fn(&str) -> bool,
    has_postgres: bool,
    has_chromium: bool,
) -> Vec<(&'static str, &'static str)> {
    let needs = [
        (has("git"), ("git", "git")),
        (has("openssl"), ("openssl", "openssl")),
        (has("python3"), ("Python", "python3-venv")),
        (has_postgres, ("PostgreSQL", "postgresql")),
        (has("npm"), ("Node", "npm")),
        (has_chromium, ("Chromium", "chromium")),
    ];
    needs.into_iter().filter(|(present, _)| !present).map(|(_, need)| need).collect()
}

fn has_postgres() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    is_on_path("initdb") || versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

/// Where the browser tests look, too.
fn has_chromium() -> bool {
    let path = env::var_os("CHROMIUM").filter(|path| !path.is_empty());
    path.map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from).is_file()
}

fn install_packages(missing: &[(&str, &str)]) -> Outcome {
    let names: Vec<_> = missing.iter().map(|(name, _)| *name).collect();
    let packages: Vec<_> = missing.iter().map(|(_, package)| *package).collect();
    if !may_install() {
        return Err(format!("{} missing: apt-get install {}", are(&names), packages.join(" ")));
    }
    process::run(Command::new("apt-get").args(["update", "-q"]))?;
    let install = ["install", "-y", "-q", "--no-install-recommends"];
    process::run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(install).args(packages))
}

fn may_install() -> bool {
    is_root() && is_on_path("apt-get")
}

fn are(names: &[&str]) -> String {
    format!("{} {}", names.join(" and "), if names.len() == 1 { "is" } else { "are" })
}

fn install_requirements(venv: &Path) -> Outcome<PathBuf> {
    let python = venv.join("bin/python");
    let stamp = venv.join("requirements.txt");
    let installed = fs::read_to_string(&stamp).is_ok_and(|installed| installed == REQUIREMENTS);
    let works = || process::capture(Command::new(&python).args(["-c", "import mcp, schemathesis"])).is_ok();
    if installed && works() {
        return Ok(python);
    }
    let create = || process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(venv));
    // Debian keeps venv in a package of its own.
    create().or_else(|_| install_packages(&[("Python's venv", "python3-venv")]).and_then(|()| create()))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    process::run(Command::new(&python).args(pip).args(REQUIREMENTS.lines()))?;
    fs::write(&stamp, REQUIREMENTS).map_err(|error| format!("cannot write `{}`: {error}", stamp.display()))?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_named() {
        assert_eq!(missing_packages(|_| true, true, true), []);
        assert_eq!(missing_packages(|name| name != "python3", true, true), [("Python", "python3-venv")]);
        assert_eq!(missing_packages(|_| true, false, true), [("PostgreSQL", "postgresql")]);
        assert_eq!(missing_packages(|_| true, true, false), [("Chromium", "chromium")]);
        assert_eq!(missing_packages(|name| name != "npm", true, true), [("Node", "npm")]);
    }

    #[test]
    fn the_line_reads_as_a_sentence() {
        assert_eq!(are(&["PostgreSQL"]), "PostgreSQL is");
        assert_eq!(are(&["git", "Python"]), "git and Python are");
    }
}
