//! `/api/docs`: the interactive documentation, from files in the binary.

use std::sync::{Arc, LazyLock};

use actix_web::web::{Path, ServiceConfig, get};
use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::Config;

use crate::reply::Answer;

static CONFIG: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::from("/api/openapi.json").persist_authorization(true)));

/// The pages stand beside the operations: they are for people and carry no data.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config.route("/docs", get().to(|| async { web::Redirect::to("/api/docs/").see_other() }));
    config.route("/docs/{file:.*}", get().to(file));
}

async fn file(path: Path<String>) -> Answer {
    match utoipa_swagger_ui::serve(&path, CONFIG.clone()) {
        Ok(Some(file)) => Ok(HttpResponse::Ok().content_type(file.content_type).body(file.bytes.into_owned())),
        Ok(None) => Err(crate::Problem::missing("page", path.chars().take(80).collect::<String>())),
        Err(error) => Err(crate::Problem::internal(error)),
    }
}
