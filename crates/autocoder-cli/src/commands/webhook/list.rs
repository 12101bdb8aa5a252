//! `autocoder webhook list`.

use autocoder_core::ids::ProjectId;
use autocoder_core::view::{ProjectView, WebhookView};
use clap::Args;

use crate::exit::Failure;
use crate::output::table;
use crate::root::Root;
use crate::views::whole;

/// List the webhooks, without their secrets
#[derive(Args)]
pub(crate) struct List {
    /// Only those of this project
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let only = match &self.project {
            Some(name) => Some(installation.project_named(name).await?.id),
            None => None,
        };
        let projects = installation.queries().projects().await?;
        let webhooks = installation.queries().webhooks().await?.into_iter().map(WebhookView::from);
        let page = whole(webhooks.filter(|webhook| only.is_none() || webhook.project_id == only).collect());
        root.output.show(&page, |page| {
            if page.items.is_empty() {
                return "there are no webhooks; `autocoder webhook add URL` makes one".to_owned();
            }
            let header = ["id", "url", "project", "kinds", "state"];
            table(root.output.width(), &header, page.items.iter().map(|webhook| row(webhook, &projects)))
        })
    }
}

fn row(webhook: &WebhookView, projects: &[ProjectView]) -> Vec<String> {
    let name = |id: ProjectId| projects.iter().find(|project| project.id == id).map(|project| project.name.clone());
    let kinds = webhook.kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let state = match (&webhook.disabled_reason, webhook.enabled) {
        (_, true) => "on".to_owned(),
        (None, false) => "off".to_owned(),
        (Some(reason), false) => format!("off: {reason}"),
    };
    vec![
        webhook.id.to_string(),
        webhook.url.clone(),
        webhook.project_id.map_or_else(|| "all".to_owned(), |id| name(id).unwrap_or_default()),
        if kinds.is_empty() { "all".to_owned() } else { kinds },
        state,
    ]
}
