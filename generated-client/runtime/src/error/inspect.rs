//! The accessors and predicates of an error.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use super::{Effect, Error, ErrorDetail, Kind, cause, roles};

impl Error {
    /// Returns the status of the service's response, if there was one. The status of an identity provider's response is
    /// in the message.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the service's code, such as `TooManyRequests`. An empty code counts as none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the service's message; if it has none that can be read, the start of its response; if nothing was sent,
    /// the reason with its causes. It may have several lines and any length; [`Display`](std::fmt::Display) shows one
    /// line of it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the details of an error, if the service lists them.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// Returns the `operationId` of the call, such as `updateIncident`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the service's id of the request, which Microsoft's support needs.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the client's id of the call: all of its attempts have the same.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.0.client_request_id.as_deref()
    }

    /// Returns how long the service asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the application permissions, each of which would suffice, if the service responded with 403.
    ///
    /// They are those that the service lists; if it lists none, those of the operation's documentation.
    #[must_use]
    pub fn missing_roles(&self) -> &[String] {
        &self.0.missing_roles
    }

    /// Returns how often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the effect of the call on the service's data.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// Returns the subject of the call: the identifiers in its path, or the path of a raw request.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// Returns the claims that the service or the identity provider requires of a token, as JSON: a claims challenge of
    /// continuous access evaluation or conditional access.
    ///
    /// The client passes them to the [`TokenSource`](crate::auth::TokenSource) with its next
    /// [`TokenRequest`](crate::auth::TokenRequest); the error has them if that did not help.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.0.claims.as_deref()
    }

    /// Returns the operating system's error of the connection: refused, reset, timed out.
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

    /// Returns the cause with a type, such as the error of your own token source.
    #[must_use]
    pub fn cause<T: StdError + 'static>(&self) -> Option<&T> {
        let cause = self.0.cause.as_deref()?;
        cause::chain(cause).find_map(|cause| cause.downcast_ref::<T>())
    }

    /// Whether the failure may be transient, so that another sign-in may help.
    pub(crate) fn is_transient(&self) -> bool {
        self.0.is_transient
    }

    /// Whether the service refuses because the token lacks roles.
    pub(crate) fn lacks_roles(&self) -> bool {
        self.0.status == Some(403) && roles::are_missing(self.code(), self.message())
    }

    /// Whether no connection was possible.
    #[cfg_attr(
        not(any(test, feature = "oauth")),
        expect(dead_code, reason = "only sign-in asks")
    )]
    pub(crate) fn is_unreachable(&self) -> bool {
        self.cause::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_connect)
    }

    /// Returns whether the service throttled the call (429) for as long as the retry policy allows, or the rate budget
    /// granted no permission in time.
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

    /// Returns whether the incident or alert does not exist (404).
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

    /// Returns whether the caller lacks a permission (403); see [`Self::missing_roles`].
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

    /// Returns whether the token was not accepted (401), or none could be acquired.
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

    /// Returns whether the service found the request invalid (400).
    #[must_use]
    pub fn is_bad_request(&self) -> bool {
        self.0.status == Some(400)
    }

    /// Returns whether this crate refused to send the request.
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

    /// Returns whether the connection failed or was lost.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self.0.kind, Kind::Connect | Kind::Lost)
    }

    /// Returns whether a timeout elapsed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::Timeout
    }

    /// Returns whether the response could not be read.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == Kind::Decode
    }

    /// Returns whether a limit of this crate was reached: size of a response, number of pages.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.0.kind == Kind::Limit
    }

    /// Returns whether a response or a link leads to another host. The token was not sent there.
    #[must_use]
    pub fn is_cross_origin(&self) -> bool {
        self.0.kind == Kind::CrossOrigin
    }
}

#[cfg(test)]
mod tests;
