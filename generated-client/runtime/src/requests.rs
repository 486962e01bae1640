//! The common parts of fluent requests, which are sent by `.await`.

use std::fmt;

use crate::core::Request;
use crate::error::Error;

/// Implements `Debug` and `IntoFuture` for a request of a generated operation.
#[doc(hidden)]
#[macro_export]
macro_rules! __request {
    ($request:ident => $response:ty) => {
        $crate::__request!($request => $response, Call);
    };
    ($request:ident => $response:ty, $how:ident) => {
        impl ::core::fmt::Debug for $request<'_> {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let request = $crate::generated_code::$how::request(self);
                $crate::generated_code::show(::core::stringify!($request), request, formatter)
            }
        }

        $crate::__awaitable!($request => $response);
    };
}

/// Implements `IntoFuture` for a request that has `send`.
#[doc(hidden)]
#[macro_export]
macro_rules! __awaitable {
    ($request:ident => $response:ty) => {
        impl<'a> ::core::future::IntoFuture for $request<'a> {
            type Output = ::core::result::Result<$response, $crate::generated_code::Error>;
            type IntoFuture = $crate::generated_code::CallFuture<'a, $response>;

            fn into_future(self) -> Self::IntoFuture {
                self.send()
            }
        }
    };
}

pub use {__awaitable as awaitable, __request as request};

/// Shows a request: its content without the body, or why it is refused.
///
/// # Errors
///
/// Returns the errors of the output.
pub fn show(
    name: &str,
    request: Result<Request, Error>,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = formatter.debug_struct(name);
    match &request {
        Ok(request) => shown
            .field("method", &request.method())
            .field("url", &request.url()),
        Err(error) => shown.field("refused", &format_args!("{error}")),
    };
    shown.finish_non_exhaustive()
}

/// The items of a list, joined by commas.
pub fn joined(items: &Option<Vec<String>>) -> Option<String> {
    items.as_ref().map(|items| items.join(","))
}

/// The items of a list; none without a list.
pub fn items<T>(list: &Option<Vec<T>>) -> &[T] {
    list.as_deref().unwrap_or_default()
}

/// A pending call.
pub type CallFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;
