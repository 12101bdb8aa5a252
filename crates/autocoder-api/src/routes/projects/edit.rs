//! `PATCH /projects/{name}`.

use actix_web::web::Path;
use autocoder_core::agent::Isolation;
use autocoder_core::changes::Node;
use autocoder_core::project::{ProjectPatch, ProjectSettings};
use autocoder_core::token::Access;
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told, told_fields};
use crate::call::Call;
use crate::reply::{Answer, shown};

/// What is changed of a project; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditProject {
    /// What people read.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    title: Option<String>,
    /// What it is.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// What it should become, as Markdown; empty: nothing is said.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    spec: Option<String>,
    /// How agents work on it; this decides what runs, so it needs the access `admin`.
    #[serde(default, deserialize_with = "told_fields")]
    #[schema(nullable = false)]
    settings: Option<EditSettings>,
}

/// What is changed of a project's settings; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditSettings {
    /// Shell commands that must exit 0 before a task passes.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = json!(["npm test"]))]
    verify: Option<Vec<String>>,
    /// How long all verification commands of one task may take, in seconds.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 1, maximum = 86400)]
    verify_timeout_s: Option<u32>,
    /// Failures after which a task is blocked.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 1, maximum = 100)]
    max_failures: Option<u32>,
    /// How many agents may work on one feature at a time.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 1, maximum = 64)]
    writers_per_feature: Option<u32>,
    /// The share of the project's tokens that testers may take, in per cent; 0: no regression tests.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 0, maximum = 100)]
    regression_percent: Option<u8>,
    /// How many agents may work on the project at the same time.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 1, maximum = 64)]
    max_agents: Option<u32>,
    /// How many seconds lie between the starts of two runs at least.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 0, maximum = 3600)]
    stagger_s: Option<u32>,
    /// How far agents are kept from the machine.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    isolation: Option<Isolation>,
}

impl EditSettings {
    fn of(self, now: ProjectSettings) -> ProjectSettings {
        ProjectSettings {
            verify: self.verify.unwrap_or(now.verify),
            verify_timeout_s: self.verify_timeout_s.unwrap_or(now.verify_timeout_s),
            max_failures: self.max_failures.unwrap_or(now.max_failures),
            writers_per_feature: self.writers_per_feature.unwrap_or(now.writers_per_feature),
            regression_percent: self.regression_percent.unwrap_or(now.regression_percent),
            max_agents: self.max_agents.unwrap_or(now.max_agents),
            stagger_s: self.stagger_s.unwrap_or(now.stagger_s),
            isolation: self.isolation.unwrap_or(now.isolation),
        }
    }
}

/// Change some fields of a project; its settings need the access `admin`
#[utoipa::path(
    patch, path = "/projects/{name}", operation_id = "editProject",
    params(("name" = String, Path, description = "The project")),
    request_body = EditProject,
    responses((status = 200, description = "The project", body = ProjectView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<String>, body: Body<EditProject>) -> Answer {
    let project = call.project(&path).await?;
    let EditProject { title, description, spec, settings } = body.0;
    if settings.is_some() {
        call.must_have(Access::Admin)?;
    }
    let settings = settings.map(|settings| settings.of(project.settings));
    let patch = ProjectPatch { title, description, spec, settings };
    workflow::edit_project(&call.changing(Node::Project(project.id))?, project.id, patch).await?;
    shown(&call.project(&path).await?)
}
