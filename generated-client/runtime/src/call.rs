//! A request of a generated operation: built by generated code, and sent alone or in a batch.

use bytes::Bytes;
use reqwest::header::InvalidHeaderValue;

use crate::core::{Core, Request, Response, response};
use crate::error::Error;
use crate::headers::WithHeaders;
use crate::operation::Operation;
use crate::requests::CallFuture;

pub use crate::core::Read;

/// A request of an operation of a generated client.
///
/// Whether it is sent alone or as a part of a batch, the same [`Request`](Self::request) is sent, and the response is
/// read by the same [`READ`](Self::READ).
pub trait Call: Sized {
    /// The content of a successful response.
    type Response: Send;

    /// Reads a successful response.
    const READ: Read<Self::Response>;

    /// Returns the core that sends it, and the facts that are known about the operation before it is called.
    fn parts(&self) -> (&Core, &'static Operation);

    /// Builds the request.
    ///
    /// # Errors
    ///
    /// Returns why it is refused before it is sent.
    fn request(&self) -> Result<Request, Error>;

    /// Sends it, and returns the status and the headers of the response with its content: an `ETag`, or the `Location`
    /// of an operation that continues after the response.
    ///
    /// # Errors
    ///
    /// Returns the same errors as sending it without the headers.
    fn with_headers(self) -> impl Future<Output = Result<WithHeaders<Self::Response>, Error>> {
        async move {
            let request = self.request()?;
            let (core, operation) = self.parts();
            let performed = core.perform(request, operation, Self::READ);
            performed.await
        }
    }

    /// Sends it, and returns the body as the service sent it.
    ///
    /// # Errors
    ///
    /// Returns an error if it is refused before it is sent, refused by the service, or cannot be sent or received.
    fn bytes(self) -> impl Future<Output = Result<Bytes, Error>> {
        async move {
            let request = self.request()?;
            let read = |response: &Response, _: &Operation| Ok(response.body.clone());
            let (core, operation) = self.parts();
            core.call(&request, operation, read).await
        }
    }
}

/// Sends a request alone.
///
/// # Errors
///
/// Returns an error if it is refused before it is sent, refused by the service, or cannot be sent or read.
///
/// The future is boxed, so that its bounds are checked once and not for each operation.
pub fn send<'a, C: Call + Send + Sync + 'a>(call: C) -> CallFuture<'a, C::Response> {
    Box::pin(async move {
        let request = call.request()?;
        let (core, operation) = call.parts();
        let performed = core.perform(request, operation, C::READ).await;
        performed.map(WithHeaders::into_value)
    })
}

/// Decoders for responses.
pub mod responses {
    use super::{Error, Operation, Response, response};
    use crate::data::wire::Wire;
    use crate::error::Kind;
    use crate::limits::Limits;

    /// Reads JSON as a type.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not JSON or does not have that type.
    pub fn json<T: Wire>(
        response: &Response,
        operation: &Operation,
        limits: &Limits,
    ) -> Result<T, Error> {
        let mut slot = None;
        let read = response::value(response, operation, limits, &mut slot);
        match (read, slot) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(Error::new(Kind::Decode, "the response has no value")),
            // The complete items of a page that ends early.
            (Err(error), Some(partial)) if T::HAS_ITEMS => Err(error.with_partial(partial)),
            (Err(error), _) => Err(error),
        }
    }

    /// Reads an integer as plain text.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a number.
    pub fn number(response: &Response, operation: &Operation, _: &Limits) -> Result<i64, Error> {
        response::number(response, operation)
    }

    /// Ignores the body.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn nothing(_: &Response, _: &Operation, _: &Limits) -> Result<(), Error> {
        Ok(())
    }
}

impl From<InvalidHeaderValue> for Error {
    fn from(error: InvalidHeaderValue) -> Self {
        Self::refused("a header has characters that headers cannot contain").with_source(error)
    }
}
