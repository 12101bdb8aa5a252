//! `autocoder seed` (hidden): an installation full of work as it would be after some weeks, for tests and pictures.

mod author;
mod big;
mod lived_in;
mod strange;

use autocoder_core::time::Timestamp;
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::exit::Failure;
use crate::root::Root;
use author::Author;

/// Fill an empty data directory with a made-up history
#[derive(Args, Debug)]
pub(crate) struct Seed {
    /// What is made up
    #[arg(long, value_enum)]
    profile: Profile,
    /// The same seed makes the same history
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// When the history ends, in RFC 3339; left out: now
    #[arg(long, value_name = "TIME")]
    clock: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// Several projects in every state
    E2e,
    /// Texts that try to be something else, and texts as long as the limits allow
    Strange,
    /// One feature with 10,000 tasks, and a log of 100,000 lines
    Big,
}

impl Seed {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let end = Timestamp::from(self.clock.unwrap_or_else(Utc::now));
        let mut author = Author::open(root, end, self.seed).await?;
        match self.profile {
            Profile::E2e => lived_in::write(&mut author).await?,
            Profile::Strange => strange::write(&mut author).await?,
            Profile::Big => big::write(&mut author).await?,
        }
        author.rest().await?;
        let names = author.names().await?;
        root.output.done(&json!({ "projects": names }), &format!("made up {}", names.join(", ")))
    }
}
