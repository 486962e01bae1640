//! The one error of this crate: what went wrong, in which operation, and what it means for what was written.

mod body;
mod display;
mod repeat;
mod roles;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use body::{ServiceError, identifier};

use crate::data::Refusal;
use crate::operation::Operation;

/// What went wrong.
///
/// It is opaque: ask it with its predicates and accessors. [`Display`](std::fmt::Display) is one line to act on and
/// to paste into a support case: operation, status, code, message and request ids. It never holds a token, a body
/// that was sent, or a query.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
/// # let client = graph_client_runtime::Core::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
/// match client.get("/security/incidents/2972395").await {
///     Ok(incident) => println!("{}", incident["displayName"]),
///     Err(error) if error.is_not_found() => println!("no such incident"),
///     Err(error) if error.is_permission_denied() => println!("grant one of {:?}", error.missing_roles()),
///     Err(error) => return Err(error.into()),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

#[derive(Debug, Default, Clone)]
struct Inner {
    kind: Kind,
    operation: Option<&'static str>,
    status: Option<u16>,
    code: Option<String>,
    message: String,
    details: Vec<ErrorDetail>,
    request_id: Option<String>,
    client_request_id: Option<String>,
    retry_after: Option<Duration>,
    missing_roles: Vec<String>,
    attempts: u32,
    effect: Effect,
    is_operation_repeatable: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The kinds that the predicates tell apart.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// This crate would not send it.
    #[default]
    Refused,
    /// The client cannot be built as it was asked to.
    Configuration,
    /// No token could be had.
    Token,
    /// The rate budget gave no permission in time; nothing was sent.
    Budget,
    /// No connection; nothing was sent.
    Connect,
    /// The connection was lost after something had been sent.
    Lost,
    /// It took longer than it may.
    Timeout,
    /// The service answered with an error.
    Service,
    /// The answer could not be read as what it should be.
    Decode,
    /// A bound of this crate was reached.
    Limit,
    /// A link or a redirection that leaves the service.
    CrossOrigin,
}

/// What a failed call has done to the service's data, as far as anybody can know.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing was written: the request was never sent, or the service rejected it.
    #[default]
    NotApplied,
    /// Nobody can tell: the response was lost, or does not say. Read the resource to find out.
    Unknown,
    /// It was written, but the response could not be read.
    Applied,
}

/// One of several reasons that an error body lists.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The code; may be empty.
    pub code: String,
    /// The text.
    pub message: String,
    /// What it is about, such as a property.
    pub target: Option<String>,
}

impl Error {
    /// Creates the error of a bound that was reached, with the reason; for code that is built on this crate.
    pub fn limit(message: impl Into<String>) -> Self {
        Self::new(Kind::Limit, message)
    }

    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            ..Inner::default()
        }))
    }

    /// Creates the error of a response that is not what it should be, with the reason; for code that is built on this
    /// crate.
    pub fn invalid_response(message: impl Into<String>) -> Self {
        Self::new(Kind::Decode, message)
    }

    /// Creates the error of a request that is not sent, with the reason; for code that is built on this crate.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_retry_after(mut self, delay: Option<Duration>) -> Self {
        self.0.retry_after = delay;
        self
    }

    pub(crate) fn with_effect(mut self, effect: Effect) -> Self {
        self.0.effect = effect;
        self
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        if request_id.is_some() {
            self.0.request_id = request_id;
        }
        self
    }

    /// Takes what the body of an error says.
    pub(crate) fn with_body(mut self, body: ServiceError) -> Self {
        let inner = &mut self.0;
        inner.message = body.message;
        inner.code = body.code;
        inner.details = body.details;
        inner.request_id = inner.request_id.take().or(body.request_id);
        inner.client_request_id = inner.client_request_id.take().or(body.client_request_id);
        self
    }

    /// Says which call it was.
    pub(crate) fn of_call(
        mut self,
        operation: &Operation,
        client_request_id: &str,
        attempts: u32,
    ) -> Self {
        let inner = &mut self.0;
        inner.operation = Some(operation.id());
        inner.client_request_id = Some(client_request_id.to_owned());
        inner.attempts = attempts;
        inner.is_operation_repeatable = operation.is_repeatable();
        if inner.status == Some(403) {
            inner.missing_roles = roles::missing(&inner.message, operation.permissions());
        }
        self
    }

    /// Says in which listing a page was wrong.
    pub(crate) fn of_listing(mut self, operation: &Operation) -> Self {
        self.0.operation = Some(operation.id());
        self
    }

    /// The same error once more, for the next of several that have failed together.
    pub(crate) fn again(&self) -> Self {
        Self(self.0.clone())
    }

    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The service's code, such as `TooManyRequests`. The service may leave it empty: then there is none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What the service said; where it said nothing that can be read, the beginning of what it sent; where it was
    /// not asked, why.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The single reasons, where the service lists them.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// The `operationId` of the call, such as `updateIncident`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The service's name for the request; support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Our name for the call: all of its attempts carry it.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.0.client_request_id.as_deref()
    }

    /// How long the service asked to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Application permissions, any one of which would have sufficed, where the service answered 403.
    ///
    /// They are those that the service names; where it names none, those that the operation is documented with.
    #[must_use]
    pub fn missing_roles(&self) -> &[String] {
        &self.0.missing_roles
    }

    /// How often it was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// What the call has done to the service's data.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect
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

    /// Whether the token was not accepted (401), or could not be had.
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

    /// Whether the answer could not be read as what it should be.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == Kind::Decode
    }

    /// Whether a bound of this crate was reached: size of an answer, number of pages.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.0.kind == Kind::Limit
    }

    /// Whether an answer or a link leads away from the configured host. The token was not sent there.
    #[must_use]
    pub fn is_cross_origin(&self) -> bool {
        self.0.kind == Kind::CrossOrigin
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.to_string()).with_source(refusal)
    }
}
