//! `GET /projects/{name}/plan`.

use actix_web::http::header::ACCEPT;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use autocoder_core::{plan, workflow};
use serde::Deserialize;

use super::{Format, YAML};
use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, plain};

/// In which form the plan is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The form; left out: what `Accept` asks for, else JSON.
    #[param(nullable = false, inline)]
    format: Option<Format>,
}

/// The plan of a project as a file that imports again
#[utoipa::path(
    get, path = "/projects/{name}/plan", operation_id = "exportPlan",
    params(("name" = String, Path, description = "The project"), Wanted),
    responses((status = 200, description = "The plan file", content(
        (Object = "application/json"),
        (Object = "application/yaml"),
    ))),
)]
pub(super) async fn handle(call: Call, path: Path<String>, wanted: Params<Wanted>, request: HttpRequest) -> Answer {
    call.project_id(&path).await?;
    let document = workflow::export_plan(&call.context(), &path).await?;
    match wanted.0.format.unwrap_or_else(|| accepted(&request)) {
        Format::Json => plain(&plan::to_json(&document)),
        Format::Yaml => {
            let mut text = String::new();
            plan::write(&document, &mut text).expect("a string takes everything");
            Ok(HttpResponse::Ok().content_type(YAML).body(text))
        }
    }
}

/// The first form that `Accept` names.
fn accepted(request: &HttpRequest) -> Format {
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let forms = accept.split(',').filter_map(|range| match range.split(';').next().unwrap_or_default().trim() {
        "application/json" => Some(Format::Json),
        YAML | "application/x-yaml" | "text/yaml" => Some(Format::Yaml),
        _ => None,
    });
    forms.into_iter().next().unwrap_or(Format::Json)
}
