//! Parts for tests: a clock and a meter that are set by hand, plans, the oracle, the port contract and PostgreSQL.

pub mod builder;
pub mod clock;
pub mod contract;
pub mod meter;
pub mod oracle;
pub mod postgres;
