//! `autocoder webhook replay`.

use autocoder_core::error::Refused;
use autocoder_core::ids::DeliveryId;
use autocoder_core::view::DeliveryView;
use clap::Args;

use super::ById;
use crate::arguments;
use crate::exit::Failure;
use crate::root::Root;

/// Send a delivery again, with all its tries before it
#[derive(Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    webhook: ById,
    /// The delivery's id
    #[arg(value_name = "DELIVERY", value_parser = arguments::id, allow_negative_numbers = true)]
    delivery: i64,
}

impl Replay {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let webhook = self.webhook.find(&installation).await?;
        let (outbox, id) = (installation.store.outbox(), DeliveryId(self.delivery));
        let missing = || Refused::missing("delivery", self.delivery);
        outbox.delivery(id).await?.filter(|found| found.webhook == webhook.id).ok_or_else(missing)?;
        outbox.replay(id, installation.store.ledger().now().await?).await?;
        let again = outbox.delivery(id).await?.ok_or_else(missing)?;
        if !webhook.enabled {
            root.output.note("note: the webhook is off; `autocoder webhook edit --on` lets it out");
        }
        root.output.done(&DeliveryView::from(again), &format!("delivery {id} goes out again"))
    }
}
