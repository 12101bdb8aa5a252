//! Runs coding agents: how each is called, watched and stopped, where it works, and how its work is checked.

pub mod crew;
pub mod detect;
pub mod git;
pub mod host;
pub mod isolation;
pub mod logs;
pub mod prompt;
pub mod runner;
pub mod supervisor;
pub mod verify;
