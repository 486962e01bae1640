//! JSON batching: up to 20 requests in one, each with its own status, each repeated by itself.

use std::collections::HashMap;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep};

use crate::core::{Core, Request};
use crate::data::JsonMap;
use crate::error::{Effect, Error, Kind, ServiceError};
use crate::operation::Operation;
use crate::{random, retry};

/// How many requests a batch may hold.
pub const LARGEST: usize = 20;

#[derive(Serialize)]
struct Batch<'a> {
    requests: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    id: String,
    method: &'a str,
    url: &'a str,
    headers: HashMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Responses {
    responses: Vec<PartResponse>,
}

#[derive(Deserialize)]
struct PartResponse {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    #[serde(default)]
    body: Value,
}

/// A request that has no result yet.
struct Open<'r> {
    index: usize,
    request: &'r Request,
    client_request_id: String,
    effect: Effect,
}

/// Sends requests of one operation together, up to [`LARGEST`]; returns a result for each, in their order.
pub async fn send_all<T: DeserializeOwned + Send>(
    core: &Core,
    operation: &'static Operation,
    requests: &[Request],
) -> Vec<Result<T, Error>> {
    let mut results: Vec<Option<Result<T, Error>>> = requests.iter().map(|_| None).collect();
    let open = requests.iter().enumerate().map(|(index, request)| Open {
        index,
        request,
        client_request_id: random::guid().to_string(),
        effect: Effect::NotApplied,
    });
    let mut open: Vec<Open<'_>> = open.collect();
    let batch = Operation::new("batch", "POST", "/$batch", operation.permissions());
    let batch = match operation.is_repeatable() {
        true => batch.repeatable(),
        false => batch,
    };
    let started = Instant::now();
    let mut attempts = 0;
    while !open.is_empty() {
        attempts += 1;
        let round = send(core, &batch, &open).await;
        let mut delay = None;
        let mut again = Vec::new();
        for (mut part, result) in open.into_iter().zip(round) {
            let error = match result {
                Ok(value) => {
                    results[part.index] = Some(Ok(value));
                    continue;
                }
                Err(error) => error,
            };
            part.effect = part.effect.max(error.effect());
            // What the whole request failed with has been repeated already.
            let is_own = error.operation().is_none();
            let elapsed = started.elapsed();
            let next = core
                .retry()
                .next_delay(operation, &error, attempts, elapsed);
            match next {
                Some(next) if is_own => {
                    delay = delay.max(Some(next));
                    again.push(part);
                }
                _ => {
                    let error = match is_own {
                        true => error.of_call(operation, &part.client_request_id, attempts),
                        false => error,
                    };
                    results[part.index] = Some(Err(error.with_effect(part.effect)));
                }
            }
        }
        open = again;
        if let Some(delay) = delay {
            sleep(delay).await;
        }
    }
    results.into_iter().flatten().collect()
}

/// Sends one batch; a result for each part, in order. An error without an operation is of one part alone.
async fn send<T: DeserializeOwned + Send>(
    core: &Core,
    operation: &Operation,
    open: &[Open<'_>],
) -> Vec<Result<T, Error>> {
    // The request itself asks for one permission.
    for _ in 1..open.len() {
        core.budget().permission().await;
    }
    let responses = match request(core, open) {
        Ok(request) => core.send_foreign::<Responses>(request, operation).await,
        Err(error) => Err(error),
    };
    let mut responses: HashMap<String, PartResponse> = match responses {
        Ok(responses) => responses
            .responses
            .into_iter()
            .map(|response| (response.id.clone(), response))
            .collect(),
        Err(error) => return open.iter().map(|_| Err(error.again())).collect(),
    };
    let results = (0..open.len()).map(|place| match responses.remove(&place.to_string()) {
        Some(response) => read(response),
        None => Err(
            Error::new(Kind::Lost, "the batch has no response for this part")
                .with_effect(Effect::Unknown),
        ),
    });
    let results: Vec<_> = results.collect();
    for result in &results {
        match result {
            Err(error) if error.is_throttled() => core.budget().throttled(error.retry_after()),
            _ => core.budget().answered(),
        }
    }
    results
}

/// The request that carries all parts.
fn request(core: &Core, open: &[Open<'_>]) -> Result<Request, Error> {
    let parts: Result<Vec<Part<'_>>, Error> = open
        .iter()
        .enumerate()
        .map(|(place, open)| part(core, place, open))
        .collect();
    core.http()
        .post(format!("{}/$batch", core.base_url()))
        .json(&Batch { requests: parts? })
        .build()
}

fn part<'a>(core: &Core, place: usize, open: &'a Open<'_>) -> Result<Part<'a>, Error> {
    let request = open.request;
    let url = request
        .url
        .as_str()
        .strip_prefix(core.base_url())
        .ok_or_else(|| Error::refused("a batch holds requests of its own client only"))?;
    let body = match &request.body {
        Some(body) => Some(serde_json::from_slice(body).map_err(|error| {
            Error::refused("a batch holds requests with JSON bodies only").with_source(error)
        })?),
        None => None,
    };
    let mut headers: HashMap<&str, &str> = request
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect();
    headers.insert("client-request-id", &open.client_request_id);
    Ok(Part {
        id: place.to_string(),
        method: request.method.as_str(),
        url,
        headers,
        body,
    })
}

fn read<T: DeserializeOwned>(answer: PartResponse) -> Result<T, Error> {
    let headers = headers(answer.headers.unwrap_or_default());
    let request_id = headers
        .get("request-id")
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    if (200..300).contains(&answer.status) {
        return serde_json::from_value(answer.body).map_err(|error| {
            Error::new(
                Kind::Decode,
                format!("the response is not what it should be: {error}"),
            )
            .with_source(error)
            .with_status(answer.status)
            .with_effect(Effect::Applied)
            .with_request_id(request_id)
        });
    }
    let body = match answer.body.get("error") {
        Some(Value::Object(error)) => ServiceError::of_object(error),
        _ => ServiceError::of_object(&JsonMap::new()),
    };
    let effect = if answer.status >= 500 {
        Effect::Unknown
    } else {
        Effect::NotApplied
    };
    Err(Error::new(Kind::Service, "")
        .with_status(answer.status)
        .with_request_id(request_id)
        .with_retry_after(retry::retry_after(&headers))
        .with_effect(effect)
        .with_body(body))
}

fn headers(headers: HashMap<String, Value>) -> HeaderMap {
    headers
        .into_iter()
        .filter_map(|(name, value)| {
            let value = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            Some((
                HeaderName::try_from(name).ok()?,
                HeaderValue::try_from(value).ok()?,
            ))
        })
        .collect()
}
