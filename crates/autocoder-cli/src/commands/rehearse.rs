//! `autocoder rehearse` (hidden): the body of a rehearsal agent's process.

use std::io;
use std::path::PathBuf;

use autocoder_agent::runner::rehearsal::{PlayOptions, play, stop_signal};
use clap::Args;

use crate::exit::Failure;

/// Play one task; `autocoder run --agent rehearsal` starts this
#[derive(Args, Debug)]
pub(crate) struct Rehearse {
    /// The run it is played for
    #[arg(long)]
    run_id: String,
    /// What is played
    #[arg(long)]
    seed: u64,
    /// How many times faster than life
    #[arg(long)]
    speed: f64,
    /// The share of runs that fail
    #[arg(long)]
    fail_rate: f64,
    /// The `mcp.json` that says where the tools are
    #[arg(long, value_name = "FILE")]
    mcp_config: PathBuf,
}

impl Rehearse {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let options = PlayOptions {
            run_id: self.run_id,
            seed: self.seed,
            speed: self.speed,
            fail_rate: self.fail_rate,
            mcp_config: self.mcp_config,
        };
        match play(options, io::stdout(), stop_signal()).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::wrong(error.to_string(), "`autocoder run --agent rehearsal` starts rehearsals")),
        }
    }
}
