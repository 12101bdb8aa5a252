//! Agents' own logs, read line by line without a file system: bytes in, counts of messages out.

pub mod claude;
mod count;
mod lines;

pub use lines::{LineRead, Lines, MAX_LINE};
