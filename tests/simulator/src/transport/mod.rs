//! Sockets: connections are accepted, read with limits, answered, and closed in order.

mod serve;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::response::Response;
use http_body_util::{BodyExt, Limited};

use crate::answer::Answer;
use crate::call::{Call, Ids};
use crate::error::Refusal;
use crate::service::Service;

pub(crate) use serve::serve;

/// The largest body that is read.
const LARGEST_BODY: usize = 1 << 20;

pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new().fallback(answer).with_state(service)
}

async fn answer(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(collected) => service.answer(&Call {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            origin: format!(
                "http://{}",
                parts
                    .headers
                    .get(HOST)
                    .and_then(|host| host.to_str().ok())
                    .unwrap_or("localhost")
            ),
            headers: parts.headers,
            body: collected.to_bytes(),
        }),
        Err(_) => Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            format!("the body is above {LARGEST_BODY} bytes"),
        )
        .answer(&Ids::of(&parts.headers)),
    };
    response(answer)
}

fn response(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        axum::http::HeaderValue::from_static(answer.content_type),
    );
    response.headers_mut().extend(answer.headers);
    response
}
