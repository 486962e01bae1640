//! Managed identities: the endpoints at which a machine (IMDS) or an app (App Service) requests a token without a
//! secret.

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::response::Response;
use crate::time::Ticks;

/// One of the two endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// `GET /metadata/identity/oauth2/token`, with the header `Metadata: true`.
    Machine,
    /// `GET /msi/token`, with the secret of the app in the header `X-IDENTITY-HEADER`.
    App,
}

/// The oldest supported versions.
const MACHINE_VERSION: &str = "2018-02-01";
const APP_VERSION: &str = "2019-08-01";

/// Why the endpoint issues no token; none if it does.
pub(crate) fn refused(
    host: Host,
    query: &[(String, String)],
    headers: &HeaderMap,
    secret: &str,
    client_id: &str,
) -> Option<Response> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let option = |name: &str| {
        query
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    };
    let bad = |error: &str, text: String| Some(failure(StatusCode::BAD_REQUEST, error, text));
    match host {
        Host::Machine if header("metadata") != Some("true") => {
            return bad(
                "invalid_request",
                "the header 'Metadata: true' is missing".to_owned(),
            );
        }
        Host::App if header("x-identity-header") != Some(secret) => {
            return Some(failure(
                StatusCode::UNAUTHORIZED,
                "unauthorized_client",
                "the header 'X-IDENTITY-HEADER' is missing or wrong".to_owned(),
            ));
        }
        _ => {}
    }
    let oldest = match host {
        Host::Machine => MACHINE_VERSION,
        Host::App => APP_VERSION,
    };
    // Versions are dates, whose text order is their order in time.
    if option("api-version").is_none_or(|version| version < oldest) {
        return bad(
            "bad_request_102",
            format!("'api-version' is missing or before {oldest}"),
        );
    }
    if option("resource").is_none_or(str::is_empty) {
        return bad("invalid_resource", "'resource' is missing".to_owned());
    }
    match option("client_id") {
        Some(named) if named != client_id => {
            bad("invalid_request", "Identity not found".to_owned())
        }
        _ => None,
    }
}

/// A token, in the format of these endpoints: numbers as text.
pub(crate) fn granted(
    host: Host,
    token: String,
    lifetime_seconds: u64,
    query: &[(String, String)],
    client_id: &str,
) -> Response {
    let resource = query
        .iter()
        .find(|(name, _)| name == "resource")
        .map_or("", |(_, value)| value.as_str());
    let lifetime = i64::try_from(lifetime_seconds).unwrap_or(i64::MAX);
    let expires = Ticks::now().seconds().saturating_add(lifetime);
    let mut body = json!({
        "access_token": token,
        "client_id": client_id,
        "expires_on": expires.to_string(),
        "resource": resource,
        "token_type": "Bearer",
    });
    if host == Host::Machine {
        body["expires_in"] = Value::from(lifetime_seconds.to_string());
        body["ext_expires_in"] = Value::from(lifetime_seconds.to_string());
        body["not_before"] = Value::from(Ticks::now().seconds().to_string());
    }
    Response::json(StatusCode::OK, &body)
}

fn failure(status: StatusCode, error: &str, text: String) -> Response {
    Response::json(status, &json!({"error": error, "error_description": text}))
}
