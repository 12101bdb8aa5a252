//! Token accounting as pure functions: no clock, no files, no network.
#![warn(missing_docs)]

pub mod gauge;
pub mod ledger;
pub mod model;
pub mod normalise;
pub mod period;
pub mod price;
pub mod settings;
