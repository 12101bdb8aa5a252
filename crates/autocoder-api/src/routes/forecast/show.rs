//! `GET /projects/{name}/forecast`.

use actix_web::web::Path;
use autocoder_usage::report::project_forecast;
use autocoder_usage::view::ForecastView;

use crate::call::Call;
use crate::reply::{Answer, plain};

/// When the limit is reached and the plan finished, if things go on as in the last days
#[utoipa::path(
    get, path = "/projects/{name}/forecast", operation_id = "getForecast",
    params(("name" = String, Path, description = "The project")),
    responses((status = 200, description = "The forecast", body = ForecastView)),
)]
pub(super) async fn handle(call: Call, path: Path<String>) -> Answer {
    let project = call.project(&path).await?;
    plain(&project_forecast(call.store(), &project).await?)
}
