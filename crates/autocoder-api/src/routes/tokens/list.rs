//! `GET /tokens`.

use autocoder_core::view::{Page, TokenView};

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The tokens, without their secrets
#[utoipa::path(
    get, path = "/tokens", operation_id = "listTokens",
    params(Part),
    responses((status = 200, description = "A part of the tokens", body = Page<TokenView>)),
)]
pub(super) async fn handle(call: Call, part: Params<Part>) -> Answer {
    call.must_see_all()?;
    let tokens = call.queries().tokens().await?.into_iter().map(TokenView::from).collect();
    plain(&part.0.of(tokens, |token: &TokenView| token.id.to_string())?)
}
