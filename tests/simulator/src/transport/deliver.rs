//! The delivery of a response: whole, late, in pieces, truncated, or not at all.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response as HttpResponse;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::{Frame, SizeHint};
use tokio::time::Sleep;

use super::connection::Reset;
use crate::response::Response;

/// Smaller bodies are not worth compressing.
const WORTH_COMPRESSING: usize = 1_024;

/// Compresses a body for a caller that accepts it.
pub(super) fn compress(mut response: Response, headers: &HeaderMap) -> Response {
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .any(|coding| coding.trim().eq_ignore_ascii_case("gzip"))
        });
    if !accepted || response.body.len() < WORTH_COMPRESSING {
        return response;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    if let Ok(compressed) = encoder
        .write_all(&response.body)
        .and_then(|()| encoder.finish())
    {
        response.body = compressed.into();
        response = response.with(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

pub(super) async fn deliver(response: Response, reset: Option<&Reset>) -> HttpResponse {
    let delivery = &response.delivery;
    if !delivery.delay.is_zero() {
        tokio::time::sleep(delivery.delay).await;
    }
    if let Some(reset) = reset.filter(|_| delivery.reset) {
        reset.demand();
    }
    let length = response.body.len();
    let body = if delivery.cut_at.is_some() || delivery.trickle.is_some() {
        Body::new(Pieces::new(
            response.body,
            delivery.cut_at,
            delivery.trickle,
        ))
    } else {
        Body::from(response.body)
    };
    let mut http = HttpResponse::new(body);
    *http.status_mut() = response.status;
    let headers = http.headers_mut();
    headers.reserve(response.headers.len() + 2);
    headers.insert(CONTENT_TYPE, response.content_type);
    headers.extend(response.headers);
    // A truncated response still has the length of the whole.
    if delivery.cut_at.is_some() {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    http
}

/// A body in pieces; a truncated one ends with an error, which closes the connection.
struct Pieces {
    pieces: VecDeque<Bytes>,
    cut: bool,
    pause: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    left: u64,
}

impl Pieces {
    fn new(mut body: Bytes, cut_at: Option<usize>, trickle: Option<(usize, Duration)>) -> Self {
        let left = body.len() as u64;
        body.truncate(cut_at.unwrap_or(body.len()));
        let (size, pause) = trickle.unwrap_or((body.len().max(1), Duration::ZERO));
        let mut pieces = VecDeque::new();
        while !body.is_empty() {
            pieces.push_back(body.split_to(size.min(body.len())));
        }
        Self {
            pieces,
            cut: cut_at.is_some(),
            pause,
            sleep: None,
            left,
        }
    }
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(sleep) = &mut self.sleep {
            std::task::ready!(sleep.as_mut().poll(context));
            self.sleep = None;
        }
        let Some(piece) = self.pieces.pop_front() else {
            return Poll::Ready(
                self.cut
                    .then(|| Err(io::ErrorKind::ConnectionAborted.into())),
            );
        };
        self.left -= piece.len() as u64;
        // Also before the end of a truncated body: what was sent must arrive first.
        if self.cut || !self.pieces.is_empty() {
            let pause = self.pause.max(Duration::from_millis(u64::from(self.cut)));
            self.sleep = Some(Box::pin(tokio::time::sleep(pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.cut {
            SizeHint::new()
        } else {
            SizeHint::with_exact(self.left)
        }
    }
}
