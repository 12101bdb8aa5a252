//! `autocoder project add`: the same as `autocoder init`.

use clap::Args;

use crate::commands::init::Init;
use crate::exit::Failure;
use crate::root::Root;

/// Make a project of a folder; the same as `autocoder init`
#[derive(Args)]
pub(crate) struct Add {
    #[command(flatten)]
    init: Init,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        self.init.run(root).await
    }
}
