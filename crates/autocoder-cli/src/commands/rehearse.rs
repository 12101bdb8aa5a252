//! `autocoder rehearse` (hidden): the body of a rehearsal agent's process.

use std::io;
use std::path::PathBuf;

use autocoder_agent::runner::rehearsal::{PlayOptions, last_said, play, stop_signal};
use autocoder_core::agent::Role;
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
    /// What it is for
    #[arg(long, default_value = "coder")]
    role: Role,
    /// The feature, for a spec writer
    #[arg(long)]
    feature: Option<i64>,
    /// The phase, for a reviewer
    #[arg(long)]
    phase: Option<i64>,
    /// What the agent is asked
    #[arg(long, value_name = "FILE")]
    prompt_file: Option<PathBuf>,
    /// The `mcp.json` that says where the tools are
    #[arg(long, value_name = "FILE")]
    mcp_config: PathBuf,
}

impl Rehearse {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let prompt = self.prompt_file.as_deref().map(std::fs::read_to_string).transpose()?;
        let options = PlayOptions {
            role: self.role,
            feature: self.feature,
            phase: self.phase,
            said: prompt.as_deref().and_then(last_said),
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
