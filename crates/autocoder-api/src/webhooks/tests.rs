//! The engine over a store in memory, and receivers on this machine.
