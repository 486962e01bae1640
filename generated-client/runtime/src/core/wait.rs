//! Waits for operations that continue after their response: 202, and a `Location` with their status.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderValue, USER_AGENT};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use super::{Core, Request, Response};
use crate::data::json;
use crate::error::{Effect, Error, Kind, ServiceError};
use crate::headers::WithHeaders;
use crate::operation::Operation;
use crate::retry;

const MONITOR: Operation = Operation::new("waitFor", "GET", "{path}", &[]);

/// Names of states of a running operation, in any case.
const GOES_ON: [&str; 10] = [
    "notstarted",
    "running",
    "inprogress",
    "waiting",
    "pending",
    "queued",
    "creating",
    "updating",
    "deletepending",
    "validating",
];

/// Names of states of a failed operation, in any case.
const HAS_FAILED: [&str; 6] = [
    "failed",
    "deletefailed",
    "cancelled",
    "canceled",
    "error",
    "rejected",
];

/// The status of an operation.
struct Seen {
    status: u16,
    retry_after: Option<Duration>,
    body: Value,
    /// Whether the body is JSON or empty.
    is_json: bool,
}

impl Seen {
    fn new(status: u16, retry_after: Option<Duration>) -> Self {
        Self {
            status,
            retry_after,
            body: Value::Null,
            is_json: true,
        }
    }

    fn of(response: &Response) -> Self {
        let seen = Self::new(response.status, retry::retry_after(&response.headers));
        match json::decode_as(&response.body) {
            Ok(body) => Self { body, ..seen },
            Err(_) => Self {
                is_json: response.body.is_empty(),
                ..seen
            },
        }
    }
}

impl Core {
    /// Waits for an operation that continues after its response, and returns its final result: `null` if there is none,
    /// or if the response was already final.
    ///
    /// The `Location` of the response is polled as often as the service requests, or else after 1, 2, 4 … up to 30
    /// seconds, for at most [`RetryPolicy::total_time`](crate::RetryPolicy::total_time). If it leads to another host,
    /// the token is not sent there.
    ///
    /// # Errors
    ///
    /// Returns the service's error if the operation failed; [`Error::is_timeout`] if it takes longer; and an error if
    /// the response has no `Location`.
    pub async fn wait_for<T>(&self, response: &WithHeaders<T>) -> Result<Value, Error> {
        match (response.status(), response.location()) {
            (202, Some(location)) => self.wait_at(location, response.retry_after()).await,
            (202, None) => Err(Error::new(
                Kind::Decode,
                "the response has no `Location` to check the operation's progress",
            )
            .with_status(202)),
            _ => Ok(Value::Null),
        }
    }

