//! The wire format of a batch: requests as parts, and responses as parts.

use std::collections::HashMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::core::{Core, Request, Response, promise, response};
use crate::data::json;
use crate::error::{Error, Kind};
use crate::operation::{Expected, Operation};

/// The operation of a batch.
pub(super) fn operation(permissions: &'static [&'static str], is_repeatable: bool) -> Operation {
    let batch = Operation::new("batch", "POST", "/$batch", permissions)
        .expecting(Expected::AnyOf(&["responses"]));
    match is_repeatable {
        true => batch.repeatable(),
        false => batch,
    }
}

#[derive(Serialize)]
struct Batch<'a> {
    requests: &'a [WirePart<'a>],
}

/// A request as a part of a batch.
#[derive(Serialize)]
pub(super) struct WirePart<'a> {
    id: String,
    method: &'a str,
    url: &'a str,
    headers: HashMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
}

/// Makes a part of a request, with the path, headers and body that it has when it is sent alone.
pub(super) fn part<'a>(
    core: &'a Core,
    number: usize,
    request: &'a Request,
    client_request_id: &str,
) -> Result<WirePart<'a>, Error> {
    let url = request.url.as_str();
    let url = url.strip_prefix(core.base_url());
    let url = url.ok_or_else(|| {
        Error::refused("a batch accepts only requests to its own client's base URL")
    })?;
    if request.upload.is_some() {
        return Err(Error::refused(
            "a batch accepts only requests with JSON bodies: send a stream of bytes by itself",
        ));
    }
    let body = request
        .body
        .as_ref()
        .map(|body| serde_json::from_slice(body));
    let body = body.transpose().map_err(|error| {
        Error::refused("a batch accepts only requests with JSON bodies").with_source(error)
    })?;
    let mut headers: HashMap<String, String> = HashMap::new();
    for (name, value) in &request.headers(core, client_request_id)? {
        let Ok(value) = value.to_str() else {
            return Err(Error::refused(format!(
                "a batch accepts only header values of printable ASCII: `{name}`"
            )));
        };
        let values = headers.entry(name.as_str().to_owned()).or_default();
        if !values.is_empty() {
            values.push_str(", ");
        }
        values.push_str(value);
    }
    Ok(WirePart {
        id: number.to_string(),
        method: request.method.as_str(),
        url,
        headers,
        body,
    })
}

/// The request that carries all parts.
pub(super) fn request(core: &Core, parts: &[WirePart<'_>]) -> Result<Request, Error> {
    let url = format!("{}/$batch", core.base_url());
    let accept = HeaderValue::from_static("application/json");
    core.http()
        .post(url)
        .header(reqwest::header::ACCEPT, accept)
        .json(&Batch { requests: parts })
        .build()
}

/// One of the responses, as received.
pub(super) type RawResponse = Box<RawValue>;

#[derive(Deserialize)]
struct Responses {
    responses: Vec<RawResponse>,
}

/// Reads the response to a batch. A response that cannot be read leaves open what was written.
pub(super) fn responses(
    response: &Response,
    operation: &Operation,
) -> Result<Vec<RawResponse>, Error> {
    let read: Result<Responses, _> = json::decode_as(&response.body);
    read.map(|read| read.responses).map_err(|error| {
        Error::new(
            Kind::Decode,
            format!("the response to the batch has an unexpected form, {error}"),
        )
        .with_effect(promise::possible(operation))
        .with_source(error)
        .with_status(response.status)
        .with_request_id(response.request_id())
    })
}

#[derive(Deserialize)]
struct Numbered {
    id: Value,
}

/// The response to a part.
#[derive(Debug, Deserialize)]
pub(super) struct PartResponse {
    status: u16,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

/// The responses by the number of their part; if one cannot be read, only that part fails.
pub(super) fn by_part(responses: Vec<RawResponse>) -> HashMap<usize, Result<PartResponse, Error>> {
    let mut found = HashMap::new();
    for response in responses {
        let id = serde_json::from_str::<Numbered>(response.get()).ok();
        let Some(number) = id.and_then(|numbered| number(&numbered.id)) else {
            tracing::warn!(target: "graph_client", "a response in the batch has no id");
            continue;
        };
        let read = serde_json::from_str(response.get()).map_err(|error| {
            Error::new(
                Kind::Decode,
                format!("the response to this part has an unexpected form: {error}"),
            )
            .with_source(error)
        });
        found
            .entry(number)
            .and_modify(|first| {
                *first = Err(Error::new(
                    Kind::Decode,
                    "the batch has two responses for this part",
                ));
            })
            .or_insert(read);
    }
    found
}

/// The number of a part, as a string or a number.
fn number(id: &Value) -> Option<usize> {
    match id {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_u64()?.try_into().ok(),
        _ => None,
    }
}

impl PartResponse {
    /// Reads it like the response to a single call.
    pub(super) fn read(
        self,
        operation: &Operation,
        request: &Request,
        read: &mut (dyn FnMut(&Response) -> Result<(), Error> + Send),
    ) -> Result<(), Error> {
        let headers = headers(self.headers.unwrap_or_default());
        let bodies = bodies(self.body.as_deref());
        let mut first = None;
        // A body that is a string can be the body itself, or contain it in base64.
        for body in bodies {
            let result = if (200..300).contains(&self.status) {
                let response = Response {
                    status: self.status,
                    headers: headers.clone(),
                    body,
                };
                promise::accept(&response, operation, request, read)
            } else {
                Err(response::error_of(self.status, &headers, &body, operation))
            };
            match result {
                Err(error) if error.code().is_none() => first = first.or(Some(error)),
                understood => return understood,
            }
        }
        match first {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// The possible bodies: JSON as it is; for a string, its characters, then its decoded base64.
fn bodies(body: Option<&RawValue>) -> Vec<Bytes> {
    let json = body.map_or("null", RawValue::get);
    match serde_json::from_str(json) {
        Ok(Value::Null) => vec![Bytes::new()],
        Ok(Value::String(text)) => {
            let decoded = BASE64_STANDARD.decode(text.trim()).ok().map(Bytes::from);
            let mut bodies: Vec<Bytes> = decoded.into_iter().collect();
            bodies.insert(0, Bytes::from(text));
            bodies
        }
        _ => vec![Bytes::copy_from_slice(json.as_bytes())],
    }
}

/// The headers that are read; a part may have more of them than a map of headers can hold.
fn headers(headers: HashMap<String, Value>) -> HeaderMap {
    let needed = [
        HeaderName::from_static("request-id"),
        HeaderName::from_static("retry-after-ms"),
        HeaderName::from_static("x-ms-retry-after-ms"),
        RETRY_AFTER,
        DATE,
        CONTENT_TYPE,
    ];
    let mut found = HeaderMap::new();
    for (name, value) in headers {
        let name = needed
            .iter()
            .find(|needed| needed.as_str().eq_ignore_ascii_case(&name));
        let value = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        if let (Some(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            found.insert(name.clone(), value);
        }
    }
    found
}
