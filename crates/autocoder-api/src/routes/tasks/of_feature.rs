//! `GET /projects/{name}/features/{feature_id}/tasks`.

use actix_web::web::Path;
use autocoder_core::ids::{FeatureId, TaskId};
use autocoder_core::ports::TaskFilter;
use autocoder_core::view::{Page, TaskCard};
use serde::Deserialize;

use super::{Shown, looked_for};
use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, cursor, limit, plain};

/// Which tasks are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only tasks of this status; left out: all.
    #[param(nullable = false, inline)]
    status: Option<Shown>,
    /// Only tasks whose name contains this, whatever the case of ASCII letters.
    #[param(nullable = false, max_length = 255)]
    q: Option<String>,
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<u64>,
    /// Where to go on: the `next_cursor` of the part before.
    #[param(nullable = false, pattern = "^[0-9]{1,18}$")]
    cursor: Option<String>,
}

/// The tasks of a feature, by id
#[utoipa::path(
    get, path = "/projects/{name}/features/{feature_id}/tasks", operation_id = "listTasksOfFeature",
    params(
        ("name" = String, Path, description = "The project"),
        ("feature_id" = i64, Path, description = "The feature"),
        Wanted,
    ),
    responses((status = 200, description = "A part of the tasks", body = Page<TaskCard>)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>, wanted: Params<Wanted>) -> Answer {
    let Wanted { status, q, limit: most, cursor: place } = wanted.0;
    let project = call.project_id(&path.0).await?;
    let feature = call.feature(project, FeatureId(path.1)).await?.id;
    let filter = TaskFilter {
        status: status.and_then(Shown::status),
        feature: Some(feature),
        text: looked_for(q)?,
        after: cursor(place.as_deref())?.map(TaskId),
        limit: limit(most)?,
    };
    plain(&call.queries().tasks(project, &filter).await?)
}
