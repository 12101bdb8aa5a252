//! The arguments of a sandbox. The order counts: what comes later lies over what came before.

use std::path::Path;

use super::{Confines, Home, Tools};
use crate::runner::CommandSpec;

/// The sandbox itself must outlive a signal to the group, or it would take the agent down before it can say what it used.
pub(super) const IGNORE: [&str; 1] = ["--ignore-signal=INT,TERM"];
/// Inside, signals mean what they always do.
pub(super) const RESTORE: [&str; 1] = ["--default-signal=INT,TERM"];
/// Where other people's files, sockets of daemons, and what they left lying about are.
const EMPTIED: [&str; 4] = ["/home", "/root", "/run", "/tmp"];
/// Of an emptied folder, what names of hosts are looked up with.
const KEPT: [&str; 2] = ["/run/systemd/resolve", "/run/resolvconf"];

/// `spec`, started inside of a sandbox.
pub(super) fn wrap(tools: &Tools, spec: CommandSpec, confines: &Confines) -> CommandSpec {
    let mut args: Vec<String> = IGNORE.map(str::to_owned).to_vec();
    args.push(text(&tools.bwrap));
    args.extend(["--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL", "--die-with-parent"].map(str::to_owned));
    args.extend(mounts(confines));
    args.extend(["--chdir".to_owned(), text(&spec.workdir), "--".to_owned(), text(&tools.env)]);
    args.extend(RESTORE.map(str::to_owned));
    args.push(text(&spec.program));
    args.extend(spec.args);
    let mut env = spec.env;
    env.insert("TMPDIR".to_owned(), "/tmp".to_owned());
    CommandSpec { program: tools.env.clone(), args, env, ..spec }
}

/// Whether [`wrap`] made this.
pub(crate) fn is_enclosed(spec: &CommandSpec) -> bool {
    spec.args.first().is_some_and(|first| first == IGNORE[0])
}

fn mounts(confines: &Confines) -> Vec<String> {
    let mut mounts = Mounts(vec![]);
    mounts.bind("--ro-bind", Path::new("/"));
    mounts.0.extend(["--dev", "/dev", "--proc", "/proc"].map(str::to_owned));
    for folder in EMPTIED {
        if Path::new(folder).is_dir() {
            mounts.empty(Path::new(folder));
        }
    }
    for kept in KEPT {
        mounts.bind("--ro-bind-try", Path::new(kept));
    }
    if let Some(home) = &confines.home {
        mounts.home(home, confines.cache_dir.as_deref());
    }
    confines.hidden.iter().for_each(|path| mounts.hide(path));
    for (option, paths) in [("--ro-bind-try", &confines.readable), ("--bind-try", &confines.writable)] {
        paths.iter().for_each(|path| mounts.bind(option, path));
    }
    confines.guarded.iter().for_each(|path| mounts.bind("--ro-bind-try", path));
    mounts.0
}

struct Mounts(Vec<String>);

impl Mounts {
    fn bind(&mut self, option: &str, path: &Path) {
        self.put(option, path, path);
    }

    fn put(&mut self, option: &str, from: &Path, to: &Path) {
        self.0.extend([option.to_owned(), text(from), text(to)]);
    }

    fn empty(&mut self, folder: &Path) {
        self.0.extend(["--tmpfs".to_owned(), text(folder)]);
    }

    fn hide(&mut self, path: &Path) {
        if path.is_dir() {
            self.empty(path);
        } else if path.exists() {
            self.put("--ro-bind", Path::new("/dev/null"), path);
        }
    }

    /// A home of the agent's own, into which the person's is put piece by piece.
    fn home(&mut self, home: &Home, cache_dir: Option<&Path>) {
        self.empty(&home.path);
        for entry in home.shown() {
            let path = home.path.join(&entry.name);
            match &entry.link {
                Some(target) => self.put("--symlink", target, &path),
                None => self.bind("--ro-bind-try", &path),
            }
        }
        for (path, name) in home.caches() {
            match cache_dir {
                Some(dir) => self.put("--bind-try", &dir.join(name), &path),
                None => self.empty(&path),
            }
        }
        home.deep_secrets().for_each(|path| self.hide(&path));
        home.own.iter().for_each(|path| self.bind("--bind-try", path));
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;
    use crate::isolation::HomeEntry;
    use crate::runner::Stdin;

    fn entry(name: &str, link: Option<&str>) -> HomeEntry {
        HomeEntry { name: name.into(), link: link.map(PathBuf::from) }
    }

    #[test]
    fn the_arguments_are_exactly_these() {
        let spec = CommandSpec {
            program: "agent".into(),
            args: vec!["--help".into(), "a b".into()],
            env: BTreeMap::from([("PATH".into(), "/bin".into())]),
            files: vec![],
            workdir: "/data/tree".into(),
            stdin: Stdin::Null,
            soft_stop: None,
        };
        let confines = Confines {
            writable: vec!["/data/tree".into(), "/repo/.git".into()],
            readable: vec!["/data/runs/7".into()],
            guarded: vec!["/repo/.git/config".into()],
            hidden: vec!["/nowhere".into()],
            home: Some(Home {
                path: "/homes/me".into(),
                entries: vec![entry(".ssh", None), entry("src", None), entry("now", Some("src"))],
                own: vec!["/homes/me/.claude".into()],
            }),
            cache_dir: None,
        };
        let tools = Tools { bwrap: "/usr/bin/bwrap".into(), env: "/usr/bin/env".into() };
        let wrapped = wrap(&tools, spec, &confines);
        let args = wrapped.args.join(" ");
        let (before, after) = args.split_once("--proc /proc ").expect("a place for processes");
        assert_eq!(
            before,
            "--ignore-signal=INT,TERM /usr/bin/bwrap --unshare-pid --unshare-ipc --cap-drop ALL --die-with-parent \
             --ro-bind / / --dev /dev "
        );
        let (_, after) = after.split_once("--tmpfs /tmp ").expect("an empty folder for what is temporary");
        assert_eq!(
            after,
            "--ro-bind-try /run/systemd/resolve /run/systemd/resolve --ro-bind-try /run/resolvconf /run/resolvconf \
             --tmpfs /homes/me --ro-bind-try /homes/me/src /homes/me/src --symlink src /homes/me/now \
             --bind-try /homes/me/.claude /homes/me/.claude --ro-bind-try /data/runs/7 /data/runs/7 \
             --bind-try /data/tree /data/tree --bind-try /repo/.git /repo/.git \
             --ro-bind-try /repo/.git/config /repo/.git/config --chdir /data/tree -- /usr/bin/env \
             --default-signal=INT,TERM agent --help a b"
        );
        assert_eq!(wrapped.program, Path::new("/usr/bin/env"));
        assert_eq!(wrapped.env["TMPDIR"], "/tmp");
    }
}
