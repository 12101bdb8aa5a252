//! Tells whether a path lies on a network file system: SQLite's WAL needs memory that all its processes share.

use std::path::Path;

/// What `statfs` answers for file systems of other machines.
const NETWORK: [(u32, &str); 9] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x0102_1997, "9P"),
    (0x5346_414f, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00c3_6400, "Ceph"),
    (0x0bd0_0bd0, "Lustre"),
];

/// The network file system that `path`, or the nearest folder above it that is there, lies on.
#[must_use]
pub fn network_filesystem(path: &Path) -> Option<&'static str> {
    let path = std::path::absolute(path).ok()?;
    let there = path.ancestors().find(|folder| folder.exists())?;
    magic(there).and_then(named)
}

fn named(magic: u32) -> Option<&'static str> {
    NETWORK.iter().find(|(number, _)| *number == magic).map(|(_, name)| *name)
}

#[cfg(target_os = "linux")]
fn magic(path: &Path) -> Option<u32> {
    Some(nix::sys::statfs::statfs(path).ok()?.filesystem_type().0 as u32)
}

#[cfg(not(target_os = "linux"))]
const fn magic(_: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_file_systems_of_other_machines_count() {
        for (magic, kind) in [
            (0x6969, Some("NFS")),
            (0xff53_4d42, Some("CIFS")),
            (0xef53, None),      // ext4
            (0x0102_1994, None), // tmpfs
            (0x794c_7630, None), // overlay
        ] {
            assert_eq!(named(magic), kind, "{magic:x}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(network_filesystem(&folder.path().join("not/there/a.db")), None);
    }
}
