//! `DELETE /tokens/{id}`.

use actix_web::web::{Data, Path};
use autocoder_core::ids::TokenId;
use autocoder_core::view::TokenView;
use autocoder_core::workflow;
use autocoder_mcp::McpHttp;

use crate::call::Call;
use crate::reply::{Answer, plain};

/// Take a token back; it does not count any more
#[utoipa::path(
    delete, path = "/tokens/{id}", operation_id = "revokeToken",
    params(("id" = i64, Path, description = "The token")),
    responses((status = 200, description = "The token, revoked", body = TokenView)),
)]
pub(super) async fn handle(call: Call, path: Path<i64>, tools: Data<McpHttp>) -> Answer {
    call.must_see_all()?;
    let token = workflow::revoke_token(&call.context(), TokenId(*path)).await?;
    tools.close(token.id);
    plain(&TokenView::from(token))
}
