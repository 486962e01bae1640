//! The error of this crate: what failed, in which operation, and its effect on the service's data.

mod body;
mod cause;
mod display;
mod inspect;
mod repeat;
mod roles;

use std::any::Any;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use body::{ServiceError, identifier};
pub(crate) use display::line;

use crate::data::Refusal;
use crate::operation::Operation;

/// An error of the client.
///
/// It is opaque: use its predicates and accessors. [`Display`](std::fmt::Display) and [`Debug`] are one line to act on
/// and to paste into a support case: operation and identifier, status, code, message with every cause once, missing
/// permissions and request ids. It never contains a token, a sent body, or a query. `source()` is `None`, because the
/// line includes the causes; [`Error::cause`] finds one by its type.
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
    claims: Option<String>,
    /// The subject of the call: the identifiers in its path, or the path of a raw request.
    subject: Option<String>,
    is_transient: bool,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
    /// The part of a page before the error, if a response ended early.
    partial: Option<Arc<dyn Any + Send + Sync>>,
}

/// The kinds that the predicates tell apart.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// This crate refused to send it.
    #[default]
    Refused,
    /// The client's settings are invalid.
    Configuration,
    /// No token could be acquired.
    Token,
    /// The rate budget granted no permission in time; nothing was sent.
    Budget,
    /// No connection; nothing was sent.
    Connect,
    /// The connection was lost after something was sent.
    Lost,
    /// A timeout elapsed.
    Timeout,
    /// The service refused.
    Service,
    /// The response could not be read.
    Decode,
    /// A limit of this crate was reached.
    Limit,
    /// A link or a redirect that leads to another host.
    CrossOrigin,
}

/// The effect of a failed call on the service's data, if known.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing was written: the request was never sent, or the service rejected it.
    #[default]
    NotApplied,
    /// Unknown: the response was lost, or does not say. Read the resource to find out.
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
    /// The message.
    pub message: String,
    /// The target, such as a property.
    pub target: Option<String>,
}

impl Error {
    /// Creates the error of a reached limit, with the reason; for code on top of this crate.
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

    /// Creates the error of an invalid response, with the reason; for code on top of this crate.
    pub fn invalid_response(message: impl Into<String>) -> Self {
        Self::new(Kind::Decode, message)
    }

    /// Creates the error of a request that is refused before it is sent, with the reason; for code on top of this
    /// crate.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    /// Stores the part of a response before the error.
    pub(crate) fn with_partial<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.0.partial = Some(Arc::new(value));
        self
    }

    /// Takes the part of a response before the error.
    pub(crate) fn take_partial<T: Send + Sync + 'static>(&mut self) -> Option<T> {
        let partial = self.0.partial.take()?.downcast().ok()?;
        Arc::into_inner(partial)
    }

    /// Adds a cause: its texts follow the message, each once; accessors can find it.
    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let source: Box<dyn StdError + Send + Sync> = source.into();
        cause::append(&mut self.0.message, &*source);
        self.0.cause = Some(Arc::from(source));
        self
    }

    /// Creates the error of a failed token source.
    pub(crate) fn token(source: crate::auth::BoxError) -> Self {
        let failed = "failed to acquire a token";
        let mut error = match source.downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => return Self::new(Kind::Token, failed).with_source(source),
        };
        error.0.status = None;
        error.0.kind = Kind::Token;
        error.0.message = format!("{failed}: {}", error.0.message);
        error
    }

    #[cfg(feature = "oauth")]
    pub(crate) fn with_message(mut self, message: String) -> Self {
        self.0.message = message;
        self
    }

    #[cfg(any(feature = "oauth", test))]
    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn with_claims(mut self, claims: Option<String>) -> Self {
        self.0.claims = claims;
        self
    }

    /// Sets the number of token requests.
    pub(crate) fn of_sign_in(mut self, attempts: u32) -> Self {
        if attempts > 1 {
            self.0.message = format!("{} (after {attempts} attempts)", self.0.message);
        }
        self
    }

    /// Marks it as transient, so that a retry may help.
    pub(crate) fn transient(mut self) -> Self {
        self.0.is_transient = true;
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

    /// Takes the content of an error body.
    pub(crate) fn with_body(mut self, body: ServiceError) -> Self {
        let inner = &mut self.0;
        inner.message = body.message;
        inner.code = body.code;
        inner.details = body.details;
        inner.request_id = inner.request_id.take().or(body.request_id);
        inner.client_request_id = inner.client_request_id.take().or(body.client_request_id);
        self
    }

    /// Sets the operation that could not be sent.
    pub(crate) fn of_operation(mut self, operation: &Operation) -> Self {
        self.0.operation = Some(operation.id());
        self
    }

    /// Sets the subject of the call.
    pub(crate) fn about(mut self, subject: Option<String>) -> Self {
        self.0.subject = subject;
        self
    }

    /// Sets the ids of the call.
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

    /// A copy of the error, for one of several calls that failed together.
    pub(crate) fn again(&self) -> Self {
        Self(self.0.clone())
    }

    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.to_string()).with_source(refusal)
    }
}
