//! `autocoder worktree list`.

use clap::Args;

use super::{WorktreeView, worktrees};
use crate::arguments::InProject;
use crate::exit::Failure;
use crate::output::table;
use crate::root::Root;
use crate::views::whole;

/// List the worktrees of a project's agents
#[derive(Args)]
pub(crate) struct List {
    #[command(flatten)]
    in_project: InProject,
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let found = worktrees(root, &installation, &project).await?;
        let in_git = found.is_some();
        let page = whole(found.map(|(_, views)| views).unwrap_or_default());
        root.output.show(&page, |page| match page.items.as_slice() {
            [] if in_git => "no agent has worked on this project yet, or all was cleaned\n".to_owned(),
            [] => format!("{} is no git repository: one agent at a time works in it, in place\n", project.path),
            items => {
                let header = ["feature", "name", "state", "ahead", "behind", "size", "agent", "path"];
                table(root.output.width(), &header, items.iter().map(row))
            }
        })
    }
}

fn row(view: &WorktreeView) -> Vec<String> {
    vec![
        view.feature_id.map(|id| id.to_string()).unwrap_or_default(),
        match (&view.feature, view.feature_id) {
            (Some(name), _) => name.clone(),
            (None, Some(_)) => "(deleted)".to_owned(),
            (None, None) if view.branch.is_none() => "(passed work, to read)".to_owned(),
            (None, None) => String::new(),
        },
        view.state.words().to_owned(),
        view.ahead.to_string(),
        view.behind.to_string(),
        view.bytes.map(size).unwrap_or_default(),
        view.agent.as_ref().map(ToString::to_string).unwrap_or_default(),
        view.path.clone(),
    ]
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_read_at_a_glance() {
        for (bytes, text) in
            [(0, "0 kB"), (1, "1 kB"), (999_999, "1000 kB"), (1_500_000, "1.5 MB"), (7e9 as u64, "7.0 GB")]
        {
            assert_eq!(size(bytes), text);
        }
    }
}
