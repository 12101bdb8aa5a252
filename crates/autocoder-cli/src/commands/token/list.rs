//! `autocoder token list`.

use autocoder_core::ids::ProjectId;
use autocoder_core::time::Timestamp;
use autocoder_core::view::{ProjectView, TokenView};
use clap::Args;

use crate::exit::Failure;
use crate::output::{table, time};
use crate::root::Root;
use crate::views::whole;

/// List the tokens, without their secrets
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
        let now = installation.store.ledger().now().await?;
        let projects = installation.queries().projects().await?;
        let tokens = installation.queries().tokens().await?.into_iter().map(TokenView::from);
        let page = whole(tokens.filter(|token| only.is_none() || token.project_id == only).collect());
        root.output.show(&page, |page| {
            if page.items.is_empty() {
                return "there are no tokens; `autocoder token create` makes one".to_owned();
            }
            let header = ["id", "name", "access", "project", "agent", "made", "ends"];
            table(root.output.width(), &header, page.items.iter().map(|token| row(token, &projects, now)))
        })
    }
}

fn row(token: &TokenView, projects: &[ProjectView], now: Timestamp) -> Vec<String> {
    let name = |id: ProjectId| projects.iter().find(|project| project.id == id).map(|project| project.name.clone());
    let ends = match (token.revoked_at, token.expires_at) {
        (Some(_), _) => "revoked".to_owned(),
        (None, Some(at)) if at <= now => "expired".to_owned(),
        (None, Some(at)) => time(at),
        (None, None) => "never".to_owned(),
    };
    vec![
        token.id.to_string(),
        token.name.clone(),
        token.access.to_string(),
        token.project_id.and_then(name).unwrap_or_default(),
        token.agent_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        time(token.created_at),
        ends,
    ]
}
