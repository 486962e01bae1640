//! One call: its attempts, and the waits between them.

mod token_renewal;

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, USER_AGENT};
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument as _;

use super::promise::{self, Reader};
use super::{Core, Request, Response, subject};
use crate::auth::Bearer;
use crate::error::{Effect, Error, Kind};
use crate::operation::Operation;
use crate::retry::Tried;
use crate::transfer::Upload;
use crate::{random, telemetry};

impl Core {
    /// Sends a request until its response can be read.
    pub(crate) async fn call<T: Send>(
        &self,
        request: &Request,
        operation: &Operation,
        read: fn(&Response, &Operation) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut value = None;
        let mut reader = |response: &Response| {
            value = Some(read(response, operation)?);
            Ok(())
        };
        self.exchange(request, operation, &mut reader).await?;
        value.ok_or_else(|| Error::new(Kind::Decode, "the response has no value"))
    }

    /// Sends a request until it succeeds, cannot succeed, or the policy allows no more attempts. It is not generic, so
    /// that a program contains it once, for all types.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        operation: &Operation,
        read: &mut Reader<'_>,
    ) -> Result<Response, Error> {
        let way = Way::Read(read);
        self.make(request, operation, way)
            .await
            .map(|(response, _)| response)
    }

    /// Makes a call, and adds the call's ids to an error.
    pub(super) async fn make(
        &self,
        request: &Request,
        operation: &Operation,
        mut way: Way<'_, '_>,
    ) -> Result<Responded, Error> {
        let once;
        let operation = match operation.is_write() && request.demands_version() {
            true => {
                once = operation.once();
                &once
            }
            false => operation,
        };
        let span = telemetry::span(operation, &request.url, self.address());
        let mut call = Exchange {
            core: self,
            request,
            operation,
            id: Id::new(),
            started: Instant::now(),
            attempts: 0,
            timed: 0,
            effect: Effect::NotApplied,
            is_throttled: false,
        };
        let result = call.run(&mut way).instrument(span.clone()).await;
        let outcome = telemetry::CallOutcome {
            attempts: call.attempts,
            client_request_id: call.id.as_str(),
            elapsed: call.started.elapsed(),
            is_throttled: call.is_throttled,
        };
        match result {
            Ok(responded) => {
                telemetry::succeeded(&span, &responded.0, &outcome);
                Ok(responded)
            }
            Err(error) => {
                let effect = match (error.status(), operation.method()) {
                    // An earlier attempt deleted the resource, and its response was lost.
                    (Some(404), "DELETE") if call.effect == Effect::Unknown => Effect::Applied,
                    _ => call.effect.max(error.effect()),
                };
                let subject = subject::of(operation, &request.url, self.address());
                let error = error
                    .of_call(operation, call.id.as_str(), call.attempts)
                    .about(subject)
                    .with_effect(effect);
                telemetry::failed(&span, &error, &outcome);
                Err(error)
            }
        }
    }
}

/// How to treat a successful response.
pub(super) enum Way<'w, 'r> {
    /// It is read completely.
    Read(&'w mut Reader<'r>),
    /// Its body is left to the caller.
    Open,
}

/// A response, and its unread body if it is left to the caller.
pub(super) type Responded = (Response, Option<Box<reqwest::Response>>);

/// The text of a GUID, without an allocation.
struct Id([u8; uuid::fmt::Hyphenated::LENGTH]);

impl Id {
    fn new() -> Self {
        let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
        random::guid().hyphenated().encode_lower(&mut text);
        Self(text)
    }

    fn as_str(&self) -> &str {
        // Hexadecimal digits and hyphens.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

pub(super) struct Exchange<'a> {
    pub(super) core: &'a Core,
    pub(super) request: &'a Request,
    operation: &'a Operation,
    id: Id,
    pub(super) started: Instant,
    attempts: u32,
    /// How many of them failed with a response that says when to retry.
    timed: u32,
    /// The possible effects of the attempts so far.
    effect: Effect,
    /// Whether it had to wait for the service or for the rate limiter.
    is_throttled: bool,
}

impl Exchange<'_> {
    async fn run(&mut self, way: &mut Way<'_, '_>) -> Result<Responded, Error> {
        let mut bearer = self.bearer().await?;
        let mut renewals = token_renewal::Renewals::default();
        loop {
            self.permission().await?;
            if bearer.has_expired() {
                bearer = self.bearer().await?;
            }
            self.attempts += 1;
            let responded = self.attempt(&bearer, matches!(way, Way::Open)).await;
            let read = responded.and_then(|responded| {
                if let Way::Read(read) = way {
                    promise::accept(&responded.0, self.operation, self.request, read)?;
                }
                Ok(responded)
            });
            let error = match read {
                Ok(responded) => {
                    self.core.budget().responded();
                    return Ok(responded);
                }
                Err(error) => error,
            };
            match error.status() {
                Some(429) => {
                    self.is_throttled = true;
                    self.core.budget().throttled(error.retry_after());
                }
                Some(_) => self.core.budget().responded(),
                None => {}
            }
            if let Some(upload) = &self.request.upload
                && !upload.can_be_sent()
            {
                return Err(error);
            }
            if let Some(renewed) = self.renewed(&bearer, &error, &mut renewals).await? {
                bearer = renewed;
                continue;
            }
            self.effect = self.effect.max(error.effect());
            let elapsed = self.started.elapsed();
            let retry = self.core.retry();
            self.timed += u32::from(error.retry_after().is_some());
            let tried = Tried {
                attempts: self.attempts,
                timed: self.timed,
                elapsed,
            };
            let Some(delay) = retry.next_delay(self.operation, &error, tried) else {
                return Err(error);
            };
            telemetry::repeated(&error, self.attempts, delay);
            Box::pin(sleep(delay)).await;
            bearer = self.bearer().await?;
        }
    }

