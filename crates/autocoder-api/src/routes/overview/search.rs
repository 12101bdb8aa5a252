//! `GET /search`.

use autocoder_core::view::{Page, SearchHit};
use serde::Deserialize;

use crate::body::Params;
use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{Answer, limit, plain};

/// What is looked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// A part of the name, whatever the case of ASCII letters.
    #[param(min_length = 1, max_length = 255, example = "cart")]
    q: String,
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<u64>,
}

/// Projects, phases, features and tasks by their name, the higher ones first
#[utoipa::path(
    get, path = "/search", operation_id = "search",
    params(Wanted),
    responses((status = 200, description = "What was found, at most `limit`", body = Page<SearchHit>)),
)]
pub(super) async fn handle(call: Call, wanted: Params<Wanted>) -> Answer {
    let Wanted { q, limit: most } = wanted.0;
    let chars = q.chars().count();
    if !(1..=255).contains(&chars) {
        return Err(Problem::field("q", format!("has {chars} characters, must have 1 to 255")));
    }
    let items = call.queries().search(call.caller.project, &q, limit(most)?).await?;
    plain(&Page { items, next_cursor: None })
}
