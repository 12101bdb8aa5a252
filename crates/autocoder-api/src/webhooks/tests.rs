//! The engine over a store in memory, and receivers on this machine.

mod bed;
mod deliveries;
mod forbidden;