    async fn permission(&mut self) -> Result<(), Error> {
        if self.core.budget().permission_at_once() {
            return Ok(());
        }
        let has_waited = Box::pin(self.in_time(
            Kind::Budget,
            "timed out waiting for the rate limiter",
            self.core.budget().permission(),
        ))
        .await;
        self.is_throttled |= has_waited.as_ref().copied().unwrap_or(true);
        has_waited.map(|_| ())
    }

    fn time_left(&self) -> Duration {
        self.core
            .retry()
            .longest_call(self.operation.patience())
            .saturating_sub(self.started.elapsed())
    }

    /// Waits at most for the remaining time of the call; nothing was sent meanwhile.
    pub(super) async fn in_time<T>(
        &self,
        kind: Kind,
        what: &str,
        future: impl Future<Output = T>,
    ) -> Result<T, Error> {
        timeout(self.time_left(), future).await.map_err(|_| {
            let total = self.core.retry().longest_call(self.operation.patience());
            Error::new(
                kind,
                format!("{what} (total time {} s)", total.as_secs_f64()),
            )
        })
    }

    /// Sends it once.
    async fn attempt(&self, bearer: &Bearer, opens: bool) -> Result<Responded, Error> {
        let shared = &self.core.shared;
        let responding = shared.http.execute(self.prepared(bearer).await?);
        let exchange = async {
            let mut response = responding.await.map_err(|error| self.not_sent(error))?;
            if opens && response.status().is_redirection() {
                response = Box::pin(self.redirected(response)).await?;
            } else if !shared.address.is_same_origin(response.url()) {
                return Err(Error::new(
                    Kind::CrossOrigin,
                    "the response comes from another host: use an HTTP client that follows no redirects",
                )
                .with_effect(self.possible_effect()));
            } else {
                shared.clock.note(response.headers());
            }
            if opens && response.status().is_success() {
                return Ok((Response::begun(&response), Some(Box::new(response))));
            }
            let read = Response::read(&mut response, self.operation, self.core.limits());
            read.await.map(|response| (response, None))
        };
        match &self.request.upload {
            Some(upload) => Box::pin(self.while_it_moves(upload, exchange)).await,
            None => {
                let longest = self
                    .core
                    .limits()
                    .longest_attempt(self.operation.patience());
                let time = longest.min(self.time_left());
                let result = timeout(time, exchange).await;
                result.unwrap_or_else(|_| Err(self.too_late(time)))
            }
        }
    }

    /// An upload may take any time, as long as it makes progress.
    async fn while_it_moves<T>(
        &self,
        upload: &Upload,
        exchange: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let time = self
            .core
            .limits()
            .longest_attempt(self.operation.patience());
        let mut exchange = std::pin::pin!(exchange);
        let mut sent = upload.sent();
        loop {
            match timeout(time, exchange.as_mut()).await {
                Ok(result) => return result,
                Err(_) if upload.sent() != sent => sent = upload.sent(),
                Err(_) => return Err(self.too_late(time)),
            }
        }
    }

    fn too_late(&self, time: Duration) -> Error {
        Error::new(
            Kind::Timeout,
            format!("no response within {} s", time.as_secs_f64()),
        )
        .with_effect(self.possible_effect())
    }

    async fn prepared(&self, bearer: &Bearer) -> Result<reqwest::Request, Error> {
        let shared = &self.core.shared;
        let mut request =
            reqwest::Request::new(self.request.method.clone(), self.request.url.clone());
        let headers = request.headers_mut();
        *headers = self.request.headers(self.core, self.id.as_str())?;
        headers.insert(AUTHORIZATION, bearer.header.clone());
        headers.insert(USER_AGENT, shared.user_agent.clone());
        if let Some(upload) = &self.request.upload {
            *request.body_mut() = Some(Box::pin(upload.body()).await?);
        } else if let Some(body) = &self.request.body {
            *request.body_mut() = Some(body.clone().into());
        }
        Ok(request)
    }

    /// The HTTP client's error if there is no response. Its text would contain the whole URL, which is left out.
    pub(super) fn not_sent(&self, error: reqwest::Error) -> Error {
        let source_failed = self
            .request
            .upload
            .as_ref()
            .is_some_and(Upload::source_failed);
        let (kind, message, effect) = if source_failed {
            (
                Kind::Refused,
                "the upload cannot be completed",
                self.possible_effect(),
            )
        } else if error.is_connect() {
            (Kind::Connect, "request failed", Effect::NotApplied)
        } else if error.is_timeout() {
            (
                Kind::Timeout,
                "no response within the time that the HTTP client allows",
                self.possible_effect(),
            )
        } else if error.is_builder() {
            (
                Kind::Refused,
                "the HTTP client rejects the request",
                Effect::NotApplied,
            )
        } else {
            (
                Kind::Lost,
                "the connection was lost before a response came",
                self.possible_effect(),
            )
        };
        Error::new(kind, message)
            .with_effect(effect)
            .with_source(error.without_url())
    }

    fn possible_effect(&self) -> Effect {
        promise::possible(self.operation)
    }
}
