//! `DELETE /tokens/{id}`.

use actix_web::web::Path;
use autocoder_core::ids::TokenId;
use autocoder_core::view::TokenView;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::{Answer, plain};

/// Take a token back; it does not count any more
#[utoipa::path(
    delete, path = "/tokens/{id}", operation_id = "revokeToken",
    params(("id" = i64, Path, description = "The token")),
    responses((status = 200, description = "The token, revoked", body = TokenView)),
)]
pub(super) async fn handle(call: Call, path: Path<i64>) -> Answer {
    call.must_see_all()?;
    plain(&TokenView::from(workflow::revoke_token(&call.context(), TokenId(*path)).await?))
}
