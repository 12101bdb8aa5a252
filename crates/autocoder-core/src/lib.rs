//! The rules of Autocoder: a plan of phases, features and tasks, who may work on what, and when a person decides.
//!
//! Nothing in here does I/O, reads a clock or rolls dice. A use case of [`workflow`] loads what it needs through
//! [`ports`], asks a pure function, and commits one [`changes::Changes`].
#![warn(missing_docs)]

pub mod agent;
pub mod budget;
pub mod changes;
pub mod dependency;
pub mod errand;
pub mod error;
pub mod event;
pub mod feature;
pub mod ids;
pub mod limits;
#[cfg(feature = "memory")]
pub mod memory;
pub mod note;
pub mod phase;
pub mod plan;
pub mod ports;
pub mod price;
pub mod project;
pub mod request;
pub mod rollup;
pub mod run;
pub mod schedule;
pub mod scheduler;
pub mod spec;
pub mod status;
#[cfg(test)]
mod status_table;
pub mod task;
pub mod time;
pub mod token;
pub mod usage_record;
pub mod view;
mod vocabulary;
pub mod webhook;
pub mod workflow;
