//! `$batch`: up to twenty requests in one, each planned, counted and carried out as if it came alone.

use std::collections::HashMap;

use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::call::Call;
use crate::error::Refusal;
use crate::operations::object;
use crate::response::Response;
use crate::service::Service;
use crate::store::{Object, text_of};

/// D: the most that one batch may hold.
const LARGEST: usize = 20;

pub(crate) fn respond(service: &Service, call: &Call) -> Result<Response, Refusal> {
    let body = object(call)?;
    let Some(Value::Array(requests)) = body.get("requests") else {
        return Err(Refusal::bad_request("'requests' is not a list").at("requests"));
    };
    if requests.is_empty() || requests.len() > LARGEST {
        return Err(Refusal::bad_request(format!(
            "'requests' does not hold 1 to {LARGEST} requests"
        ))
        .at("requests"));
    }
    let mut statuses: HashMap<&str, u16> = HashMap::new();
    let mut responses = Vec::new();
    for request in requests {
        let Some(request) = request.as_object() else {
            return Err(Refusal::bad_request("a request is not an object").at("requests"));
        };
        let id = text_of(request, "id")
            .ok_or_else(|| Refusal::bad_request("a request has no 'id'").at("requests"))?;
        if statuses.contains_key(id) {
            return Err(Refusal::bad_request(format!("the id '{id}' stands twice")).at("requests"));
        }
        let response = if waits_in_vain(request, &statuses)? {
            json!({
                "id": id,
                "status": StatusCode::FAILED_DEPENDENCY.as_u16(),
                "body": {"error": {"code": "FailedDependency", "message": "a request that this one depends on failed"}},
            })
        } else {
            single(service, call, id, request)?
        };
        statuses.insert(
            id,
            response["status"]
                .as_u64()
                .and_then(|status| u16::try_from(status).ok())
                .unwrap_or(0),
        );
        responses.push(response);
    }
    Ok(Response::json(
        StatusCode::OK,
        &json!({"responses": responses}),
    ))
}

/// Whether a request depends on one that failed; one that has not run yet cannot be depended on.
fn waits_in_vain(request: &Object, statuses: &HashMap<&str, u16>) -> Result<bool, Refusal> {
    let names = request.get("dependsOn").and_then(Value::as_array);
    for name in names.into_iter().flatten().filter_map(Value::as_str) {
        match statuses.get(name) {
            None => {
                return Err(Refusal::bad_request(format!(
                    "'dependsOn' names '{name}', which no earlier request has"
                ))
                .at("dependsOn"));
            }
            Some(status) if *status >= 400 => return Ok(true),
            Some(_) => {}
        }
    }
    Ok(false)
}

fn single(service: &Service, outer: &Call, id: &str, request: &Object) -> Result<Value, Refusal> {
    let inner = call(outer, request)?;
    let plan = service.plan(&inner);
    let response = service.respond(&inner, &plan);
    // A batch has one connection: a request whose response would be lost on its own times out in here.
    if response.delivery.reset {
        return Ok(
            json!({"id": id, "status": StatusCode::GATEWAY_TIMEOUT.as_u16(), "headers": {}}),
        );
    }
    let mut headers: Object = response
        .headers
        .iter()
        .filter_map(|(name, value)| {
            value
                .to_str()
                .ok()
                .map(|value| (name.to_string(), json!(value)))
        })
        .collect();
    headers.insert(
        CONTENT_TYPE.to_string(),
        json!(response.content_type.to_str().unwrap_or_default()),
    );
    let body = serde_json::from_slice(&response.body)
        .unwrap_or_else(|_| json!(String::from_utf8_lossy(&response.body)));
    Ok(json!({"id": id, "status": response.status.as_u16(), "headers": headers, "body": body}))
}

/// The request as it would have come alone: same version, same token.
fn call(outer: &Call, request: &Object) -> Result<Call, Refusal> {
    let method = text_of(request, "method")
        .and_then(|method| Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok())
        .ok_or_else(|| Refusal::bad_request("a request has no 'method'").at("requests"))?;
    let url = text_of(request, "url")
        .ok_or_else(|| Refusal::bad_request("a request has no 'url'").at("requests"))?;
    let version = outer.path.split('/').nth(1).unwrap_or("beta");
    let url = format!("/{version}/{}", url.trim_start_matches('/'));
    let (path, query) = match url.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (url, None),
    };
    let mut headers = HeaderMap::new();
    for (name, value) in request
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(
            value
                .as_str()
                .and_then(|value| HeaderValue::from_str(value).ok()),
        );
        if let Some((name, value)) = header {
            headers.insert(name, value);
        }
    }
    if let Some(token) = outer.headers.get(axum::http::header::AUTHORIZATION) {
        headers
            .entry(axum::http::header::AUTHORIZATION)
            .or_insert_with(|| token.clone());
    }
    Ok(Call {
        method,
        path,
        query,
        headers,
        body: request
            .get("body")
            .map_or_else(Bytes::new, |body| body.to_string().into()),
        origin: outer.origin.clone(),
    })
}
