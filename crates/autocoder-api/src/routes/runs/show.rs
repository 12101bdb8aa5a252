//! `GET /runs/{id}`.

use actix_web::web::Path;
use autocoder_core::view::RunView;

use super::find;
use crate::call::Call;
use crate::reply::{Answer, plain};

/// One run
#[utoipa::path(
    get, path = "/runs/{id}", operation_id = "getRun",
    params(("id" = i64, Path, description = "The run")),
    responses((status = 200, description = "The run", body = RunView)),
)]
pub(super) async fn handle(call: Call, id: Path<i64>) -> Answer {
    let (run, project) = find(&call, *id).await?;
    plain(&RunView::new(run, project.name))
}
