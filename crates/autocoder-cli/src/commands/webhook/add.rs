//! `autocoder webhook add`.

use autocoder_api::webhooks::sign::new_secret;
use autocoder_core::event::EventKind;
use autocoder_core::view::{NewWebhookView, WebhookView};
use autocoder_core::webhook::NewWebhook;
use autocoder_core::workflow;
use clap::Args;

use super::{kind, note_address};
use crate::exit::Failure;
use crate::root::Root;

/// Tell an address what happens; the secret is printed this once
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder webhook add https://example.com/hooks/autocoder --project shop
  autocoder webhook add https://example.com/gate --kind phase.awaiting_approval --kind task.needs_input

Deliveries are made by `autocoder serve` and signed after Standard Webhooks.")]
pub(crate) struct Add {
    /// Where deliveries are posted
    #[arg(value_name = "URL")]
    url: String,
    /// Only events of this project; left out: of all
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// A kind of event, may be repeated; left out: all kinds
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<EventKind>,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = match &self.project {
            Some(name) => Some(installation.project_named(name).await?.id),
            None => None,
        };
        let secret = new_secret().map_err(|error| Failure::Output(std::io::Error::other(error)))?;
        let new = NewWebhook { project, url: self.url, secret: secret.clone(), kinds: self.kind };
        let webhook = WebhookView::from(workflow::add_webhook(&installation.context(), new).await?);
        note_address(&root.output, &webhook.url);
        root.output.note(&format!("webhook {} made; its secret, keep it now, it is not shown again:", webhook.id));
        root.output.show(&NewWebhookView { webhook, secret }, |view| view.secret.clone())
    }
}
