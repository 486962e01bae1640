//! The headers of every response.

use axum::http::header::{DATE, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};

use crate::call::Call;
use crate::encoding::to_base64;
use crate::ids::Ids;
use crate::response::Response;
use crate::throttle::Remaining;
use crate::time::date_of_its_own;

/// D: the application id of Microsoft Graph, for challenges.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// The claims of a challenge. Default: a token that was issued after this moment.
pub(crate) const CLAIMS: &str =
    r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
const DIAGNOSTICS: HeaderName = HeaderName::from_static("x-ms-ags-diagnostic");

const DIAGNOSTIC: HeaderValue = HeaderValue::from_static(
    r#"{"ServerInfo":{"DataCenter":"Simulator","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SIM00000000"}}"#,
);

/// D, F: ids, diagnostics, the version of OData, and the challenge of a 401.
pub(crate) fn finish(mut response: Response, call: &Call, ids: &Ids) -> Response {
    let header = |text: &str| {
        HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unprintable"))
    };
    let is_unauthorized = response.status == StatusCode::UNAUTHORIZED;
    let claims = response.claims.take();
    response.headers.reserve(6);
    let response = response
        .with(REQUEST_ID, header(&ids.request))
        .with(CLIENT_REQUEST_ID, header(&ids.client))
        .with(DIAGNOSTICS, DIAGNOSTIC)
        .with(ODATA_VERSION, HeaderValue::from_static("4.0"))
        .with(VARY, HeaderValue::from_static("Accept-Encoding"));
    let response = match date_of_its_own() {
        Some(date) => response.with(DATE, header(&date)),
        None => response,
    };
    if !is_unauthorized {
        return response;
    }
    let mut demand = format!(
        r#"Bearer realm="", authorization_uri="{}/common/oauth2/v2.0/authorize", client_id="{GRAPH}""#,
        call.origin
    );
    if let Some(claims) = claims {
        demand.push_str(&format!(
            r#", error="insufficient_claims", claims="{}""#,
            to_base64(claims.as_bytes())
        ));
    }
    response.with(WWW_AUTHENTICATE, header(&demand))
}

/// A: the rest of the tightest limit.
pub(crate) fn rate_limit(response: Response, remaining: Remaining) -> Response {
    [
        ("ratelimit-limit", remaining.limit.to_string()),
        ("ratelimit-remaining", remaining.left.to_string()),
        ("ratelimit-reset", remaining.reset_seconds.to_string()),
    ]
    .into_iter()
    .fold(
        response,
        |response, (name, value)| match HeaderValue::from_str(&value) {
            Ok(value) => response.with(HeaderName::from_static(name), value),
            Err(_) => response,
        },
    )
}
