//! `POST /webhooks`.

use actix_web::HttpResponse;
use actix_web::http::header::{ETAG, LOCATION};
use autocoder_core::event::EventKind;
use autocoder_core::view::{NewWebhookView, WebhookView};
use autocoder_core::webhook::NewWebhook;
use autocoder_core::workflow;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{WebhookKind, check_address};
use crate::body::{Body, told};
use crate::call::Call;
use crate::idempotency::KeptAs;
use crate::problem::Problem;
use crate::reply::Answer;
use crate::webhooks::sign::{check_secret, new_secret};

/// What a new webhook is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateWebhook {
    /// Where deliveries are posted.
    #[schema(example = "https://example.com/hooks/autocoder", max_length = 2048)]
    url: String,
    /// Only events of this project; left out: of all.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "shop")]
    project: Option<String>,
    /// Which kinds it is told; left out: all.
    #[serde(default)]
    #[schema(value_type = Vec<WebhookKind>, example = json!(["phase.awaiting_approval"]))]
    kinds: Vec<EventKind>,
    /// Signs deliveries: `whsec_` and the base64 of 24 to 64 bytes; left out: a new one.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: Option<String>,
}

/// Add a webhook; its secret is shown this once
#[utoipa::path(
    post, path = "/webhooks", operation_id = "createWebhook",
    request_body = CreateWebhook,
    responses((status = 201, description = "The webhook with its secret", body = NewWebhookView)),
)]
pub(super) async fn handle(call: Call, body: Body<CreateWebhook>) -> Answer {
    call.must_see_all()?;
    let CreateWebhook { url, project, kinds, secret } = body.0;
    let secret = secret.map_or_else(|| new_secret().map_err(Problem::internal), Ok)?;
    let project = match project {
        Some(name) => Some(call.project_id(&name).await.map_err(|_| no_project(&name))?),
        None => None,
    };
    let new = NewWebhook { project, url, secret: secret.clone(), kinds };
    new.check()?;
    check_secret(&secret)?;
    check_address(&call, &new.url)?;
    let webhook = WebhookView::from(workflow::add_webhook(&call.context(), new).await?);
    let (place, etag) = (format!("/api/webhooks/{}", webhook.id), format!("\"{}\"", webhook.version));
    // The secret is shown once; what is kept for a repetition is without it.
    let kept = NewWebhookView { webhook: webhook.clone(), secret: String::new() };
    let mut response = HttpResponse::Created();
    let mut response =
        response.insert_header((LOCATION, place)).insert_header((ETAG, etag)).json(NewWebhookView { webhook, secret });
    response.extensions_mut().insert(KeptAs(json!(kept).to_string()));
    Ok(response)
}

fn no_project(name: &str) -> Problem {
    Problem::field(
        "project",
        format!("there is no project `{}`", name.chars().take(80).collect::<String>().escape_debug()),
    )
}
