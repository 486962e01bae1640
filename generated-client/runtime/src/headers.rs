//! What a response says beside its body: status and headers.

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

    /// Returns what the response holds.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Returns what the response holds, without the rest.
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

    /// Returns a header by its name in any case, if it is there and is printable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the version of what was read or written: `If-Match` takes it.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.header(ETAG.as_str())
    }

    /// Returns where what was made is, or where an operation that goes on says how far it has come.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.header(LOCATION.as_str())
    }

    /// Returns how long to wait before asking again, where the service says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(&self.headers)
    }
}
