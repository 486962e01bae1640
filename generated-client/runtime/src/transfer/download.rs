//! Streams of bytes from the service, continued after a lost connection.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_RANGE, RANGE,
};
use tokio::time::timeout;

use super::range::{ByteRange, ContentRange};
use crate::core::{Core, Request};
use crate::error::{Error, Kind};
use crate::operation::Operation;

/// How often a download is continued without receiving a byte.
const CONTINUATIONS: u32 = 5;

/// A stream of bytes that the service sends.
///
/// At most one piece is held in memory. If the connection is lost, the rest is requested and the stream continues,
/// provided that the service supports ranges and identifies the version of the content; otherwise, the loss is an
/// error. [`Limits::attempt_time`](crate::Limits::attempt_time) limits the time between two pieces.
///
/// # Examples
///
/// ```no_run
/// # async fn read(mut download: graph_client_runtime::Download) -> Result<(), graph_client_runtime::Error> {
/// println!("{:?}, {:?} bytes", download.content_type(), download.content_length());
/// while let Some(piece) = download.chunk().await? {
///     println!("{} of {:?}", download.received(), download.content_length());
///     drop(piece);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "the bytes come when they are asked for"]
pub struct Download {
    core: Core,
    request: Request,
    operation: Operation,
    response: reqwest::Response,
    status: u16,
    headers: HeaderMap,
    /// The bytes of the first response.
    comes: ByteRange,
    length: Option<u64>,
    received: u64,
    /// Lost connections since the last byte.
    breaks: u32,
}

impl Download {
    pub(crate) fn new(
        core: Core,
        request: Request,
        operation: Operation,
        status: u16,
        headers: HeaderMap,
        response: reqwest::Response,
    ) -> Self {
        let part = ContentRange::of(&headers).filter(|_| status == 206);
        let comes = match part {
            Some(part) => ByteRange::new(part.first..=part.last),
            None => ByteRange::new(..),
        };
        // The HTTP client removes the header if it decodes the body: then the length is unknown.
        let length = headers
            .get(CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse().ok());
        Self {
            core,
            request,
            operation,
            response,
            status,
            headers,
            comes,
            length,
            received: 0,
            breaks: 0,
        }
    }

    /// Refuses a part of the bytes that was not requested: it would pass for the whole, or for another part.
    pub(crate) fn checked_against(self, range: Option<ByteRange>) -> Result<Self, Error> {
        if self.status != 206 {
            return Ok(self);
        }
        let has_range = self.request.headers.iter().any(|(name, _)| *name == RANGE);
        let problem = match (range, ContentRange::of(&self.headers)) {
            (None, _) if !has_range => {
                "all bytes were requested, but the service sends a part".to_owned()
            }
            (Some(_), None) => {
                "the service does not say in `Content-Range` which bytes it sends".to_owned()
            }
            (Some(wanted), Some(sent)) if wanted.first() != sent.first => format!(
                "the bytes from {} were requested, but the service sends those from {}",
                wanted.first(),
                sent.first
            ),
            _ => return Ok(self),
        };
        Err(Error::new(Kind::Decode, problem)
            .with_status(self.status)
            .of_operation(&self.operation))
    }

