//! A person's home as an agent sees it: what is there, without keys, with its own settings to write.

use std::path::{Path, PathBuf};

/// A home and what lies directly in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// Where it is.
    pub path: PathBuf,
    /// What lies in it.
    pub entries: Vec<HomeEntry>,
    /// What the agent itself keeps there, below the home.
    pub own: Vec<PathBuf>,
}

/// One file or folder of a home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeEntry {
    /// Its name.
    pub name: String,
    /// Where it points, when it is a link.
    pub link: Option<PathBuf>,
}

/// What is left out of every home, because it opens other doors.
const SECRETS: [&str; 22] = [
    ".aws",
    ".azure",
    ".boto",
    ".claude",
    ".claude.json",
    ".codex",
    ".docker",
    ".gemini",
    ".git-credentials",
    ".gnupg",
    ".kube",
    ".mozilla",
    ".my.cnf",
    ".netrc",
    ".password-store",
    ".pgpass",
    ".pki",
    ".pypirc",
    ".ssh",
    ".terraform.d",
    ".thunderbird",
    ".vault-token",
];
/// The same, deeper down.
const DEEP_SECRETS: [&str; 14] = [
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".config/autocoder",
    ".config/chromium",
    ".config/gcloud",
    ".config/gh",
    ".config/git/credentials",
    ".config/google-chrome",
    ".config/hub",
    ".config/op",
    ".config/rclone",
    ".local/share/keyrings",
    ".local/share/kwalletd",
    ".local/share/opencode",
];
/// Caches: each project has its own.
const CACHES: [&str; 4] = [".cache", ".npm", ".cargo/registry", ".cargo/git"];

impl Home {
    /// The home `path`; the agent keeps `own` below it.
    #[must_use]
    pub fn read(path: &Path, own: &[&str]) -> Self {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten().filter_map(|entry| {
            let link = std::fs::read_link(entry.path()).ok();
            Some(HomeEntry { name: entry.file_name().into_string().ok()?, link })
        });
        let mut entries: Vec<HomeEntry> = entries.collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let own = own.iter().map(|name| path.join(name)).filter(|path| path.exists()).collect();
        Self { path: path.to_owned(), entries, own }
    }

    /// What is shown of it: neither secrets nor another agent's settings.
    pub(super) fn shown(&self) -> impl Iterator<Item = &HomeEntry> {
        self.entries.iter().filter(|entry| !SECRETS.contains(&entry.name.as_str()))
    }

    /// What is left out below what is shown.
    pub(super) fn deep_secrets(&self) -> impl Iterator<Item = PathBuf> {
        DEEP_SECRETS.iter().map(|name| self.path.join(name)).filter(|path| path.exists())
    }

    /// The caches there are, and the name that each has among the project's own.
    pub fn caches(&self) -> impl Iterator<Item = (PathBuf, String)> {
        let named = |name: &&str| (self.path.join(name), name.trim_start_matches('.').replace('/', "-"));
        CACHES.iter().map(named).filter(|(path, _)| path.is_dir())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_left_out_and_the_agents_own_settings_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path();
        for folder in [".ssh", ".codex", ".config/gh", "src", ".cache"] {
            std::fs::create_dir_all(home.join(folder)).unwrap();
        }
        std::fs::write(home.join(".netrc"), "secret").unwrap();
        std::os::unix::fs::symlink("src", home.join("link")).unwrap();
        let read = Home::read(home, &[".codex", ".claude"]);
        let shown: Vec<(&str, bool)> = read.shown().map(|entry| (entry.name.as_str(), entry.link.is_some())).collect();
        assert_eq!(shown, [(".cache", false), (".config", false), ("link", true), ("src", false)]);
        assert_eq!(read.own, [home.join(".codex")]);
        assert_eq!(read.deep_secrets().collect::<Vec<_>>(), [home.join(".config/gh")]);
        assert_eq!(read.caches().collect::<Vec<_>>(), [(home.join(".cache"), "cache".to_owned())]);
    }
}
