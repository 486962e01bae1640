//! Builds requests: the part of an HTTP client's interface that generated code uses.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    IF_MATCH, RANGE, USER_AGENT,
};
use serde::Serialize;
use url::Url;

use super::{Address, Core};
use crate::error::Error;
use crate::query::{Parameter, Value};
use crate::transfer::{ByteRange, Upload};

/// The header in which generated functions send the version of their description.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");
/// The expected number of headers of a request, including those of the HTTP client.
const HEADERS: usize = 10;

pub(super) const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const PREFER: HeaderName = HeaderName::from_static("prefer");
const UNKNOWN_MEMBERS: HeaderValue = HeaderValue::from_static("include-unknown-enum-members");

/// Starts requests.
#[derive(Debug, Clone, Copy)]
pub struct Requests<'a> {
    pub(super) address: &'a Address,
}

impl<'a> Requests<'a> {
    /// Starts a request with any method.
    pub fn begin(&self, method: Method, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, method, url)
    }

    /// Starts a `GET`.
    pub fn get(&self, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, Method::GET, url)
    }

    /// Starts a `PATCH`.
    pub fn patch(&self, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, Method::PATCH, url)
    }

    /// Starts a `POST`.
    pub fn post(&self, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, Method::POST, url)
    }

    /// Starts a `PUT`.
    pub fn put(&self, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, Method::PUT, url)
    }

    /// Starts a `HEAD`.
    pub fn head(&self, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, Method::HEAD, url)
    }

    /// Starts an `OPTIONS`.
    pub fn options(&self, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, Method::OPTIONS, url)
    }

    /// Starts a `TRACE`.
    pub fn trace(&self, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, Method::TRACE, url)
    }

    /// Starts a `DELETE`.
    pub fn delete(&self, url: String) -> RequestBuilder<'a> {
        RequestBuilder::new(self.address, Method::DELETE, url)
    }
}

/// The content type of JSON: the hunting engine misreads non-ASCII text unless the charset is given.
pub(crate) fn content_type(body: &[u8]) -> HeaderValue {
    HeaderValue::from_static(match body.is_ascii() {
        true => "application/json",
        false => "application/json; charset=utf-8",
    })
}

/// Headers in the order in which they were added. They are merged into a map when the request is sent.
type Headers = Vec<(HeaderName, HeaderValue)>;

/// A request that is being built.
#[derive(Debug)]
#[must_use]
pub struct RequestBuilder<'a> {
    address: &'a Address,
    method: Method,
    url: String,
    headers: Headers,
    body: Option<serde_json::Result<Vec<u8>>>,
    upload: Option<Result<Upload, Error>>,
}

/// A request that can be sent repeatedly.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Headers,
    pub(crate) body: Option<Bytes>,
    /// A body that is sent as a stream, instead of the other one.
    pub(crate) upload: Option<Upload>,
}

impl Request {
    /// Returns the method, such as `PATCH`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// Returns the URL, including its query.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the body, if it has one that is not a stream.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }
}

impl<'a> RequestBuilder<'a> {
    fn new(address: &'a Address, method: Method, url: String) -> Self {
        Self {
            address,
            method,
            url,
            headers: Headers::new(),
            body: None,
            upload: None,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds headers, except `api-version`: Graph has the version in its paths and no such header.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        let mut last = None;
        for (name, value) in headers {
            // A name is given for the first of its values only.
            last = name.or(last);
            let kept = last.clone().filter(|name| *name != API_VERSION);
            self.headers.extend(kept.map(|name| (name, value)));
        }
        self
    }

    /// Adds an option to the query, unless it has no value.
    pub fn query<V: Value>(mut self, parameter: &Parameter<'_, V>) -> Self {
        parameter.append(&mut self.url);
        self
    }

    /// Sets the body.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        let body = serde_json::to_vec(body);
        let content_type = content_type(body.as_deref().unwrap_or_default());
        self.body = Some(body);
        self.header(CONTENT_TYPE, content_type)
    }

