//! `autocoder man`: manual pages.

use std::path::PathBuf;

use clap::Args;

use crate::exit::Failure;
use crate::root::Root;

/// Print the manual page, or write one a command
#[derive(Args)]
pub(crate) struct Man {
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, root: &Root) -> Result<(), Failure> {
        let command = crate::cli::command();
        let Some(dir) = self.out else {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            return root.output.bytes(&page);
        };
        std::fs::create_dir_all(&dir).map_err(|error| Failure::file("make the folder", &dir, error))?;
        clap_mangen::generate_to(command, &dir).map_err(|error| Failure::file("write to", &dir, error))?;
        root.output.note(&format!("manual pages written to {}", dir.display()));
        Ok(())
    }
}
