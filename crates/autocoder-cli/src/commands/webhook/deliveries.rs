//! `autocoder webhook deliveries`.

use autocoder_core::ids::DeliveryId;
use autocoder_core::view::{DeliveryView, Page};
use clap::Args;

use super::ById;
use crate::arguments;
use crate::exit::Failure;
use crate::output::{table, time};
use crate::root::Root;

/// Show what was delivered to a webhook, newest first
#[derive(Args)]
pub(crate) struct Deliveries {
    #[command(flatten)]
    webhook: ById,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,
    /// Only those older than this delivery
    #[arg(long, value_name = "DELIVERY", value_parser = arguments::id, allow_negative_numbers = true)]
    before: Option<i64>,
}

impl Deliveries {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let webhook = self.webhook.find(&installation).await?;
        let outbox = installation.store.outbox();
        let mut found = outbox.deliveries(webhook.id, self.before.map(DeliveryId), self.limit + 1).await?;
        let more = found.len() as u64 > self.limit;
        found.truncate(found.len() - usize::from(more));
        let next_cursor = found.last().filter(|_| more).map(|delivery| delivery.id.to_string());
        let page = Page { items: found.into_iter().map(DeliveryView::from).collect(), next_cursor };
        root.output.show(&page, |page| {
            if page.items.is_empty() {
                return format!("nothing was delivered to webhook {}", webhook.id);
            }
            let header = ["id", "made", "kind", "status", "tries", "next", "answer"];
            table(root.output.width(), &header, page.items.iter().map(row))
        })
    }
}

fn row(delivery: &DeliveryView) -> Vec<String> {
    let answer = delivery.last_error.clone();
    let answer = answer.or_else(|| delivery.last_status.map(|status| status.to_string()));
    vec![
        delivery.id.to_string(),
        time(delivery.created_at),
        delivery.kind.to_string(),
        delivery.status.to_string(),
        delivery.tries.to_string(),
        delivery.next_at.map(time).unwrap_or_default(),
        answer.unwrap_or_default(),
    ]
}
