//! A request of a generated operation: built by generated code, sent alone or in a batch by the same parts.

use bytes::Bytes;
use reqwest::header::InvalidHeaderValue;

use crate::core::{Core, Request, Response, response};
use crate::error::Error;
use crate::headers::WithHeaders;
use crate::operation::Operation;
use crate::requests::CallFuture;

pub use crate::core::Read;

/// A request that an operation of a generated client begins.
///
/// Whoever sends it, alone or as a part of something larger, asks for the same [`Request`](Self::request) and reads
/// the response with the same [`READ`](Self::READ).
pub trait Call: Sized {
    /// What a successful response holds.
    type Response: Send;

    /// Reads a successful response.
    const READ: Read<Self::Response>;

    /// Returns the core that sends it, and what is known of the operation before it is called.
    fn parts(&self) -> (&Core, &'static Operation);

    /// Builds the request.
    ///
    /// # Errors
    ///
    /// Returns what is refused before it is sent.
    fn request(&self) -> Result<Request, Error>;

    /// Sends it, and returns the status and the headers of the response beside what it holds: an `ETag`, the
    /// `Location` of an operation that goes on after the response.
    ///
    /// # Errors
    ///
    /// Like sending it without the headers.
    fn with_headers(self) -> impl Future<Output = Result<WithHeaders<Self::Response>, Error>> {
        async move {
            let request = self.request()?;
            let (core, operation) = self.parts();
            let performed = core.perform(request, operation, Self::READ);
            performed.await
        }
    }

    /// Sends it, and returns the body as the service has sent it, unread.
    ///
    /// # Errors
    ///
    /// Returns what is refused before it is sent, what the service refused, and what could not be sent or received.
    fn bytes(self) -> impl Future<Output = Result<Bytes, Error>> {
        async move {
            let request = self.request()?;
            let read = |response: &Response, _: &Operation| Ok(response.body.clone());
            let (core, operation) = self.parts();
            core.call(&request, operation, read).await
        }
    }
}

/// Sends a request by itself.
///
/// # Errors
///
/// Returns what is refused before it is sent, what the service refused, and what could not be sent or read.
///
/// The future is in a box, so that what there is to prove of it is proven once and not for each operation.
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
    /// Returns an error when the body is no JSON, or none of that type.
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
            // The whole items of a page that ends early.
            (Err(error), Some(partial)) if T::HAS_ITEMS => Err(error.with_partial(partial)),
            (Err(error), _) => Err(error),
        }
    }

    /// Reads a whole number as plain text.
    ///
    /// # Errors
    ///
    /// Returns an error when the body is no number.
    pub fn number(response: &Response, operation: &Operation, _: &Limits) -> Result<i64, Error> {
        response::number(response, operation)
    }

    /// Reads nothing, whatever the body holds.
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
