//! Who holds the lease on a project: a process of a machine, told apart from a later one with the same number.

use std::path::Path;

/// What stands behind the name of a server.
const SERVER: &str = ":server";

/// The name of this process as a holder: `host:pid:start`, of a server `host:pid:start:server`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder(String);

impl Holder {
    /// This process.
    #[must_use]
    pub fn this() -> Self {
        let pid = std::process::id();
        Self(format!("{}:{pid}:{}", host(), started(pid).unwrap_or(0)))
    }

    /// This process, which is a server and takes on whatever is wanted to run.
    #[must_use]
    pub fn server() -> Self {
        Self(format!("{}{SERVER}", Self::this().0))
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// Whether `name` stands for a server that is not certainly gone.
#[must_use]
pub fn is_live_server(name: &str) -> bool {
    name.ends_with(SERVER) && !is_dead(name)
}

/// The name of this machine.
pub(super) fn host() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    name.unwrap_or_else(|| "localhost".to_owned()).replace(':', "-")
}

/// Whether the process that `name` stands for is certainly gone: only a process of this machine can be seen.
pub(super) fn is_dead(name: &str) -> bool {
    let mut parts = name.strip_suffix(SERVER).unwrap_or(name).rsplitn(3, ':');
    let (Some(start), Some(pid), Some(on)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let (Ok(start), Ok(pid)) = (start.parse::<u64>(), pid.parse::<u32>()) else { return false };
    on == host() && Path::new("/proc/self").exists() && started(pid) != Some(start)
}

/// When a living process started, in ticks since the machine did: field 22 of `/proc/PID/stat`.
fn started(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let behind_name = stat.rsplit_once(')')?.1;
    let mut fields = behind_name.split_whitespace();
    if fields.next()? == "Z" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_process_of_this_machine_that_is_gone_is_dead() {
        let this = Holder::this();
        assert!(!is_dead(this.name()));
        let (prefix, _) = this.name().rsplit_once(':').unwrap();
        assert!(is_dead(&format!("{prefix}:1")), "the same number, started at another time");
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let gone = format!("{}:{}:{}", host(), child.id(), started(child.id()).unwrap_or(0));
        child.wait().unwrap();
        assert!(is_dead(&gone) && is_dead(&format!("{gone}:server")));
        assert!(is_live_server(Holder::server().name()) && !is_live_server(this.name()));
        assert!(!is_live_server(&format!("{gone}:server")));
        for unknown in ["another-host:1:1", "nonsense", ""] {
            assert!(!is_dead(unknown), "{unknown}");
        }
    }
}
