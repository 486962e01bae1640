//! The endpoints for a worker's health.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::worker::{Board, TenantStatus, WorkerStatus};

#[derive(Clone)]
struct Shown {
    board: Arc<Board>,
    /// A worker that has not reached the store for this long is not ready.
    patience: Duration,
}

/// Serves `/health/live`, `/health/ready`, `/status` (the worker) and `/tenants` (each of its tenants) until a future
/// completes. A worker is ready if it reached its store within the last three leases.
///
/// They show no secrets, but the names of tenants and the errors of the service: restrict access accordingly.
///
/// # Errors
///
/// Returns an error if the socket cannot be served.
pub async fn serve_health(
    listener: TcpListener,
    board: Arc<Board>,
    lease: Duration,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let shown = Shown {
        board,
        patience: lease * 3,
    };
    let router = Router::new()
        .route(
            "/health/live",
            get(|| async { Json(json!({"status": "live"})) }),
        )
        .route("/health/ready", get(ready))
        .route("/status", get(status))
        .route("/tenants", get(tenants))
        .with_state(shown);
    axum::serve(listener, router)
        .with_graceful_shutdown(stop)
        .await
}

async fn ready(State(shown): State<Shown>) -> (StatusCode, Json<Value>) {
    let seconds = shown.board.store_seconds();
    if seconds <= shown.patience.as_secs() {
        return (StatusCode::OK, Json(json!({"status": "ready"})));
    }
    let summary = shown.board.summary();
    let trouble = summary
        .trouble
        .unwrap_or_else(|| "the store was not reached yet".to_owned());
    let body = json!({"status": "not ready", "storeSeconds": seconds, "trouble": trouble});
    (StatusCode::SERVICE_UNAVAILABLE, Json(body))
}

async fn status(State(shown): State<Shown>) -> Json<WorkerStatus> {
    Json(shown.board.summary())
}

async fn tenants(State(shown): State<Shown>) -> Json<Vec<TenantStatus>> {
    Json(shown.board.tenants())
}

/// Requests the status of a worker from its endpoints.
///
/// # Errors
///
/// Returns the reason if nothing responds there, or something other than a worker.
pub async fn read_status(url: &str) -> Result<WorkerStatus, String> {
    let url = format!("{}/status", url.trim_end_matches('/'));
    let http = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(5))
        .build()
        .map_err(|error| format!("failed to initialize TLS: {error}"))?;
    let failed = |error: reqwest::Error| format!("failed to read {url}: {}", error.without_url());
    let response = http.get(&url).send().await.map_err(failed)?;
    let text = response
        .error_for_status()
        .map_err(failed)?
        .text()
        .await
        .map_err(failed)?;
    serde_json::from_str(&text)
        .map_err(|error| format!("{url} is not the status of a worker: {error}"))
}
