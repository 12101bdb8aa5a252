//! `GET /inbox`.

use autocoder_core::view::{InboxItem, Page};
use autocoder_core::workflow;
use serde::Deserialize;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// Whose inbox is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only of this project; left out: of all that the token reaches.
    #[param(nullable = false)]
    project: Option<String>,
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<u64>,
    /// Where to go on: the `next_cursor` of the part before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// What needs a person: budgets that stop work, then gates, questions, blocked tasks and features without a spec, oldest first
#[utoipa::path(
    get, path = "/inbox", operation_id = "getInbox",
    params(Wanted),
    responses((status = 200, description = "A part of the inbox", body = Page<InboxItem>)),
)]
pub(super) async fn handle(call: Call, wanted: Params<Wanted>) -> Answer {
    let Wanted { project, limit, cursor } = wanted.0;
    let project = match project {
        Some(name) => Some(call.project_id(&name).await?),
        None => call.caller.project,
    };
    let items = workflow::inbox(&call.context(), project).await?;
    plain(&Part { limit, cursor }.of(items, |item: &InboxItem| format!("{}:{}", item.kind, item.id))?)
}
