//! `GET /projects`.

use autocoder_core::view::{Page, ProjectView};

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The projects, by name
#[utoipa::path(
    get, path = "/projects", operation_id = "listProjects",
    params(Part),
    responses((status = 200, description = "A part of the projects", body = Page<ProjectView>)),
)]
pub(super) async fn handle(call: Call, part: Params<Part>) -> Answer {
    let mut projects = call.queries().projects().await?;
    projects.retain(|project| call.caller.sees(project.id));
    plain(&part.0.of(projects, |project| project.name.clone())?)
}
