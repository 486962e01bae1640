//! The body of an upload as the HTTP client polls it: counted, and checked against the declared length.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

use super::progress::{Pieces, Progress};

/// The size of a read from a file.
const PIECE: usize = 64 << 10;

/// A body before its length is known.
pub(super) struct UploadBody(State);

enum State {
    Whole(Option<Bytes>),
    File(File, Vec<u8>),
    /// A stream that is taken when it is first polled.
    Unbegun(Arc<Mutex<Option<Pieces>>>),
    Pieces(Mutex<Pieces>),
    Ended,
}

impl UploadBody {
    pub(super) fn whole(bytes: Bytes) -> Self {
        Self(State::Whole((!bytes.is_empty()).then_some(bytes)))
    }

    pub(super) fn file(file: File) -> Self {
        Self(State::File(file, vec![0; PIECE]))
    }

    pub(super) fn once(pieces: Arc<Mutex<Option<Pieces>>>) -> Self {
        Self(State::Unbegun(pieces))
    }

    pub(super) fn pieces(pieces: Pieces) -> Self {
        Self(State::Pieces(Mutex::new(pieces)))
    }

    /// The body, with its declared length, and a place to record its progress.
    pub(super) fn of(self, length: Option<u64>, progress: Arc<Progress>) -> Counted {
        Counted {
            state: self.0,
            left: length,
            held: None,
            progress,
        }
    }
}

/// A body that is being sent.
pub(super) struct Counted {
    state: State,
    /// The number of remaining bytes, if known.
    left: Option<u64>,
    /// The last piece by that length. It is returned only after the source has ended, because the HTTP client polls no
    /// further.
    held: Option<Bytes>,
    progress: Arc<Progress>,
}

impl Counted {
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            match &mut self.state {
                State::Whole(bytes) => return Poll::Ready(bytes.take().map(Ok)),
                State::File(file, buffer) => {
                    let mut read = ReadBuf::new(buffer);
                    ready!(Pin::new(file).poll_read(context, &mut read))?;
                    let piece = read.filled();
                    return Poll::Ready(
                        (!piece.is_empty()).then(|| Ok(Bytes::copy_from_slice(piece))),
                    );
                }
                State::Unbegun(pieces) => {
                    let taken = pieces.lock().unwrap_or_else(PoisonError::into_inner).take();
                    match taken {
                        Some(pieces) => self.state = State::Pieces(Mutex::new(pieces)),
                        None => {
                            let sent = io::Error::other("the stream was sent already");
                            return Poll::Ready(Some(Err(sent)));
                        }
                    }
                }
                State::Pieces(pieces) => {
                    let pieces = pieces.get_mut().unwrap_or_else(PoisonError::into_inner);
                    return pieces.as_mut().poll_next(context);
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }

    fn failed(&mut self, error: io::Error) -> io::Error {
        self.state = State::Ended;
        self.held = None;
        self.progress.has_failed();
        error
    }

    /// Counts a piece, and refuses one that is too long.
    fn counted(&mut self, piece: Bytes) -> io::Result<Bytes> {
        let length = piece.len() as u64;
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(length).ok_or_else(|| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the upload is longer than announced",
                )
            })?;
        }
        self.progress.has_sent(length);
        Ok(piece)
    }
}

impl Body for Counted {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        loop {
            match ready!(this.poll_piece(context)) {
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(piece) => match piece.and_then(|piece| this.counted(piece)) {
                    Ok(piece) if this.left == Some(0) => this.held = Some(piece),
                    Ok(piece) => return Poll::Ready(Some(Ok(Frame::data(piece)))),
                    Err(error) => return Poll::Ready(Some(Err(this.failed(error)))),
                },
                None if this.left.is_some_and(|left| left > 0) => {
                    let error = io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        "the upload is shorter than announced",
                    );
                    return Poll::Ready(Some(Err(this.failed(error))));
                }
                None => {
                    this.state = State::Ended;
                    return Poll::Ready(this.held.take().map(|piece| Ok(Frame::data(piece))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Ended | State::Whole(None)) && self.held.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
