//! The one error of this crate: what went wrong, in which operation, and what it means for what was written.

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
/// It is opaque: ask it with its predicates and accessors. [`Display`](std::fmt::Display) and [`Debug`] are one
/// line to act on and to paste into a support case: operation and identifier, status, code, message with every cause
/// once, missing permissions and request ids. It never holds a token, a body that was sent, or a query. There is no
/// `source()`, since the line has said it; [`Error::cause`] finds one by its type.
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
    /// What the call was about: the identifiers in its path, or a path of the caller's own.
    subject: Option<String>,
    is_transient: bool,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
    /// The page in front of the fault, where a response ended early.
    partial: Option<Arc<dyn Any + Send + Sync>>,
}

/// The kinds that the predicates tell apart.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// This crate would not send it.
    #[default]
    Refused,
    /// The client cannot be built as it was asked to.
    Configuration,
    /// No token could be acquired.
    Token,
    /// The rate budget gave no permission in time; nothing was sent.
    Budget,
    /// No connection; nothing was sent.
    Connect,
    /// The connection was lost after something had been sent.
    Lost,
    /// It took longer than it may.
    Timeout,
    /// The service refused.
    Service,
    /// The response could not be read as what it should be.
    Decode,
    /// A bound of this crate was reached.
    Limit,
    /// A link or a redirection that leaves the service.
    CrossOrigin,
}

/// The effect of a failed call on the service's data, as far as it is known.
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

    /// Keeps what was read of a response before the fault.
    pub(crate) fn with_partial<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.0.partial = Some(Arc::new(value));
        self
    }

    /// Takes what was read of a response before the fault.
    pub(crate) fn take_partial<T: Send + Sync + 'static>(&mut self) -> Option<T> {
        let partial = self.0.partial.take()?.downcast().ok()?;
        Arc::into_inner(partial)
    }

    /// Adds what it was caused by: its texts come after the message, each once; it stays for the accessors.
    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let source: Box<dyn StdError + Send + Sync> = source.into();
        cause::append(&mut self.0.message, &*source);
        self.0.cause = Some(Arc::from(source));
        self
    }

    /// Creates the error of a token source that has failed.
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

    /// Says how often a token was asked for.
    pub(crate) fn of_sign_in(mut self, attempts: u32) -> Self {
        if attempts > 1 {
            self.0.message = format!("{} (after {attempts} attempts)", self.0.message);
        }
        self
    }

    /// Says that it may pass, so that to ask again may help.
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

    /// Says which operation it was that could not be sent.
    pub(crate) fn of_operation(mut self, operation: &Operation) -> Self {
        self.0.operation = Some(operation.id());
        self
    }

    /// Says what the call was about.
    pub(crate) fn about(mut self, subject: Option<String>) -> Self {
        self.0.subject = subject;
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
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.to_string()).with_source(refusal)
    }
}
