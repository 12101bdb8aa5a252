//! `GET /usage/projects/{name}`.

use actix_web::web::Path;
use autocoder_usage::report::project_stats;
use autocoder_usage::view::UsageStats;

use crate::call::Call;
use crate::reply::{Answer, plain};

/// Usage of one project in the current period
#[utoipa::path(
    get, path = "/usage/projects/{name}", operation_id = "getProjectUsage",
    params(("name" = String, Path, description = "The project")),
    responses((status = 200, description = "What is used and left", body = UsageStats)),
)]
pub(super) async fn handle(call: Call, path: Path<String>) -> Answer {
    let project = call.project(&path).await?;
    plain(&project_stats(&call.app.store, &project).await?)
}
