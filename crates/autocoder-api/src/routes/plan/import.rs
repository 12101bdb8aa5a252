//! `POST /projects/{name}/plan`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Path, Payload};
use actix_web::{HttpMessage, HttpRequest};
use autocoder_core::error::Refused;
use autocoder_core::plan;
use autocoder_core::workflow::{self, ImportReport};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::YAML;
use crate::body::{PLAN_BYTES, Params, collect};
use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{Answer, plain};

/// Whether to import, or only to check.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Say what is wrong with the file; import nothing.
    #[serde(default)]
    dry_run: bool,
}

/// What an import did.
#[derive(Serialize, ToSchema)]
pub(super) struct Imported {
    /// The project.
    project_name: String,
    /// What came and what changed; null after a check.
    report: Option<ImportReport>,
    /// What the file holds.
    phases: usize,
    /// What the file holds.
    features: usize,
    /// What the file holds.
    tasks: usize,
}

/// Bring a plan file into a project, all or nothing; what is there is updated by key, no status is lost
#[utoipa::path(
    post, path = "/projects/{name}/plan", operation_id = "importPlan",
    params(("name" = String, Path, description = "The project"), Wanted),
    request_body(description = "The plan file", content((Object = "application/json"), (Object = "application/yaml"))),
    responses((status = 200, description = "What the import did", body = Imported)),
)]
pub(super) async fn handle(
    call: Call,
    path: Path<String>,
    wanted: Params<Wanted>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    must_be_a_plan(&request)?;
    let project = call.project_id(&path).await?;
    let bytes = collect(payload.into_inner(), PLAN_BYTES).await?;
    // Large files take their time; other requests go on meanwhile.
    let document = web::block(move || plan::parse(&bytes)).await.map_err(Problem::internal)?;
    let document = document.map_err(Refused::Plan)?;
    let (phases, tasks) = (document.phases.len(), document.task_count());
    let features = document.phases.iter().map(|phase| phase.features.len()).sum();
    let report = match wanted.0.dry_run {
        true => None,
        false => Some(workflow::import_plan(&call.context(), project, document).await?),
    };
    plain(&Imported { project_name: path.into_inner(), report, phases, features, tasks })
}

/// A page of another site cannot send these types without asking first.
fn must_be_a_plan(request: &HttpRequest) -> Result<(), Problem> {
    let given = request.content_type().to_ascii_lowercase();
    if ["application/json", YAML, "application/x-yaml", "text/yaml"].contains(&given.as_str()) {
        return Ok(());
    }
    let detail = format!("the body is `{}`, must be `application/json` or `{YAML}`", given.escape_debug());
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail))
}
