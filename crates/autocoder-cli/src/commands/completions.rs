//! `autocoder completions`: completion for a shell.

use clap::Args;
use clap_complete::Shell;

use crate::exit::Failure;
use crate::root::Root;

/// Print completions for a shell
#[derive(Args)]
#[command(after_help = "\
Example:
  autocoder completions bash > ~/.local/share/bash-completion/completions/autocoder")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, root: &Root) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut crate::cli::command(), "autocoder", &mut script);
        root.output.bytes(&script)
    }
}
