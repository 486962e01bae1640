//! The status and headers of a response.

use std::time::Duration;

use reqwest::header::{ETAG, HeaderMap, LOCATION};

use crate::retry;

/// A decoded response with its status and headers; see [`Call::with_headers`](crate::Call::with_headers).
#[derive(Debug, Clone)]
pub struct WithHeaders<T> {
    value: T,
    status: u16,
    headers: HeaderMap,
}

impl<T> WithHeaders<T> {
    pub(crate) fn new(value: T, status: u16, headers: HeaderMap) -> Self {
        Self {
            value,
            status,
            headers,
        }
    }

    /// Returns the content of the response.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Returns the content of the response, without status and headers.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    /// Returns the status, such as 202.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns all headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns a header by its name, in any case, if it exists and is printable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the version of the resource, for `If-Match`.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.header(ETAG.as_str())
    }

    /// Returns the URL of a created resource, or of the status of an operation that continues.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.header(LOCATION.as_str())
    }

    /// Returns how long to wait before the next request, if the service says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(&self.headers)
    }
}
