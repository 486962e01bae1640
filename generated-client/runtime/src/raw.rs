//! Requests to any path, for what no generated operation covers: the same budget, headers, retry and errors.

use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::core::{Core, RequestBuilder};
use crate::data::Page;
use crate::error::Error;
use crate::operation::{Expected, Operation};
use crate::pages::Pages;
use crate::query::Parameter;
use crate::requests::CallFuture;

const GET: Operation = Operation::new("get", "GET", "{path}", &[]);
const LISTING: Operation = GET.expecting(Expected::List);
const POST: Operation = Operation::new("post", "POST", "{path}", &[]);
const PATCH: Operation = Operation::new("patch", "PATCH", "{path}", &[]).ambiguous();
const PUT: Operation = Operation::new("put", "PUT", "{path}", &[]).ambiguous();
const DELETE: Operation = Operation::new("delete", "DELETE", "{path}", &[]).ambiguous();

impl Core {
    /// Starts a `GET` of a path below the base address, such as `/security/secureScores`.
    pub fn get(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::GET, &GET, path)
    }

    /// Starts a `POST`. It is repeated only when nothing can have been written.
    pub fn post(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::POST, &POST, path)
    }

    /// Starts a `PATCH`. It is repeated only when nothing can have been written.
    pub fn patch(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::PATCH, &PATCH, path)
    }

    /// Starts a `PUT`. It is repeated only when nothing can have been written.
    pub fn put(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::PUT, &PUT, path)
    }

    /// Starts a `DELETE`. It is repeated only when nothing can have been written.
    pub fn delete(&self, path: &str) -> RawRequest<'_> {
        RawRequest::new(self, Method::DELETE, &DELETE, path)
    }
}

/// A request to any path. It is sent by `.await`, which returns JSON, or by [`send`](Self::send), which reads a type.
#[derive(Debug)]
#[must_use = "a request is sent by `.await`"]
pub struct RawRequest<'a> {
    core: &'a Core,
    operation: &'static Operation,
    request: RequestBuilder<'a>,
}

impl<'a> RawRequest<'a> {
    fn new(core: &'a Core, method: Method, operation: &'static Operation, path: &str) -> Self {
        let slash = if path.starts_with('/') { "" } else { "/" };
        let url = format!("{}{slash}{path}", core.base_url());
        let request = core.http().begin(method, url);
        Self {
            core,
            operation,
            request: request.header(ACCEPT, HeaderValue::from_static("application/json")),
        }
    }

    /// Adds an option to the query; its value is encoded.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.query(&Parameter::new(name, &value));
        self
    }

    /// Adds a header. `Authorization` is the client's own and cannot be replaced.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sets the body, as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// Returns the pages of a listing, each item as JSON; see [`Pages`].
    ///
    /// # Errors
    ///
    /// The first page is an error where the request cannot be built.
    pub fn pages(self) -> Pages<'a, Value> {
        let core = self.core.clone();
        let first = Box::pin(async move { self.core.send(self.request.build()?, &LISTING).await });
        Pages::new(core, &LISTING, follow, first)
    }

    /// Sends the request and reads the response as a type.
    ///
    /// # Errors
    ///
    /// Returns what the service refused, and what could not be sent or read.
    pub async fn send<T: DeserializeOwned + Send>(self) -> Result<T, Error> {
        let request = self.request.build()?;
        self.core.send_foreign(request, self.operation).await
    }
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
        Box::pin(async move { self.core.send(self.request.build()?, self.operation).await })
    }
}
