//! What is kept of the files that usage was imported from.

use crate::time::Timestamp;

/// How far a file was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportState {
    /// The file.
    pub path: String,
    /// Whose log it is.
    pub kind: String,
    /// Its size when it was read.
    pub size: u64,
    /// When it was last written, as the file system says.
    pub modified_at: Timestamp,
    /// The end of the last complete line that was read.
    pub read_to: u64,
    /// A fingerprint of its first bytes.
    pub head: String,
    /// When it was imported.
    pub at: Timestamp,
}