    /// Sets a body that is sent as a stream, with the content type of the description.
    pub fn upload(mut self, upload: &Upload, media_type: &str) -> Self {
        match upload.media_type(media_type) {
            Ok(media_type) => {
                self.upload = Some(Ok(upload.clone()));
                self.header(CONTENT_TYPE, media_type)
            }
            Err(error) => {
                self.upload = Some(Err(error));
                self
            }
        }
    }

    /// Finishes the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the body cannot be serialized as JSON.
    pub fn build(self) -> Result<Request, Error> {
        let body = self.body.transpose().map_err(|error| {
            Error::refused(format!("the body cannot be written as JSON: {error}"))
                .with_source(error)
        })?;
        let url = self
            .address
            .url(&self.url)
            .map_err(|error| Error::refused("the URL cannot be parsed").with_source(error))?;
        Ok(Request {
            method: self.method,
            url,
            headers: self.headers,
            body: body.map(Bytes::from),
            upload: self.upload.transpose()?,
        })
    }
}

impl Request {
    /// The headers of the request itself, alone or in a batch; the connection adds the token and the caller's name.
    pub(crate) fn headers(&self, core: &Core, client_request_id: &str) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::with_capacity(HEADERS);
        for (name, value) in &self.headers {
            if name != AUTHORIZATION && name != USER_AGENT {
                headers.append(name.clone(), value.clone());
            }
        }
        for (name, value) in core.own_headers() {
            headers.insert(name.clone(), value.clone());
        }
        let id = HeaderValue::from_str(client_request_id)
            .map_err(|error| Error::refused("the request has no identifier").with_source(error))?;
        headers.insert(CLIENT_REQUEST_ID, id);
        if core.asks_for_unknown_members() && !headers.contains_key(&PREFER) {
            headers.insert(PREFER, UNKNOWN_MEMBERS);
        }
        Ok(headers)
    }

    /// Whether it requires a version of the resource, which no longer exists after a successful write.
    pub(crate) fn demands_version(&self) -> bool {
        self.headers.iter().any(|(name, _)| name == IF_MATCH)
    }

    /// Starts a `GET` of a link of the service.
    pub(crate) fn follow(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: vec![(ACCEPT, HeaderValue::from_static("application/json"))],
            body: None,
            upload: None,
        }
    }

    /// Requests the bytes uncompressed, or a range of them.
    pub(crate) fn ask_for_bytes(&mut self, range: Option<ByteRange>) -> Result<(), Error> {
        // A range of compressed content would be a range of something else.
        self.headers
            .push((ACCEPT_ENCODING, HeaderValue::from_static("identity")));
        let Some(range) = range else {
            return Ok(());
        };
        if range.is_empty() {
            return Err(Error::refused("the range has no byte"));
        }
        let range = HeaderValue::from_str(&range.to_string())
            .map_err(|error| Error::refused("the range is not a header").with_source(error))?;
        self.headers.push((RANGE, range));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_header_keeps_all_values() {
        let address = Address::parse("https://graph.microsoft.com/beta", false).unwrap();
        let requests = Requests { address: &address };
        let (one, other) = (HeaderValue::from_static("1"), HeaderValue::from_static("2"));
        let mut more = HeaderMap::new();
        more.append(ACCEPT, one.clone());
        more.append(ACCEPT, other.clone());
        more.append(API_VERSION, HeaderValue::from_static("1"));
        let url = format!("{}/security/incidents", address.as_str());
        let request = requests.get(url).headers(more).build().unwrap();
        assert_eq!(request.headers, [(ACCEPT, one), (ACCEPT, other)]);
    }

    #[test]
    fn a_request_shows_its_method_url_and_body() {
        let address = Address::parse("https://graph.microsoft.com/beta", false).unwrap();
        let requests = Requests { address: &address };
        let url = format!("{}/security/incidents/1", address.as_str());
        let read = requests.get(url.clone()).build().unwrap();
        assert_eq!((read.method(), read.body()), ("GET", None));
        assert_eq!(read.url(), url);
        let write = requests.patch(url).json(&[1]).build().unwrap();
        assert_eq!((write.method(), write.body()), ("PATCH", Some(&b"[1]"[..])));
    }
}
