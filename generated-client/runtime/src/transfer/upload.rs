//! Request bodies as streams of bytes: from memory, a file, or any stream.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::header::HeaderValue;

use super::progress::{Pieces, Progress};
use super::upload_body::UploadBody;
use crate::error::Error;

/// A request body as a stream of bytes.
///
/// Bytes in memory and files can be sent again after a transient failure. A [`stream`](Self::stream) cannot: once it
/// has begun, a failure is final, and the error says what may have been written. At most one piece of it is held in
/// memory.
///
/// # Examples
///
/// ```
/// use graph_client_runtime::Upload;
///
/// let small = Upload::from("some text").content_type("text/plain");
/// let large = Upload::file("/var/backup.tar").on_progress(|sent| println!("{sent} bytes"));
/// assert_eq!(small.length(), Some(9));
/// assert_eq!(large.length(), None);
/// ```
#[derive(Clone)]
#[must_use]
pub struct Upload {
    source: Source,
    length: Option<u64>,
    content_type: Option<String>,
    progress: Arc<Progress>,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    File(PathBuf),
    /// It is here until it is sent.
    Once(Arc<Mutex<Option<Pieces>>>),
    Again(Arc<dyn Fn() -> Pieces + Send + Sync>),
}

impl Upload {
    fn new(source: Source, length: Option<u64>) -> Self {
        Self {
            source,
            length,
            content_type: None,
            progress: Arc::default(),
        }
    }

    /// Sends the content of a file, which is read while it is sent and opened again for each attempt.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(Source::File(path.into()), None)
    }

    /// Sends a stream, once: after it has begun, the request is not repeated.
    pub fn stream<S>(pieces: S) -> Self
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let pieces: Pieces = Box::pin(pieces);
        Self::new(Source::Once(Arc::new(Mutex::new(Some(pieces)))), None)
    }

    /// Sends a stream that can be created again for each attempt.
    pub fn repeatable<S, F>(make: F) -> Self
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
        F: Fn() -> S + Send + Sync + 'static,
    {
        let make = move || -> Pieces { Box::pin(make()) };
        Self::new(Source::Again(Arc::new(make)), None)
    }

    /// Sets the length of a stream in bytes. Another length is an error. Without it, the body is sent in chunks, which
    /// not every service accepts.
    pub fn with_length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    /// Sets the content type, such as `image/png`. Default: that of the description.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Calls a function with the number of bytes passed to the connection so far; it starts again with each attempt.
    pub fn on_progress(mut self, listener: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.progress = Arc::new(Progress {
            listener: Some(Box::new(listener)),
            ..Progress::default()
        });
        self
    }

    /// Returns the number of bytes, if it is known before they are sent.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the number of bytes that the current or last attempt has passed to the connection.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.progress.sent.load(Ordering::Relaxed)
    }

    /// Whether it can be sent, or sent again.
    pub(crate) fn can_be_sent(&self) -> bool {
        match &self.source {
            Source::Once(pieces) => pieces
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_some(),
            _ => !self.source_failed(),
        }
    }

    /// Whether the source itself has failed.
    pub(crate) fn source_failed(&self) -> bool {
        self.progress.has_failed.load(Ordering::Relaxed)
    }

    /// The header with the content type.
    pub(crate) fn media_type(&self, described: &str) -> Result<HeaderValue, Error> {
        let media_type = self.content_type.as_deref().unwrap_or(described);
        HeaderValue::from_str(media_type).map_err(|error| {
            Error::refused(format!("`{media_type}` is not a content type")).with_source(error)
        })
    }

    /// Begins the body of an attempt.
    pub(crate) async fn body(&self) -> Result<Body, Error> {
        self.progress.sent.store(0, Ordering::Relaxed);
        let (pieces, length) = match &self.source {
            Source::Bytes(bytes) => {
                let bytes = bytes.clone();
                let length = bytes.len() as u64;
                (UploadBody::whole(bytes), Some(length))
            }
            Source::File(path) => {
                let unreadable = |error: io::Error| {
                    Error::refused(format!("cannot read {}", path.display())).with_source(error)
                };
                let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
                let length = file.metadata().await.map_err(unreadable)?.len();
                (UploadBody::file(file), Some(self.length.unwrap_or(length)))
            }
            Source::Once(pieces) => {
                if !self.can_be_sent() {
                    return Err(Error::refused(
                        "the stream was already sent and cannot be sent again",
                    ));
                }
                (UploadBody::once(Arc::clone(pieces)), self.length)
            }
            Source::Again(make) => (UploadBody::pieces(make()), self.length),
        };
        Ok(Body::wrap(pieces.of(length, Arc::clone(&self.progress))))
    }
}

impl<T: Into<Bytes>> From<T> for Upload {
    fn from(bytes: T) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::new(Source::Bytes(bytes), Some(length))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match &self.source {
            Source::Bytes(_) => "bytes",
            Source::File(_) => "file",
            Source::Once(_) => "stream",
            Source::Again(_) => "repeatable stream",
        };
        formatter
            .debug_struct("Upload")
            .field("source", &source)
            .field("length", &self.length)
            .field("content_type", &self.content_type)
            .field("sent", &self.sent())
            .finish_non_exhaustive()
    }
}
