//! Bytes in streams: contents of files, photos and reports, down and up, without holding them in memory.

mod download;
mod progress;
mod range;
mod save;
mod upload;
mod upload_body;

pub use download::Download;
pub use range::ByteRange;
pub use upload::Upload;

use crate::core::{Core, Request};
use crate::error::Error;
use crate::operation::Operation;
use crate::requests::CallFuture;

/// A request whose response is a stream of bytes.
pub trait Open: Sized {
    /// Returns the core that sends it, and what is known of the operation before it is called.
    fn parts(&self) -> (&Core, &'static Operation);

    /// Returns the part of the bytes that is asked for, if not all.
    fn range(&self) -> Option<ByteRange>;

    /// Builds the request.
    ///
    /// # Errors
    ///
    /// Returns what is refused before it is sent.
    fn request(&self) -> Result<Request, Error>;
}

/// Sends a request, and returns once its response begins.
///
/// # Errors
///
/// Returns what is refused before it is sent, what the service refused, and what could not be sent.
pub fn open<'a, O: Open + Send + Sync + 'a>(opening: O) -> CallFuture<'a, Download> {
    Box::pin(async move {
        let mut request = opening.request()?;
        request.ask_for_bytes(opening.range())?;
        let (core, operation) = opening.parts();
        core.open(request, *operation).await
    })
}

/// Gives a request whose response is a stream of bytes a part to ask for, and lets it be sent by `.await`.
#[doc(hidden)]
#[macro_export]
macro_rules! __downloadable {
    ($request:ident) => {
        impl<'a> $request<'a> {
            /// Asks for a part of the bytes only, such as `..1024` or `1024..`. A service that has no parts sends all:
            /// [`Download::range`]($crate::Download::range) says what came.
            pub fn range(mut self, range: impl ::core::ops::RangeBounds<u64>) -> Self {
                self.range = ::core::option::Option::Some($crate::generated_code::ByteRange::new(range));
                self
            }
        }

        $crate::generated_code::request!($request => $crate::generated_code::Download, Open);
    };
}

pub use __downloadable as downloadable;
