//! The simulator's page, and the page for device sign-in.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

use crate::service::Service;

pub(super) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/", get(async || Html(include_str!("../page/page.html"))))
        .route(
            "/page.css",
            get(async || typed("text/css", include_str!("../page/page.css"))),
        )
        .route(
            "/page.js",
            get(async || typed("text/javascript", include_str!("../page/page.js"))),
        )
        .route(
            "/devicelogin",
            get(async || Html(include_str!("../page/devicelogin.html"))),
        )
}

fn typed(media_type: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, media_type)], text)
}
