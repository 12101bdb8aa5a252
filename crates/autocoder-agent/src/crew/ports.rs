//! Ports for the dev servers of a worktree: ten of its own, which its agent and its verification are told.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

/// Below the ports that systems give out by themselves.
const LOWEST: u16 = 21_000;
const SLOTS: u16 = 1_000;
const PORTS_PER_SLOT: u16 = 10;
/// How many slots a worktree may try.
const PROBES: u16 = 100;

/// The ports of one worktree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    first: u16,
}

impl Ports {
    /// Ports for `worktree` that nobody listens on now: those it had, when they are free.
    pub(super) fn reserve(data_dir: &Path, worktree: &Path) -> Option<Self> {
        let claims = Claims::of(data_dir, worktree);
        if let Some(known) = claims.known() {
            if known.are_free() {
                return Some(known);
            }
            claims.drop(known);
        }
        claims.slots().find(|ports| ports.are_free() && claims.take(*ports))
    }

    /// The ports that `worktree` has.
    pub(super) fn of(data_dir: &Path, worktree: &Path) -> Option<Self> {
        Claims::of(data_dir, worktree).known()
    }

    const fn last(self) -> u16 {
        self.first + PORTS_PER_SLOT - 1
    }

    fn are_free(self) -> bool {
        // All are held until the end, so that none is counted twice.
        let held: Result<Vec<TcpListener>, _> =
            (self.first..=self.last()).map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port))).collect();
        held.is_ok()
    }

    /// The names that a process finds them by.
    pub(super) const NAMES: [&str; 3] = ["PORT", "AUTOCODER_PORT_FIRST", "AUTOCODER_PORT_LAST"];

    /// `environment` with them in it.
    pub(super) fn added_to(self, environment: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let values = [self.first, self.first, self.last()].map(|port| port.to_string());
        let named = Self::NAMES.map(str::to_owned).into_iter().zip(values);
        environment.clone().into_iter().chain(named).collect()
    }

    /// What an agent is told.
    pub(super) fn remark(self) -> String {
        let (first, last) = (self.first, self.last());
        format!("A server that you start listens on a port from {first} to {last}; `$PORT` is {first}.")
    }
}

/// Who has which ports: a file a slot with the worktree's path in it.
struct Claims<'a> {
    dir: PathBuf,
    worktree: &'a Path,
}

impl<'a> Claims<'a> {
    fn of(data_dir: &Path, worktree: &'a Path) -> Self {
        Self { dir: data_dir.join("ports"), worktree }
    }

    /// The slots of this worktree in their order, the same every time.
    fn slots(&self) -> impl Iterator<Item = Ports> + use<> {
        let path = self.worktree.to_string_lossy();
        let hash = path.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let start = (hash % u32::from(SLOTS)) as u16;
        (0..PROBES).map(move |step| Ports { first: LOWEST + (start + step) % SLOTS * PORTS_PER_SLOT })
    }

    fn known(&self) -> Option<Ports> {
        self.slots().find(|ports| self.owner(*ports).as_deref() == Some(self.worktree))
    }

    fn owner(&self, ports: Ports) -> Option<PathBuf> {
        std::fs::read_to_string(self.file(ports)).ok().map(PathBuf::from)
    }

    /// Whether they are this worktree's now.
    fn take(&self, ports: Ports) -> bool {
        let path = self.file(ports);
        match self.owner(ports) {
            Some(owner) if owner.exists() => return false,
            // Its worktree is gone.
            Some(_) => self.drop(ports),
            None => {}
        }
        let made = std::fs::create_dir_all(&self.dir).and_then(|()| std::fs::File::create_new(path));
        made.and_then(|mut file| file.write_all(self.worktree.to_string_lossy().as_bytes())).is_ok()
    }

    fn drop(&self, ports: Ports) {
        let _ = std::fs::remove_file(self.file(ports));
    }

    fn file(&self, ports: Ports) -> PathBuf {
        self.dir.join(ports.first.to_string())
    }
}

/// Gives the ports of a worktree back that is removed.
pub fn release_ports(data_dir: &Path, worktree: &Path) {
    let claims = Claims::of(data_dir, worktree);
    if let Some(known) = claims.known() {
        claims.drop(known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worktree_keeps_its_ports_and_shares_none() {
        let data = tempfile::tempdir().expect("a folder");
        let trees: Vec<PathBuf> = (0..20).map(|n| data.path().join(format!("f-{n}"))).collect();
        trees.iter().for_each(|tree| std::fs::create_dir(tree).expect("a folder"));
        let reserve = |tree: &PathBuf| Ports::reserve(data.path(), tree).expect("free ports");
        let mut all: Vec<u16> = trees.iter().map(|tree| reserve(tree).first).collect();
        assert!(trees.iter().zip(&all).all(|(tree, first)| reserve(tree).first == *first));
        assert!(trees.iter().zip(&all).all(|(tree, first)| Ports::of(data.path(), tree).unwrap().first == *first));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20);
        assert!(all.iter().all(|first| (21_000..31_000).contains(first)));

        release_ports(data.path(), &trees[0]);
        assert_eq!(Ports::of(data.path(), &trees[0]), None);
    }

    #[test]
    fn ports_that_somebody_listens_on_are_passed_over() {
        let data = tempfile::tempdir().expect("a folder");
        let first = Ports::reserve(data.path(), data.path()).expect("free ports");
        let _server = TcpListener::bind((Ipv4Addr::LOCALHOST, first.last())).expect("it was free");
        let second = Ports::reserve(data.path(), data.path()).expect("free ports");
        assert_ne!(second, first);
        assert_eq!(Ports::of(data.path(), data.path()), Some(second));
    }

    #[test]
    fn an_agent_is_told_its_ports() {
        let ports = Ports { first: 21_010 };
        let environment = ports.added_to(&BTreeMap::from([("PORT".to_owned(), "80".to_owned())]));
        let told = Ports::NAMES.map(|name| environment[name].as_str());
        assert_eq!(told, ["21010", "21010", "21019"]);
        assert_eq!(ports.remark(), "A server that you start listens on a port from 21010 to 21019; `$PORT` is 21010.");
    }
}
