//! Streams of bytes: contents of files, photos and reports, downloaded and uploaded without holding them in memory.

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
    /// Returns the core that sends it, and the facts that are known about the operation before it is called.
    fn parts(&self) -> (&Core, &'static Operation);

    /// Returns the requested range, if it is not everything.
    fn range(&self) -> Option<ByteRange>;

    /// Builds the request.
    ///
    /// # Errors
    ///
    /// Returns why it is refused before it is sent.
    fn request(&self) -> Result<Request, Error>;
}

/// Sends a request, and returns once its response begins.
///
/// # Errors
///
/// Returns an error if the request is refused before it is sent, refused by the service, or cannot be sent.
pub fn open<'a, O: Open + Send + Sync + 'a>(opening: O) -> CallFuture<'a, Download> {
    Box::pin(async move {
        let mut request = opening.request()?;
        let range = opening.range();
        request.ask_for_bytes(range)?;
        let (core, operation) = opening.parts();
        core.open(request, *operation).await?.checked_against(range)
    })
}

/// Adds a range and `.await` to a request whose response is a stream of bytes.
#[doc(hidden)]
#[macro_export]
macro_rules! __downloadable {
    ($request:ident) => {
        impl<'a> $request<'a> {
            /// Requests a range of the bytes, such as `..1024` or `1024..`. A service without support for ranges sends
            /// everything: [`Download::range`]($crate::Download::range) returns what is sent.
            pub fn range(mut self, range: impl ::core::ops::RangeBounds<u64>) -> Self {
                self.range = ::core::option::Option::Some($crate::generated_code::ByteRange::new(range));
                self
            }
        }

        $crate::generated_code::request!($request => $crate::generated_code::Download, Open);
    };
}

pub use __downloadable as downloadable;
