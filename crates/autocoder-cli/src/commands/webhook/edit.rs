//! `autocoder webhook edit`.

use autocoder_core::event::EventKind;
use autocoder_core::view::WebhookView;
use autocoder_core::webhook::WebhookPatch;
use autocoder_core::workflow;
use clap::Args;

use super::{ById, kind, note_address};
use crate::exit::Failure;
use crate::root::Root;

/// Change a webhook, or switch it on or off
#[derive(Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    webhook: ById,
    /// Where deliveries are posted
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The only kinds of events it is told; may be repeated
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<EventKind>,
    /// Tell it all kinds
    #[arg(long, conflicts_with = "kind")]
    all_kinds: bool,
    /// Tell it what happens again
    #[arg(long)]
    on: bool,
    /// Tell it nothing for now; what happens meanwhile is not told later
    #[arg(long, conflicts_with = "on")]
    off: bool,
}

impl Edit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let found = self.webhook.find(&installation).await?;
        let patch = WebhookPatch {
            url: self.url,
            kinds: Some(self.kind).filter(|kinds| self.all_kinds || !kinds.is_empty()),
            enabled: (self.on || self.off).then_some(self.on),
        };
        if patch == WebhookPatch::default() {
            return root.output.done(&found, &format!("webhook {} is as it was", found.id));
        }
        let view = WebhookView::from(workflow::edit_webhook(&installation.context(), found.id, patch).await?);
        note_address(&root.output, &view.url);
        root.output.done(&view, &format!("webhook {} changed", view.id))
    }
}
