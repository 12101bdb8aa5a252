//! autocoder-testkit.

pub mod postgres;
