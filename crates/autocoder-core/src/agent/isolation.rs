//! How far an agent's process is kept from the rest of the machine.

use crate::vocabulary::closed_enum;

closed_enum! {
    /// How far an agent's process is kept from the rest of the machine.
    Isolation, "isolation" {
        /// By bubblewrap where it works, not at all elsewhere; a run says which.
        Auto = "auto",
        /// By bubblewrap; where it does not work, the agent does not start.
        Bubblewrap = "bubblewrap",
        /// Not at all: the agent has the rights of the person who starts it.
        None = "none",
    }
}
