//! A whole plan, for import and export.

use autocoder_core::changes::Node;
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, PlanRows};

use super::tree::{phases, tasks_in};
use super::{FEATURE, every};
use crate::entity::{edge, feature};
use crate::link::Link;

pub(crate) async fn plan(link: &Link, project: ProjectId) -> Out<PlanRows> {
    let features = format!("SELECT {} FROM features f WHERE f.project_id = $1 ORDER BY f.id", *FEATURE);
    let edges = "SELECT d.task_id, d.depends_on_id FROM task_dependencies d JOIN tasks t ON t.id = d.task_id \
                 WHERE t.project_id = $1 ORDER BY d.task_id, d.depends_on_id";
    let id = project.0;
    Ok(PlanRows {
        phases: phases(link, project).await?,
        features: every::<feature::Model, _>(&link.all("loading features", &features, [id.into()]).await?, "f_")?,
        tasks: tasks_in(link, project, Node::Project(project)).await?,
        edges: every::<edge::Model, _>(&link.all("loading dependencies", edges, [id.into()]).await?, "")?,
    })
}
