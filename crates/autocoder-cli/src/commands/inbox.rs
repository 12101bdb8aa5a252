//! `autocoder inbox`: what needs a person.

use autocoder_core::view::InboxItem;
use autocoder_core::workflow;
use clap::Args;

use crate::exit::Failure;
use crate::next_steps::{answers, headline};
use crate::output::{Style, time};
use crate::root::Root;
use crate::views::whole;

/// Show what needs you, with the commands that answer it
#[derive(Args)]
pub(crate) struct Inbox {
    /// Only this project; left out: all of them
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
}

impl Inbox {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = match &self.project {
            Some(name) => Some(installation.project_named(name).await?.id),
            None => None,
        };
        let page = whole(workflow::inbox(&installation.context(), project).await?);
        root.output.show(&page, |page| {
            if page.items.is_empty() {
                return "nothing needs you".to_owned();
            }
            page.items.iter().map(|item| entry(root, item)).collect::<Vec<_>>().join("\n")
        })
    }
}

fn entry(root: &Root, item: &InboxItem) -> String {
    let style = |style, text: &str| root.output.style(style, text);
    let mut text =
        format!("{} ({}, since {})\n", style(Style::Strong, &headline(item)), item.project_name, time(item.since));
    for choice in &item.choices {
        text.push_str(&format!("  - {choice}\n"));
    }
    if let Some(recommendation) = &item.recommendation {
        text.push_str(&format!("  recommended: {recommendation}\n"));
    }
    for command in answers(item, &root.config.command()) {
        text.push_str(&format!("  {}\n", style(Style::Note, &command)));
    }
    text
}
