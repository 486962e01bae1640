//! Sockets: connections are accepted, read with limits, served, and closed gracefully.

mod connection;
mod deliver;
mod page;
mod serve;
mod sign_in;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response as HttpResponse;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::call::Call;
use crate::error::Refusal;
use crate::response::Response;
use crate::service::Service;
use connection::Reset;
use deliver::{compress, deliver};

pub(crate) use serve::serve;

/// The maximum size of a body.
const LARGEST_BODY: usize = 1 << 20;

pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .merge(sign_in::router())
        .merge(page::router())
        .nest("/admin", crate::admin::router())
        .fallback(graph)
        .with_state(service)
}

async fn graph(State(service): State<Arc<Service>>, request: Request) -> HttpResponse {
    let (parts, body) = request.into_parts();
    let reset = parts.extensions.get::<Reset>().cloned();
    let mut call = call(parts);
    let response = match read(body, service.read_timeout).await {
        Ok(body) => {
            call.body = body;
            carry_out(&service, &call).await
        }
        Err(refusal) => service.refuse(&call, &refusal),
    };
    deliver(compress(response, &call.headers), reset.as_ref()).await
}

async fn carry_out(service: &Service, call: &Call) -> Response {
    let plan = service.plan(call);
    if !plan.delay.is_zero() {
        tokio::time::sleep(plan.delay).await;
    }
    let response = service.respond(call, &plan);
    match service.settled(&call.method).await {
        Ok(()) => response,
        Err(refusal) => service.failed(call, &plan, &refusal),
    }
}

async fn read(body: Body, read_timeout: Duration) -> Result<Bytes, Refusal> {
    let read = Limited::new(body, LARGEST_BODY).collect();
    match tokio::time::timeout(read_timeout, read).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            format!("the body is larger than {LARGEST_BODY} bytes"),
        )),
        Ok(Err(_)) => Err(Refusal::bad_request("the body ended too early")),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "RequestTimeout",
            format!("the body took longer than {read_timeout:?}"),
        )),
    }
}

fn call(parts: Parts) -> Call {
    Call {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        origin: origin(&parts.headers),
        headers: parts.headers,
        body: Bytes::new(),
    }
}

/// Links have the caller's scheme and host, even through a proxy that terminates TLS.
fn origin(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if text("x-forwarded-proto") == Some("https") {
        "https"
    } else {
        "http"
    };
    [scheme, "://", text(HOST.as_str()).unwrap_or("localhost")].concat()
}