    /// Waits for an operation by a `Location`, which may have been stored; see [`wait_for`](Self::wait_for).
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`wait_for`](Self::wait_for).
    pub async fn wait_at(&self, location: &str, first: Option<Duration>) -> Result<Value, Error> {
        let url = self.monitor(location)?;
        let (started, total) = (Instant::now(), self.retry().longest_call(None));
        let mut pause = Duration::from_secs(1);
        let mut asked = first;
        loop {
            let delay = asked.unwrap_or(pause);
            if started.elapsed().saturating_add(delay) >= total {
                return Err(Error::new(
                    Kind::Timeout,
                    format!(
                        "the operation is still running after {} s",
                        total.as_secs_f64()
                    ),
                )
                .with_effect(Effect::Unknown)
                .of_operation(&MONITOR));
            }
            sleep(delay).await;
            pause = (pause * 2).min(Duration::from_secs(30));
            let seen = self
                .seen(&url, total.saturating_sub(started.elapsed()))
                .await?;
            asked = seen.retry_after;
            if let Some(ended) = seen.ended() {
                return ended.map_err(|error| error.of_operation(&MONITOR));
            }
        }
    }

    async fn seen(&self, url: &Url, time: Duration) -> Result<Seen, Error> {
        match self.address().is_same_origin(url) {
            true => self.seen_here(url, time).await,
            false => self.seen_elsewhere(url, time).await,
        }
    }

    async fn seen_here(&self, url: &Url, time: Duration) -> Result<Seen, Error> {
        let core = self.with_retry(self.retry().clone().total_time(time));
        let request = Request::follow(url.clone());
        let mut reader = |_: &Response| Ok(());
        match core.exchange(&request, &MONITOR, &mut reader).await {
            Ok(response) => Ok(Seen::of(&response)),
            // It leads to the created resource.
            Err(error)
                if error
                    .status()
                    .is_some_and(|status| (300..400).contains(&status)) =>
            {
                Ok(Seen::new(200, None))
            }
            Err(error) => Err(error),
        }
    }

    /// Polls another host, whose URL contains its own authorization. A transient failure does not end the wait.
    async fn seen_elsewhere(&self, url: &Url, time: Duration) -> Result<Seen, Error> {
        let mut request = reqwest::Request::new(Method::GET, url.clone());
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, self.shared.user_agent.clone());
        let time = time.min(self.limits().longest_attempt(None));
        let exchange = async {
            let mut response = self.shared.http.execute(request).await.map_err(|error| {
                Error::new(Kind::Lost, "the monitor URL cannot be reached")
                    .with_source(error.without_url())
            })?;
            Response::read(&mut response, &MONITOR, self.limits()).await
        };
        let read = timeout(time, exchange).await.unwrap_or_else(|_| {
            Err(Error::new(
                Kind::Timeout,
                "the monitor URL does not respond",
            ))
        });
        match read {
            Ok(response) => Ok(Seen::of(&response)),
            Err(error) => match error.status() {
                Some(300..400) => Ok(Seen::new(200, None)),
                None | Some(429 | 500..) => Ok(Seen::new(202, error.retry_after())),
                Some(_) => Err(error.of_operation(&MONITOR)),
            },
        }
    }

    /// The URL to poll, which may be relative to the base URL.
    fn monitor(&self, location: &str) -> Result<Url, Error> {
        let refused =
            |reason: &str| Error::new(Kind::CrossOrigin, format!("the `Location` to ask {reason}"));
        let base = self.base_url();
        let own: Url = base
            .parse()
            .map_err(|error| refused("is no URL").with_source(error))?;
        let is_whole = location.starts_with(own.path());
        let url = match location.strip_prefix('/') {
            Some(_) if location.starts_with("//") => return Err(refused("has no scheme")),
            Some(_) if !is_whole => format!("{base}{location}").parse(),
            _ => own.join(location),
        };
        let url: Url = url.map_err(|error| refused("is no URL").with_source(error))?;
        let is_safe = self.address().is_same_origin(&url) || url.scheme() == "https";
        match is_safe && url.username().is_empty() && url.password().is_none() {
            true => Ok(url),
            false => Err(refused("leads to an insecure URL")),
        }
    }
}

impl Seen {
    /// The result of the operation; none while it is running.
    fn ended(self) -> Option<Result<Value, Error>> {
        let state = self.body.get("status").and_then(Value::as_str);
        let state = state.unwrap_or_default().to_ascii_lowercase();
        if HAS_FAILED.contains(&state.as_str()) {
            let reason = self.body.get("error").and_then(Value::as_object);
            let error = match reason {
                Some(reason) => {
                    Error::new(Kind::Service, "").with_body(ServiceError::of_object(reason))
                }
                None => Error::new(Kind::Service, format!("the operation ended as `{state}`")),
            };
            return Some(Err(error
                .with_status(self.status)
                .with_effect(Effect::Unknown)));
        }
        let goes_on = GOES_ON.contains(&state.as_str()) || (self.status == 202 && state.is_empty());
        (!goes_on).then_some(match self.is_json {
            true => Ok(self.body),
            false => Err(
                Error::new(Kind::Decode, "the response of the monitor URL is not JSON")
                    .with_status(self.status)
                    .with_effect(Effect::Unknown),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_monitor_is_relative_to_the_base_url_and_never_insecure() {
        let core = Core::builder().base_url("https://graph.example/beta");
        let core = core.token("t").build().unwrap();
        let monitor = |location: &str| core.monitor(location).map(String::from);
        for (location, place) in [
            ("/operations/1", "https://graph.example/beta/operations/1"),
            (
                "/beta/operations/1",
                "https://graph.example/beta/operations/1",
            ),
            ("https://other.example/1", "https://other.example/1"),
        ] {
            assert_eq!(monitor(location).unwrap(), place, "{location}");
        }
        for (location, reason) in [
            ("//other.example/1", "has no scheme"),
            ("http://other.example/1", "insecure"),
            ("https://user:secret@other.example/1", "insecure"),
        ] {
            let error = monitor(location).unwrap_err();
            assert!(error.is_cross_origin(), "{location}: {error}");
            assert!(error.to_string().contains(reason), "{location}: {error}");
        }
    }
}
