//! `autocoder acp` (hidden): speaks ACP to an agent, as a command that `--agent command` can start.

use std::io;
use std::path::{Path, PathBuf};

use autocoder_agent::runner::acp::{Ask, drive};
use clap::Args;

use crate::exit::Failure;

/// Speak ACP to an agent; `--agent command -- autocoder acp …` starts this
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  autocoder run --project todo-app --agent command -- \\
    autocoder acp --prompt {prompt_file} --mcp {mcp_config} -- opencode acp")]
pub(crate) struct Acp {
    /// What the agent is asked
    #[arg(long, value_name = "FILE")]
    prompt: PathBuf,
    /// The `mcp.json` that says where the tools are
    #[arg(long, value_name = "FILE")]
    mcp: PathBuf,
    /// The agent and its arguments
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    agent: Vec<String>,
}

impl Acp {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let hint = "its own output says more; `autocoder agent logs` has it";
        let failed = |error: autocoder_agent::runner::acp::AcpError| Failure::wrong(error.to_string(), hint);
        let ask = Ask::of_files(&self.prompt, &self.mcp, Path::new(".").canonicalize()?).map_err(failed)?;
        let (program, args) = self.agent.split_first().expect("clap wants at least one");
        drive(program, args, ask, io::stdout()).await.map_err(failed)
    }
}
