//! `$batch`: up to twenty requests in one, each planned, counted and carried out like a single one.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::call::Call;
use crate::error::Refusal;
use crate::faults::Fault;
use crate::object::{Object, text_of};
use crate::response::Response;

/// D: the maximum size of a batch.
const LARGEST: usize = 20;

/// A request of a batch.
struct Part {
    id: String,
    depends_on: Vec<String>,
    call: Call,
}

/// Carries out the parts of a batch, each by `alone`, which carries out a request and returns its delay.
pub(crate) fn respond(
    call: &Call,
    faults: &[Fault],
    alone: impl Fn(&Call) -> (Response, Duration),
) -> Result<Response, Refusal> {
    let mut statuses: HashMap<String, u16> = HashMap::new();
    let mut responses = Vec::new();
    let mut delay = Duration::ZERO;
    // All parts are read before the first is carried out, so that a refused batch has written nothing.
    for part in parts(call)? {
        let failed = |name: &String| statuses.get(name).is_some_and(|status| *status >= 400);
        let (status, response) = if part.depends_on.iter().any(failed) {
            failed_dependency(&part.id)
        } else {
            let (response, taken) = alone(&part.call);
            delay = delay.max(taken);
            shown(&part, response, faults)
        };
        statuses.insert(part.id, status.as_u16());
        responses.push(response);
    }
    if faults.contains(&Fault::BatchOutOfOrder) {
        responses.reverse();
    }
    if faults.contains(&Fault::BatchPartMissing) {
        responses.pop();
    }
    let mut whole = Response::json(StatusCode::OK, &json!({"responses": responses}));
    whole.delivery.delay = delay;
    Ok(whole)
}

fn parts(call: &Call) -> Result<Vec<Part>, Refusal> {
    let body = call.object()?;
    let Some(Value::Array(requests)) = body.get("requests") else {
        return Err(invalid("'requests' is not a list"));
    };
    if requests.is_empty() || requests.len() > LARGEST {
        return Err(invalid(format!(
            "'requests' must contain 1 to {LARGEST} requests"
        )));
    }
    let mut parts: Vec<Part> = Vec::new();
    for request in requests {
        let Some(request) = request.as_object() else {
            return Err(invalid("a request is not an object"));
        };
        let part = part(call, request)?;
        if parts.iter().any(|earlier| earlier.id == part.id) {
            return Err(invalid(format!("the id '{}' stands twice", part.id)));
        }
        let unknown = part
            .depends_on
            .iter()
            .find(|name| !parts.iter().any(|earlier| earlier.id == **name));
        if let Some(name) = unknown {
            return Err(Refusal::bad_request(format!(
                "'dependsOn' names '{name}', which no earlier request has"
            ))
            .at("dependsOn"));
        }
        parts.push(part);
    }
    Ok(parts)
}

fn part(outer: &Call, request: &Object) -> Result<Part, Refusal> {
    let id = text_of(request, "id")
        .ok_or_else(|| invalid("a request has no 'id'"))?
        .to_owned();
    let depends_on = match request.get("dependsOn") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(names)) => names
            .iter()
            .map(|name| name.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| invalid(format!("'dependsOn' of '{id}' is not a list of ids")))?,
        Some(_) => {
            return Err(invalid(format!(
                "'dependsOn' of '{id}' is not a list of ids"
            )));
        }
    };
    let call = inner(outer, &id, request)?;
    Ok(Part {
        id,
        depends_on,
        call,
    })
}

/// The request as if it were sent alone: with the same version and token.
fn inner(outer: &Call, id: &str, request: &Object) -> Result<Call, Refusal> {
    let method = text_of(request, "method")
        .and_then(|method| Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok())
        .ok_or_else(|| invalid(format!("the request '{id}' has no 'method'")))?;
    let url = text_of(request, "url")
        .ok_or_else(|| invalid(format!("the request '{id}' has no 'url'")))?;
    let version = outer.path.split('/').nth(1).unwrap_or("beta");
    let url = format!("/{version}/{}", url.trim_start_matches('/'));
    let (path, query) = match url.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (url, None),
    };
    let call = Call {
        method,
        path,
        query,
        headers: headers(outer, id, request)?,
        body: request
            .get("body")
            .map_or_else(Bytes::new, |body| body.to_string().into()),
        origin: outer.origin.clone(),
    };
    if call
        .segments()
        .is_ok_and(|segments| segments.last().is_some_and(|last| last == "$batch"))
    {
        return Err(invalid(format!(
            "the request '{id}' is a batch, and a batch cannot contain another"
        )));
    }
    Ok(call)
}

fn headers(outer: &Call, id: &str, request: &Object) -> Result<HeaderMap, Refusal> {
    let mut headers = HeaderMap::new();
    let given = match request.get("headers") {
        None | Some(Value::Null) => None,
        Some(Value::Object(given)) => Some(given),
        Some(_) => return Err(invalid(format!("'headers' of '{id}' is not an object"))),
    };
    for (name, value) in given.into_iter().flatten() {
        let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(
            value
                .as_str()
                .and_then(|value| HeaderValue::from_str(value).ok()),
        );
        let (name, value) =
            header.ok_or_else(|| invalid(format!("'{name}' of '{id}' is not a header")))?;
        headers.insert(name, value);
    }
    if let Some(token) = outer.headers.get(AUTHORIZATION) {
        headers
            .entry(AUTHORIZATION)
            .or_insert_with(|| token.clone());
    }
    Ok(headers)
}

/// A response in the format of the batch's.
fn shown(part: &Part, response: Response, faults: &[Fault]) -> (StatusCode, Value) {
    let id = shown_id(&part.id, faults);
    // A batch has one connection: if the response to a single request would be lost, the part times out.
    if response.delivery.reset {
        let status = StatusCode::GATEWAY_TIMEOUT;
        return (
            status,
            json!({"id": id, "status": status.as_u16(), "headers": {}}),
        );
    }
    // Only an operation that was carried out has no content: a fault that replaced the response may have prevented it.
    let is_update = part.call.method == Method::PATCH && !response.is_fault;
    if is_update && response.status.is_success() && faults.contains(&Fault::BatchNoContent) {
        let status = StatusCode::NO_CONTENT;
        return (
            status,
            json!({"id": id, "status": status.as_u16(), "headers": {}}),
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
    let mut shown = json!({"id": id, "status": response.status.as_u16()});
    if !response.body.is_empty() {
        headers.insert(
            CONTENT_TYPE.to_string(),
            json!(response.content_type.to_str().unwrap_or_default()),
        );
        shown["body"] = serde_json::from_slice(&response.body)
            .unwrap_or_else(|_| json!(String::from_utf8_lossy(&response.body)));
    }
    shown["headers"] = Value::Object(headers);
    (response.status, shown)
}

fn shown_id(id: &str, faults: &[Fault]) -> Value {
    match id.parse::<u64>() {
        Ok(number) if faults.contains(&Fault::BatchNumericIds) => json!(number),
        _ => json!(id),
    }
}

fn failed_dependency(id: &str) -> (StatusCode, Value) {
    let status = StatusCode::FAILED_DEPENDENCY;
    (
        status,
        json!({
            "id": id,
            "status": status.as_u16(),
            "body": {"error": {"code": "FailedDependency", "message": "a request that this one depends on failed"}},
        }),
    )
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::bad_request(message).at("requests")
}
