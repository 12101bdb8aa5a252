//! `autocoder webhook`: addresses that are told what happens, and the deliveries to them.

mod add;
mod delete;
mod deliveries;
mod edit;
mod list;
mod replay;

use autocoder_api::webhooks::Addresses;
use autocoder_core::error::Refused;
use autocoder_core::event::EventKind;
use autocoder_core::ids::WebhookId;
use autocoder_core::view::WebhookView;
use autocoder_core::webhook::WEBHOOK_KINDS;
use clap::{Args, Subcommand};

use crate::arguments;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::output::Output;
use crate::root::Root;

/// Tell other programs what happens, and see what was delivered
#[derive(Subcommand)]
pub(crate) enum Webhook {
    List(list::List),
    Add(add::Add),
    Edit(edit::Edit),
    Delete(delete::Delete),
    Deliveries(deliveries::Deliveries),
    Replay(replay::Replay),
}

impl Webhook {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Add(verb) => verb.run(root).await,
            Self::Edit(verb) => verb.run(root).await,
            Self::Delete(verb) => verb.run(root).await,
            Self::Deliveries(verb) => verb.run(root).await,
            Self::Replay(verb) => verb.run(root).await,
        }
    }
}

/// A webhook by its id.
#[derive(Args)]
struct ById {
    /// The webhook's id
    #[arg(value_name = "WEBHOOK", value_parser = arguments::id, allow_negative_numbers = true)]
    webhook: i64,
}

impl ById {
    async fn find(&self, installation: &Installation) -> Result<WebhookView, Failure> {
        let webhooks = installation.queries().webhooks().await?;
        let found = webhooks.into_iter().find(|webhook| webhook.id == WebhookId(self.webhook));
        Ok(found.map(WebhookView::from).ok_or_else(|| Refused::missing("webhook", self.webhook))?)
    }
}

/// A kind of event that webhooks may be told.
fn kind(word: &str) -> Result<EventKind, String> {
    WEBHOOK_KINDS.iter().copied().find(|kind| kind.as_str() == word).ok_or_else(|| {
        let known = WEBHOOK_KINDS.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>();
        format!("must be one of {}", known.join(", "))
    })
}

/// Says when the server will refuse an address unless it is started with more permissions.
fn note_address(output: &Output, url: &str) {
    if let Err(forbidden) = Addresses::default().check(url) {
        output.note(&format!("note: `{url}` {forbidden}"));
    }
}
