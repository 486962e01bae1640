//! One call: attempts, and what stands between them.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, USER_AGENT};
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument as _;

use super::promise::{self, Reader};
use super::{Core, Request, Response, subject, token};
use crate::auth::Bearer;
use crate::error::{Effect, Error, Kind};
use crate::operation::Operation;
use crate::retry::Tried;
use crate::{random, telemetry};

impl Core {
    /// Sends a request until its answer can be read.
    pub(crate) async fn call<T: Send>(
        &self,
        request: &Request,
        operation: &Operation,
        read: fn(&Response, &Operation) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut value = None;
        let mut reader = |answer: &Response| {
            value = Some(read(answer, operation)?);
            Ok(())
        };
        self.exchange(request, operation, &mut reader).await?;
        value.ok_or_else(|| Error::new(Kind::Decode, "the answer has no value"))
    }

    /// Sends a request until it succeeds, cannot succeed, or the policy has had enough. It is not generic, so that a
    /// program has it once, however many types it reads.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        operation: &Operation,
        read: &mut Reader<'_>,
    ) -> Result<(), Error> {
        let span = telemetry::span(operation, &request.url, self.address());
        let mut call = Call {
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
        let result = call.run(read).instrument(span.clone()).await;
        let outcome = telemetry::Outcome {
            attempts: call.attempts,
            client_request_id: call.id.as_str(),
            elapsed: call.started.elapsed(),
            is_throttled: call.is_throttled,
        };
        match result {
            Ok(response) => {
                telemetry::succeeded(&span, &response, &outcome);
                Ok(())
            }
            Err(error) => {
                let effect = match (error.status(), operation.method()) {
                    // An attempt before this one has deleted it, and its response was lost.
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

pub(super) struct Call<'a> {
    pub(super) core: &'a Core,
    request: &'a Request,
    operation: &'a Operation,
    id: Id,
    pub(super) started: Instant,
    attempts: u32,
    /// How many of them failed with a response that says when to come back.
    timed: u32,
    /// What the attempts so far may have done.
    effect: Effect,
    /// Whether it had to wait for the service or for the rate limiter.
    is_throttled: bool,
}

impl Call<'_> {
    async fn run(&mut self, read: &mut Reader<'_>) -> Result<Response, Error> {
        let mut bearer = self.bearer().await?;
        let mut renewals = token::Renewals::default();
        loop {
            self.permission().await?;
            if bearer.has_expired() {
                bearer = self.bearer().await?;
            }
            self.attempts += 1;
            let response = self.attempt(&bearer).await;
            let read = response.and_then(|response| {
                promise::accept(&response, self.operation, self.request, read).map(|()| response)
            });
            let error = match read {
                Ok(answer) => {
                    self.core.budget().answered();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            match error.status() {
                Some(429) => {
                    self.is_throttled = true;
                    self.core.budget().throttled(error.retry_after());
                }
                Some(_) => self.core.budget().answered(),
                None => {}
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

    /// Waits as long as the call may take; nothing has been sent meanwhile.
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
    async fn attempt(&self, bearer: &Bearer) -> Result<Response, Error> {
        let shared = &self.core.shared;
        let answering = shared.http.execute(self.prepared(bearer)?);
        let longest = self
            .core
            .limits()
            .longest_attempt(self.operation.patience());
        let time = longest.min(self.time_left());
        let exchange = async {
            let mut response = answering.await.map_err(|error| self.not_answered(error))?;
            if !shared.address.is_same_origin(response.url()) {
                return Err(Error::new(
                    Kind::CrossOrigin,
                    "the response comes from another host: use an HTTP client that follows no redirects",
                )
                .with_effect(self.possible_effect()));
            }
            shared.clock.note(response.headers());
            Response::read(&mut response, self.operation, self.core.limits()).await
        };
        match timeout(time, exchange).await {
            Ok(result) => result,
            Err(_) => Err(Error::new(
                Kind::Timeout,
                format!("no response within {} s", time.as_secs_f64()),
            )
            .with_effect(self.possible_effect())),
        }
    }

    fn prepared(&self, bearer: &Bearer) -> Result<reqwest::Request, Error> {
        let shared = &self.core.shared;
        let mut request =
            reqwest::Request::new(self.request.method.clone(), self.request.url.clone());
        let headers = request.headers_mut();
        *headers = self.request.headers(self.core, self.id.as_str())?;
        headers.insert(AUTHORIZATION, bearer.header.clone());
        headers.insert(USER_AGENT, shared.user_agent.clone());
        if let Some(body) = &self.request.body {
            *request.body_mut() = Some(body.clone().into());
        }
        Ok(request)
    }

    /// What the HTTP client says when there is no answer. Its text would name the whole address: it is left out.
    fn not_answered(&self, error: reqwest::Error) -> Error {
        let (kind, message, effect) = if error.is_connect() {
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
