//! What needs a person: what the store knows waits for one, and budgets that stop a project.

use super::Context;
use crate::error::Refused;
use crate::ids::ProjectId;
use crate::project::ProjectStatus;
use crate::scheduler::{Band, UsageLevel};
use crate::time::Timestamp;
use crate::view::{InboxItem, InboxKind, ProjectView};

/// Everything that waits for a person, of one project or of all: first budgets that stop work, then oldest first.
///
/// # Errors
/// Only what the store refuses.
pub async fn inbox(cx: &Context<'_>, project: Option<ProjectId>) -> Result<Vec<InboxItem>, Refused> {
    let queries = cx.store.queries();
    let now = cx.store.ledger().now().await?;
    let mut items = Vec::new();
    for found in queries.projects().await? {
        if project.is_none_or(|id| id == found.id) && works(&found) {
            items.extend(stopped_by_budget(found.clone(), &cx.usage.level(found.id).await?, now));
        }
    }
    items.extend(queries.inbox(project).await?);
    Ok(items)
}

fn works(project: &ProjectView) -> bool {
    project.status == ProjectStatus::Active && project.tasks_completed < project.task_count
}

/// The item of a project whose budget hands out nothing new.
fn stopped_by_budget(project: ProjectView, level: &UsageLevel, now: Timestamp) -> Option<InboxItem> {
    if Band::of(level.available_bp, &level.thresholds) != Band::Critical {
        return None;
    }
    let left = f64::from(level.available_bp.unwrap_or(0)) / 100.0;
    let until = level.resets_at.map_or_else(String::new, |at| format!(" until {at}"));
    Some(InboxItem {
        kind: InboxKind::Budget,
        project_name: project.name,
        id: project.id.0,
        name: project.title,
        since: now,
        text: Some(format!("{left} % of the budget is left; no new task is handed out{until}")),
        choices: Vec::new(),
        recommendation: InboxKind::Budget.recommendation().map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::ProjectSettings;

    #[test]
    fn only_a_critical_budget_needs_a_person() {
        let project = ProjectView {
            id: ProjectId(1),
            name: "p".into(),
            title: "P".into(),
            path: "/p".into(),
            description: String::new(),
            spec: None,
            status: ProjectStatus::Active,
            settings: ProjectSettings::default(),
            phase_count: 1,
            phases_completed: 0,
            feature_count: 1,
            task_count: 2,
            tasks_completed: 1,
            driven_by: None,
            created_at: Timestamp(0),
            version: 1,
        };
        for (available_bp, expected) in [(None, false), (Some(501), false), (Some(500), true), (Some(0), true)] {
            let level = UsageLevel { available_bp, ..UsageLevel::default() };
            let item = stopped_by_budget(project.clone(), &level, Timestamp(0));
            assert_eq!(item.is_some(), expected, "{available_bp:?}");
        }
        assert!(works(&project));
        assert!(!works(&ProjectView { status: ProjectStatus::Paused, ..project.clone() }));
        assert!(!works(&ProjectView { tasks_completed: 2, ..project }));
    }
}
