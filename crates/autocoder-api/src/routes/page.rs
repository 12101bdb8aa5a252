//! The page at `/`: logs the browser in and lists the projects.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get};

const FILES: [(&str, &str, &str); 4] = [
    ("/", "text/html; charset=utf-8", include_str!("../../page/index.html")),
    ("/page.css", "text/css; charset=utf-8", include_str!("../../page/page.css")),
    ("/page.js", "text/javascript; charset=utf-8", include_str!("../../page/page.js")),
    ("/icon.svg", "image/svg+xml", include_str!("../../page/icon.svg")),
];

pub(crate) fn configure(config: &mut ServiceConfig) {
    for (path, kind, text) in FILES {
        config.route(path, get().to(move || async move { HttpResponse::Ok().content_type(kind).body(text) }));
    }
}
