//! Token accounting: pure functions without clock, files or network, and a meter that feeds them from the ledger.
#![warn(missing_docs)]

pub mod admission;
pub mod announce;
pub mod budgets;
pub mod change_settings;
pub mod estimate;
pub mod forecast;
pub mod gauge;
pub mod ledger;
pub mod meter;
pub mod model;
pub mod normalise;
pub mod period;
pub mod price;
pub mod provider;
pub mod render;
pub mod report;
pub mod schedule;
pub mod settings;
pub mod simulate;
pub mod transcript;
pub mod view;
