//! What fluent requests have in common: they are sent by `.await`.

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

pub use __awaitable as awaitable;

/// A call on its way.
pub type CallFuture<'a, T> =
    std::pin::Pin<Box<dyn Future<Output = Result<T, crate::Error>> + Send + 'a>>;
