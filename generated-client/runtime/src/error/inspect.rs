//! What an error can be asked: accessors for what is known, predicates for what to do about it.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use super::{Effect, Error, ErrorDetail, Kind, cause, roles};

impl Error {
    /// Returns the status of the service's response, if there was one. What an identity provider responds is in the
    /// message.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the service's code, such as `TooManyRequests`. The service may leave it empty: then there is none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns what the service said; where it said nothing that can be read, the beginning of what it sent; where it
    /// was not asked, the reason, with its causes. It may have several lines and any length;
    /// [`Display`](std::fmt::Display) shows one line of it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the single reasons, where the service lists them.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// Returns the `operationId` of the call, such as `updateIncident`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the service's name for the request; support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns our name for the call: all of its attempts carry it.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.0.client_request_id.as_deref()
    }

    /// Returns how long the service asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the application permissions, any one of which would have sufficed, where the service responded with 403.
    ///
    /// They are those that the service names; where it names none, those that the operation is documented with.
    #[must_use]
    pub fn missing_roles(&self) -> &[String] {
        &self.0.missing_roles
    }

    /// Returns how often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns what the call has done to the service's data.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// Returns what the call was about: the identifiers in its path, or the path of a raw request.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// Returns the claims that the service, or the identity provider, wants a token to satisfy, as JSON: a claims
    /// challenge of continuous access evaluation or conditional access.
    ///
    /// A [`TokenSource`](crate::auth::TokenSource) gets them with its next
    /// [`TokenRequest`](crate::auth::TokenRequest); they stay here where that did not help.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.0.claims.as_deref()
    }

    /// Returns what was wrong with the connection, as the operating system names it: refused, reset, timed out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_client_runtime::{Core, RetryPolicy};
    ///
    /// let nobody = Core::builder().base_url("http://127.0.0.1:1/beta").token("t").retry(RetryPolicy::none()).build()?;
    /// let error = nobody.get("/me").await.unwrap_err();
    /// assert_eq!(error.io_kind(), Some(std::io::ErrorKind::ConnectionRefused));
    /// assert!(error.to_string().starts_with("get /me: request failed: connection refused"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        self.0
            .cause
            .as_deref()
            .and_then(|cause| cause::io_kind(cause))
    }

    /// Returns the cause of a type, such as the error of a token source of your own.
    #[must_use]
    pub fn cause<T: StdError + 'static>(&self) -> Option<&T> {
        let cause = self.0.cause.as_deref()?;
        cause::chain(cause).find_map(|cause| cause.downcast_ref::<T>())
    }

    /// Whether the failure may pass, so that to sign in again may help.
    pub(crate) fn is_transient(&self) -> bool {
        self.0.is_transient
    }

    /// Whether the service refuses for roles that the token lacks.
    pub(crate) fn lacks_roles(&self) -> bool {
        self.0.status == Some(403) && roles::are_missing(self.code(), self.message())
    }

    /// Whether nobody could be reached.
    #[cfg_attr(
        not(feature = "oauth"),
        expect(dead_code, reason = "only sign-in asks")
    )]
    pub(crate) fn is_unreachable(&self) -> bool {
        self.cause::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_connect)
    }

    /// Whether the service asked to slow down (429), and went on doing so for as long as the retry policy allows; or
    /// whether the rate budget gave no permission for so long.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url());
    /// # use graph_incidents_simulator::{Fault, FaultRule, RetryAfter};
    /// # let throttled = Fault::Status { status: 429, retry_after: Some(900), retry_after_form: RetryAfter::Seconds, applied: false };
    /// # simulator.faults().add(FaultRule::new(throttled)).unwrap();
    /// # let client = client.token(simulator.token()).build()?;
    /// let error = client.get("/security/incidents/2972395").await.unwrap_err();
    /// assert!(error.is_throttled());
    /// assert_eq!(error.retry_after().map(|delay| delay.as_secs()), Some(900));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.0.status == Some(429) || self.0.kind == Kind::Budget
    }

    /// Whether there is no such incident or alert (404).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url());
    /// # let client = client.token(simulator.token()).build()?;
    /// let error = client.get("/security/incidents/404404").await.unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.status == Some(404)
    }

    /// Whether the caller may not do this (403); see [`Self::missing_roles`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url());
    /// # let token = simulator.application_token(["SecurityIncident.Read.All"], None);
    /// # let client = client.token(token).build()?;
    /// let nobody = serde_json::json!({"assignedTo": null});
    /// let error = client.patch("/security/incidents/2972395").json(&nobody).await.unwrap_err();
    /// assert!(error.is_permission_denied());
    /// assert_eq!(error.missing_roles(), ["SecurityIncident.ReadWrite.All"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.0.status == Some(403)
    }

    /// Whether the token was not accepted (401), or none could be acquired.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url());
    /// # let client = client.token("no token of this service").build()?;
    /// let error = client.get("/security/incidents/2972395").await.unwrap_err();
    /// assert!(error.is_unauthenticated());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        self.0.status == Some(401) || self.0.kind == Kind::Token
    }

    /// Whether the service found the request wrong (400).
    #[must_use]
    pub fn is_bad_request(&self) -> bool {
        self.0.status == Some(400)
    }

    /// Whether this crate refused to send it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url());
    /// # let client = client.token(simulator.token()).build()?;
    /// let error = client.get("/security/../me").await.unwrap_err();
    /// assert!(error.is_refused());
    /// assert_eq!(error.attempts(), 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.0.kind, Kind::Refused | Kind::Configuration)
    }

    /// Whether the connection failed or was lost.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self.0.kind, Kind::Connect | Kind::Lost)
    }

    /// Whether it took longer than it may.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::Timeout
    }

    /// Whether the response could not be read as what it should be.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == Kind::Decode
    }

    /// Whether a bound of this crate was reached: size of a response, number of pages.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.0.kind == Kind::Limit
    }

    /// Whether a response or a link leads away from the configured host. The token was not sent there.
    #[must_use]
    pub fn is_cross_origin(&self) -> bool {
        self.0.kind == Kind::CrossOrigin
    }
}

#[cfg(test)]
mod tests;
