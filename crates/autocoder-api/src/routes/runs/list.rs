//! `GET /projects/{name}/runs`.

use actix_web::web::Path;
use autocoder_core::ids::AgentId;
use autocoder_core::view::{Page, RunView};
use serde::Deserialize;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, limit, plain};

/// How far back the list goes.
const KEPT: u64 = 10_000;

/// Which runs are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only runs of this agent.
    #[param(nullable = false)]
    agent_id: Option<String>,
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<u64>,
    /// Where to go on: the `next_cursor` of the part before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// The runs of a project, newest first; the newest 10,000
#[utoipa::path(
    get, path = "/projects/{name}/runs", operation_id = "listRuns",
    params(("name" = String, Path, description = "The project"), Wanted),
    responses((status = 200, description = "A part of the runs", body = Page<RunView>)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, wanted: Params<Wanted>) -> Answer {
    let Wanted { agent_id, limit: most, cursor } = wanted.0;
    let project = call.project_id(&path).await?;
    // The first part, which screens ask for all the time, reads no more than it shows.
    let read = if cursor.is_none() { limit(most)? + 1 } else { KEPT };
    let runs = call.store().ledger().runs(project, agent_id.map(AgentId).as_ref(), read).await?;
    let Page { items, next_cursor } = Part { limit: most, cursor }.of(runs, |run| run.id.to_string())?;
    let items = items.into_iter().map(|run| RunView::new(run, path.clone())).collect();
    plain(&Page { items, next_cursor })
}
