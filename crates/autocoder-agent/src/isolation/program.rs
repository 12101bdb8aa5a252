//! What belongs to an agent's program, which may lie where a sandbox hides everything.

use std::path::{Path, PathBuf};

/// Folders of which each entry is somebody's home, or nobody's installation.
const CROWDED: [&str; 5] = ["/", "/home", "/root", "/tmp", "/usr"];

/// The program behind its links, and the installation it is part of: `/root/.pyenv/versions/3.11` of its `bin/python`.
/// A home is no installation, or everything in it would be shown.
pub(crate) fn program_files(program: &Path, home: Option<&Path>) -> Vec<PathBuf> {
    let Ok(behind) = program.canonicalize() else { return vec![] };
    let installation = behind.parent().filter(|folder| folder.ends_with("bin")).and_then(Path::parent);
    let is_own = |folder: &&Path| {
        let crowded = |folder: &Path| CROWDED.iter().any(|crowd| folder == Path::new(crowd));
        let in_home_of_others = folder.parent() == Some(Path::new("/home"));
        !crowded(folder) && !in_home_of_others && home.is_none_or(|home| !home.starts_with(folder))
    };
    installation.filter(is_own).map(Path::to_owned).into_iter().chain([behind.clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_brings_its_installation_but_no_home() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        for folder in ["me/bin", "me/versions/3/bin", "links"] {
            std::fs::create_dir_all(root.join(folder)).unwrap();
        }
        for program in ["me/bin/agent", "me/versions/3/bin/python", "me/tool"] {
            std::fs::write(root.join(program), "").unwrap();
        }
        std::os::unix::fs::symlink(root.join("me/versions/3/bin/python"), root.join("links/python")).unwrap();
        for (program, shown) in [
            ("me/bin/agent", vec!["me/bin/agent"]),
            ("links/python", vec!["me/versions/3", "me/versions/3/bin/python"]),
            ("me/tool", vec!["me/tool"]),
            ("me/missing", vec![]),
        ] {
            let shown: Vec<PathBuf> = shown.into_iter().map(|path| root.join(path)).collect();
            assert_eq!(program_files(&root.join(program), Some(&root.join("me"))), shown, "{program}");
        }
    }
}
