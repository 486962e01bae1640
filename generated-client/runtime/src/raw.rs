//! Requests to any path, for operations that are not generated: with the same budget, headers, retries and errors.

use std::ops::{Bound, RangeBounds};

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::core::{Core, Request, RequestBuilder, Response};
use crate::data::Page;
use crate::error::Error;
use crate::operation::{Expected, Operation};
use crate::pages::Pages;
use crate::path;
use crate::query::Parameter;
use crate::requests::CallFuture;
use crate::transfer::{ByteRange, Download, Upload};

const GET: Operation = Operation::new("get", "GET", "{path}", &[]);
pub(crate) const LISTING: Operation = GET.expecting(Expected::List);
const HEAD: Operation = Operation::new("head", "HEAD", "{path}", &[]);
const POST: Operation = Operation::new("post", "POST", "{path}", &[]);
const PATCH: Operation = Operation::new("patch", "PATCH", "{path}", &[]);
const PUT: Operation = Operation::new("put", "PUT", "{path}", &[]);
const DELETE: Operation = Operation::new("delete", "DELETE", "{path}", &[]);

/// Requests to any path below the base address.
///
/// They use the same budget and headers, and fail with the same errors, as generated operations. A path is used
/// unchanged, so identifiers in it must be percent-encoded; a path that would leave the base address (`..`, `%2e%2e`,
/// `//`, a backslash, another host) is refused.
impl Core {
    /// Starts a `GET` of a path such as `/security/secureScores`.
    pub fn get(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::GET, GET, path)
    }

    /// Starts a `HEAD`; its response has no body, so the result is `null`.
    pub fn head(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::HEAD, HEAD, path)
    }

    /// Starts a `POST`. After a failure that leaves its outcome unknown, it is repeated only if it is marked as
    /// [`repeatable`](RawRequest::repeatable).
    pub fn post(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::POST, POST, path)
    }

    /// Starts a `PATCH`; it is repeated like a [`post`](Self::post).
    pub fn patch(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::PATCH, PATCH, path)
    }

    /// Starts a `PUT`; it is repeated like a [`post`](Self::post).
    pub fn put(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::PUT, PUT, path)
    }

    /// Starts a `DELETE`; it is repeated like a [`post`](Self::post). A 404 after a retry has
    /// [`Effect::Applied`](crate::Effect::Applied): the first request deleted the resource.
    pub fn delete(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::DELETE, DELETE, path)
    }
}

/// A request to any path. Send it with `.await`, which returns JSON (`null` if a write has no body to return), or with
/// [`send`](Self::send), which reads a type.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
/// # let core = graph_client_runtime::Core::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
/// let nobody = serde_json::json!({"assignedTo": null});
/// // It sets a value: a second time changes nothing.
/// let incident = core.patch("/security/incidents/2972395").json(&nobody).repeatable().await?;
/// assert!(incident["assignedTo"].is_null());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a request is sent by `.await`"]
pub struct RawRequest<'a> {
    core: &'a Core,
    operation: Operation,
    request: Result<RequestBuilder<'a>, Error>,
}

impl<'a> RawRequest<'a> {
    fn new(core: &'a Core, method: Method, operation: Operation, path: &str) -> Self {
        let request = below(core, path).map(|url| {
            let request = core.http().begin(method, url);
            request.header(ACCEPT, HeaderValue::from_static("application/json"))
        });
        Self {
            core,
            operation,
            request: request.map_err(|error| error.of_operation(&operation)),
        }
    }

    fn with(mut self, change: impl FnOnce(RequestBuilder<'a>) -> RequestBuilder<'a>) -> Self {
        self.request = self.request.map(change);
        self
    }

    /// Adds an option to the query; its value is encoded.
    pub fn query(self, name: &str, value: &str) -> Self {
        self.with(|request| request.query(&Parameter::new(name, &value)))
    }

    /// Adds a header. `Authorization` is set by the client and cannot be replaced.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.with(|request| request.header(name, value))
    }

    /// Sets the body, as JSON.
    pub fn json<T: Serialize + ?Sized>(self, body: &T) -> Self {
        self.with(|request| request.json(body))
    }

