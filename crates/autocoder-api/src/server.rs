//! One server: its layers around the routes, and how it starts and stops.

use actix_web::middleware::from_fn;
use actix_web::web;

use crate::app::App;
use crate::idempotency::{idempotent, settled};
use crate::problem::Problem;
use crate::routes;
use crate::security::identify;

/// Everything below `/api`, for an actix application whose data is an [`App`].
pub fn configure(config: &mut web::ServiceConfig) {
    config.app_data(web::PathConfig::default().error_handler(|_, request| {
        // A number that is none names nothing.
        let path = request.path().chars().take(200).collect::<String>();
        Problem::missing("such path", path.escape_debug()).into()
    }));
    let api = web::scope("/api")
        .wrap(from_fn(idempotent))
        .wrap(from_fn(identify))
        .wrap(from_fn(settled))
        .configure(|config| routes::operations().mount(config))
        .default_service(web::to(routes::nothing_here));
    config.service(api);
}

/// The state as actix wants it.
#[must_use]
pub fn data(app: App) -> web::Data<App> {
    web::Data::new(app)
}