    /// Returns the status of the response: 200 for all bytes, 206 for a part.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the content type, such as `image/jpeg`, if the service sends it.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// Returns the number of bytes, if the service sends it.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the version of the content, if the service sends it.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.headers.get(ETAG)?.to_str().ok()
    }

    /// Returns the first and the last byte of the part, and the total number; `None` if all bytes are sent.
    #[must_use]
    pub fn range(&self) -> Option<(u64, u64, Option<u64>)> {
        let part = ContentRange::of(&self.headers).filter(|_| self.status == 206)?;
        Some((part.first, part.last, part.total))
    }

    /// Returns the number of bytes received so far.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Returns the next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is lost and the rest cannot be requested.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let time = self
                .core
                .limits()
                .longest_attempt(self.operation.patience());
            let error = match timeout(time, self.response.chunk()).await {
                Ok(Ok(Some(piece))) => {
                    self.received += piece.len() as u64;
                    self.breaks = 0;
                    return Ok(Some(piece));
                }
                Ok(Ok(None)) => match self.length {
                    Some(length) if length > self.received => {
                        Error::new(Kind::Lost, "the response ended early")
                    }
                    _ => return Ok(None),
                },
                Ok(Err(error)) => Error::new(Kind::Lost, "the response ended early")
                    .with_source(error.without_url()),
                Err(_) => Error::new(
                    Kind::Timeout,
                    format!("no byte within {} s", time.as_secs_f64()),
                ),
            };
            self.go_on(error).await?;
        }
    }

    /// Collects the remaining bytes; more than this are an error.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`chunk`](Self::chunk), and [`Error::is_limit`] if there are more bytes.
    pub async fn bytes(mut self, at_most: usize) -> Result<Vec<u8>, Error> {
        let operation = self.operation;
        let too_many =
            || Error::limit(format!("more than {at_most} bytes")).of_operation(&operation);
        let expected = self
            .length
            .map(|length| length.saturating_sub(self.received));
        if expected.is_some_and(|expected| expected > at_most as u64) {
            return Err(too_many());
        }
        let mut all = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if piece.len() > at_most - all.len() {
                return Err(too_many());
            }
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }

    /// Collects the remaining bytes as UTF-8 text; more than this are an error.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`bytes`](Self::bytes), and an error if they are not UTF-8.
    pub async fn text(self, at_most: usize) -> Result<String, Error> {
        let operation = self.operation;
        let bytes = self.bytes(at_most).await?;
        String::from_utf8(bytes).map_err(|error| {
            Error::new(Kind::Decode, "the response is not UTF-8")
                .with_source(error)
                .of_operation(&operation)
        })
    }

    /// Converts it into a stream of chunks, which ends at the first error.
    pub fn into_stream(self) -> Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>> {
        Box::pin(futures_util::stream::try_unfold(
            self,
            |mut this| async move { Ok(this.chunk().await?.map(|piece| (piece, this))) },
        ))
    }

    /// Requests the rest after a lost connection, if the service supports ranges of the same content; otherwise, the
    /// loss is final.
    async fn go_on(&mut self, broken: Error) -> Result<(), Error> {
        let broken = broken
            .with_status(self.status)
            .of_operation(&self.operation);
        let (Some(request), Some(length)) = (self.rest(), self.length) else {
            return Err(broken);
        };
        if self.breaks >= CONTINUATIONS {
            return Err(broken);
        }
        self.breaks += 1;
        tokio::time::sleep(self.pause()).await;
        let first = self.comes.first() + self.received;
        let next = self.core.open(request, self.operation).await?;
        let continues = ContentRange::of(&next.headers).is_some_and(|part| {
            part.first == first && part.last + 1 - first == length - self.received
        });
        if next.status != 206 || !continues {
            // The content has changed, or is sent as a whole: the bytes so far are not its beginning.
            return Err(broken);
        }
        self.response = next.response;
        Ok(())
    }

    fn pause(&self) -> Duration {
        let factor = 1_u32 << self.breaks.saturating_sub(1).min(5);
        Duration::from_millis(100) * factor
    }

    /// The request for the remaining bytes.
    fn rest(&self) -> Option<Request> {
        let strong = self
            .headers
            .get(ETAG)
            .filter(|tag| !tag.as_bytes().starts_with(b"W/"))?;
        let offers = self.status == 206
            || self
                .headers
                .get(ACCEPT_RANGES)
                .is_some_and(|unit| unit.as_bytes().eq_ignore_ascii_case(b"bytes"));
        let rest = self.comes.after(self.received).filter(|_| offers)?;
        let mut request = self.request.clone();
        request
            .headers
            .retain(|(name, _)| *name != RANGE && *name != IF_RANGE);
        let range = HeaderValue::from_str(&rest.to_string()).ok()?;
        request.headers.push((RANGE, range));
        request.headers.push((IF_RANGE, strong.clone()));
        Some(request)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Download")
            .field("operation", &self.operation.id())
            .field("status", &self.status)
            .field("content_type", &self.content_type())
            .field("length", &self.length)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
