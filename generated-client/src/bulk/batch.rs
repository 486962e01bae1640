//! JSON batching: up to 20 updates in one request, each with its own status, each repeated by itself.

use std::collections::HashMap;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{Job, Outcome};
use crate::Client;
use crate::error::{Effect, Error, Kind, ServiceError};
use crate::requests::UpdateIncident;
use crate::runtime::{Body as _, JsonMap, Operation, path};
use crate::types::{Incident, IncidentUpdate};
use crate::{random, retry};

/// How many requests a batch may hold.
pub(super) const LARGEST: usize = 20;

/// All parts are updates, which set values.
const BATCH: Operation = Operation::new(
    "batch",
    "POST",
    "/$batch",
    UpdateIncident::OPERATION.permissions(),
)
.repeatable();

#[derive(Serialize)]
struct Batch<'a> {
    requests: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    id: String,
    method: &'static str,
    url: String,
    headers: HashMap<&'static str, String>,
    body: &'a IncidentUpdate,
}

#[derive(Deserialize)]
struct Answers {
    responses: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    #[serde(default)]
    body: Value,
}

/// A job that is not done yet.
struct Open {
    job: Job,
    url: String,
    client_request_id: String,
    effect: Effect,
}

/// Updates all, and answers in the order of the jobs.
pub(super) async fn update(client: &Client, jobs: Vec<Job>) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    let mut open = Vec::with_capacity(jobs.len());
    for job in jobs {
        match checked(&job) {
            Ok(url) => open.push(Open {
                job,
                url,
                client_request_id: random::guid().to_string(),
                effect: Effect::None,
            }),
            Err(error) => outcomes.push(job.outcome(Err(error))),
        }
    }
    let started = Instant::now();
    let mut attempts = 0;
    while !open.is_empty() {
        attempts += 1;
        let results = send(client, &open).await;
        let mut delay = None;
        let mut again = Vec::new();
        for (mut part, result) in open.into_iter().zip(results) {
            let error = match result {
                Ok(incident) => {
                    outcomes.push(part.job.outcome(Ok(incident)));
                    continue;
                }
                Err(error) => error,
            };
            part.effect = part.effect.max(error.effect());
            let policy = client.transport().retry();
            let is_own = error.operation().is_none();
            let next = policy.next_delay(
                &UpdateIncident::OPERATION,
                &error,
                attempts,
                started.elapsed(),
            );
            match next {
                // What the whole request failed with has been repeated already.
                Some(next) if is_own => {
                    delay = delay.max(Some(next));
                    again.push(part);
                }
                _ => {
                    let error = match is_own {
                        true => error.of_call(
                            &UpdateIncident::OPERATION,
                            &part.client_request_id,
                            attempts,
                        ),
                        false => error,
                    };
                    outcomes.push(part.job.outcome(Err(error.with_effect(part.effect))));
                }
            }
        }
        open = again;
        if let Some(delay) = delay {
            sleep(delay).await;
        }
    }
    outcomes.sort_by_key(|outcome| outcome.index);
    outcomes
}

fn checked(job: &Job) -> Result<String, Error> {
    job.update.check()?;
    let segment = path::segment("incidentId", &job.incident_id)?;
    Ok(format!("/security/incidents/{segment}"))
}

/// Sends one batch; a result for each part, in order. An error without an operation is of one part alone.
async fn send(client: &Client, open: &[Open]) -> Vec<Result<Incident, Error>> {
    let transport = client.transport();
    // The request itself asks for one permission.
    for _ in 1..open.len() {
        transport.budget().permission().await;
    }
    let batch = Batch {
        requests: open.iter().enumerate().map(part).collect(),
    };
    let request = transport
        .http()
        .post(format!("{}/$batch", transport.base_url()))
        .json(&batch)
        .build();
    let answers: Result<Answers, Error> = match request {
        Ok(request) => transport.send(request, &BATCH).await,
        Err(error) => Err(error),
    };
    let mut answers: HashMap<String, Answer> = match answers {
        Ok(answers) => answers
            .responses
            .into_iter()
            .map(|answer| (answer.id.clone(), answer))
            .collect(),
        Err(error) => return open.iter().map(|_| Err(error.again())).collect(),
    };
    let results = (0..open.len()).map(|place| match answers.remove(&place.to_string()) {
        Some(answer) => read(answer),
        None => Err(
            Error::new(Kind::Lost, "the batch has no answer for this part")
                .with_effect(Effect::Unknown),
        ),
    });
    let results: Vec<_> = results.collect();
    for result in &results {
        match result {
            Err(error) if error.is_throttled() => transport.budget().throttled(error.retry_after()),
            _ => transport.budget().answered(),
        }
    }
    results
}

fn part((place, open): (usize, &Open)) -> Part<'_> {
    Part {
        id: place.to_string(),
        method: "PATCH",
        url: open.url.clone(),
        headers: HashMap::from([
            ("Content-Type", "application/json".to_owned()),
            ("client-request-id", open.client_request_id.clone()),
        ]),
        body: &open.job.update,
    }
}

fn read(answer: Answer) -> Result<Incident, Error> {
    let headers = headers(answer.headers.unwrap_or_default());
    let request_id = headers
        .get("request-id")
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    if (200..300).contains(&answer.status) {
        return serde_json::from_value(answer.body).map_err(|error| {
            Error::new(
                Kind::Decode,
                format!("the answer is not what it should be: {error}"),
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
        Effect::None
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
