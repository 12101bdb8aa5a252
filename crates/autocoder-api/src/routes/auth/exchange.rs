//! `POST /auth/exchange`.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use autocoder_core::token::{Access, NewToken};
use autocoder_core::workflow::{self, Context};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::body::Body;
use crate::reply::Answer;
use crate::security::secret::Secret;
use crate::security::source;

/// How long a browser stays logged in: 30 days.
const LOGIN_S: i64 = 30 * 86_400;

/// A code to be exchanged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    /// The code behind `#code=` of the address that `autocoder open` gave.
    #[schema(max_length = 255)]
    code: String,
}

/// A login.
#[derive(Serialize, ToSchema)]
pub(super) struct Login {
    /// The bearer token of this browser; `autocoder token list` shows it, `token revoke` ends it.
    token: String,
}

/// Exchange a code of `autocoder open` for a token of the browser's own
#[utoipa::path(
    post, path = "/auth/exchange", operation_id = "exchangeCode",
    request_body = Exchange,
    responses((status = 200, description = "The login", body = Login)),
)]
pub(super) async fn handle(app: Data<App>, request: HttpRequest, body: Body<Exchange>) -> Answer {
    let now = app.store.ledger().now().await?;
    app.gatekeeper.redeem(&body.0.code, chrono::Utc::now().timestamp(), source(&request))?;
    let secret = Secret::generate().map_err(crate::Problem::internal)?;
    let new = NewToken {
        name: "browser".to_owned(),
        access: Access::Admin,
        hash: secret.hash(),
        project: None,
        agent: None,
        expires_at: Some(now.plus_seconds(LOGIN_S)),
    };
    let local = app.gatekeeper.local();
    let cx = Context { store: &*app.store, usage: &*app.usage, actor: &local.actor, request: None };
    let token = workflow::create_token(&cx, new).await?;
    Ok(HttpResponse::Ok().json(Login { token: secret.issued(Access::Admin, token.id).to_string() }))
}