    /// Marks a second write as having no further effect, so that the request is repeated like a read: after a lost
    /// connection, a timeout, 502, 503 and 504. `GET` and `HEAD` are always repeated so, and 429 for every method.
    pub fn repeatable(mut self) -> Self {
        self.operation = self.operation.repeatable();
        self
    }

    /// Sets a body that is sent as a stream of bytes, with its own content type or else `application/octet-stream`.
    pub fn upload(self, body: impl Into<Upload>) -> Self {
        let body = body.into();
        self.with(|request| request.upload(&body, "application/octet-stream"))
    }

    /// Sends the request and returns once its response begins: a stream of bytes, all of them or a part.
    ///
    /// # Errors
    ///
    /// Returns an error if the service refuses the request, or it cannot be sent.
    pub async fn download(self, range: impl RangeBounds<u64>) -> Result<Download, Error> {
        let mut request = self.request?.build()?;
        // The service determines the type of the bytes.
        request.headers.retain(|(name, _)| *name != ACCEPT);
        let is_all = matches!(
            (range.start_bound(), range.end_bound()),
            (Bound::Unbounded, Bound::Unbounded)
        );
        let range = (!is_all).then(|| ByteRange::new(range));
        request.ask_for_bytes(range)?;
        let download = self.core.open(request, self.operation).await?;
        download.checked_against(range)
    }

    /// Returns the request as it would be sent.
    ///
    /// # Errors
    ///
    /// Returns why it is refused before it is sent.
    pub fn build(self) -> Result<Request, Error> {
        self.request?.build()
    }

    pub(crate) fn into_parts(self) -> (Operation, Result<Request, Error>) {
        let request = self.request.and_then(RequestBuilder::build);
        (self.operation, request)
    }

    /// Returns the pages of a listing, each item as JSON; see [`Pages`].
    ///
    /// # Errors
    ///
    /// If the request cannot be built, the first page is an error.
    pub fn pages(self) -> Pages<'a, Value> {
        let core = self.core.clone();
        let first = Box::pin(async move { self.core.send(self.request?.build()?, &LISTING).await });
        Pages::new(core, &LISTING, follow, first)
    }

    /// Sends the request and reads the response as a type; `()` for no content.
    ///
    /// # Errors
    ///
    /// Returns an error if the service refuses the request, or it cannot be sent or read.
    pub async fn send<T: DeserializeOwned + Send>(self) -> Result<T, Error> {
        let request: Request = self.request?.build()?;
        self.core.send_typed(request, &self.operation).await
    }

    /// Sends the request and returns the body as the service sent it.
    ///
    /// # Errors
    ///
    /// Returns an error if the service refuses the request, or it cannot be sent or received within the
    /// [`Limits`](crate::Limits).
    pub async fn bytes(self) -> Result<Bytes, Error> {
        let request: Request = self.request?.build()?;
        let read = |response: &Response, _: &Operation| Ok(response.body.clone());
        self.core.call(&request, &self.operation, read).await
    }
}

/// The URL of a path, which must stay below the base address.
fn below(core: &Core, path: &str) -> Result<String, Error> {
    let (plain, _) = path.split_once('?').unwrap_or((path, ""));
    let plain = plain.strip_prefix('/').unwrap_or(plain);
    if plain.contains(['\\', '#']) || plain.contains("://") {
        let message = format!("invalid path: {path:?} is not a path below the base address");
        return Err(Error::refused(message));
    }
    for segment in plain.split('/') {
        path::segment("path", segment)?;
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    Ok(format!("{}{slash}{path}", core.base_url()))
}

fn follow(
    core: Core,
    operation: &'static Operation,
    link: String,
) -> CallFuture<'static, Page<Value>> {
    Box::pin(async move { core.follow(&link, operation).await })
}

impl<'a> IntoFuture for RawRequest<'a> {
    type Output = Result<Value, Error>;
    type IntoFuture = CallFuture<'a, Value>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let request = self.request?.build()?;
            self.core.send_value(request, &self.operation).await
        })
    }
}
