//! `POST /projects`.

use std::path::{Path, PathBuf};

use actix_web::web;
use autocoder_core::project::{NewProject, ProjectSettings};
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{Answer, created};

/// What a new project is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateProject {
    /// The unique name it is addressed by.
    #[schema(example = "shop", pattern = "^[a-z0-9][a-z0-9-]{0,62}$")]
    name: String,
    /// The folder of its code on the server; absolute.
    #[schema(example = "/srv/shop", min_length = 1, max_length = 4096, pattern = "^/")]
    path: String,
    /// What people read; left out: the name.
    #[serde(default)]
    #[schema(max_length = 255)]
    title: String,
    /// What it is.
    #[serde(default)]
    description: String,
    /// What it should become, as Markdown.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    spec: Option<String>,
    /// How agents work on it.
    #[serde(default)]
    settings: ProjectSettings,
}

/// Make a project of a folder
#[utoipa::path(
    post, path = "/projects", operation_id = "createProject",
    request_body = CreateProject,
    responses((status = 201, description = "The new project", body = ProjectView)),
)]
pub(super) async fn handle(call: Call, body: Body<CreateProject>) -> Answer {
    call.must_see_all()?;
    let CreateProject { name, path, title, description, spec, settings } = body.0;
    let mut new = NewProject { name, title, path, description, spec, settings };
    new.check()?;
    let given = PathBuf::from(&new.path);
    new.path = web::block(move || folder(&given)).await.map_err(Problem::internal)??;
    let project = workflow::create_project(&call.context(), new).await?;
    let place = format!("/api/projects/{}", project.name);
    created(&call.project(&project.name).await?, place)
}

/// The whole path of a folder that exists.
fn folder(given: &Path) -> Result<String, Problem> {
    let refuse = |rule: String| Problem::field("path", rule);
    let shown = given.display();
    if !given.is_absolute() {
        return Err(refuse(format!("is `{shown}`, must be absolute, like `/srv/shop`")));
    }
    let whole = given.canonicalize().map_err(|error| refuse(format!("is `{shown}`, which cannot be used: {error}")))?;
    if !whole.is_dir() {
        return Err(refuse(format!("is `{shown}`, which is not a folder")));
    }
    whole.into_os_string().into_string().map_err(|_| refuse(format!("is `{shown}`, which is not UTF-8")))
}
