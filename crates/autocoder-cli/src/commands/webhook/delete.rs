//! `autocoder webhook delete`.

use autocoder_core::workflow;
use clap::Args;

use super::ById;
use crate::arguments::Deletion;
use crate::exit::Failure;
use crate::input::confirm_deletion;
use crate::root::Root;
use crate::views::deleted;

/// Delete a webhook with its deliveries
#[derive(Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    webhook: ById,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Delete {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let webhook = self.webhook.find(&installation).await?;
        let deletion = Deletion { yes: self.yes, force: false };
        confirm_deletion(&root.output, deletion, &format!("webhook {} to {}", webhook.id, webhook.url))?;
        workflow::delete_webhook(&installation.context(), webhook.id).await?;
        root.output.done(&deleted("webhook", webhook.id, 0), &format!("webhook {} deleted", webhook.id))
    }
}
