//! What fluent requests have in common: they are sent by `.await`.

/// Implements `IntoFuture` for a request that has `send`.
#[doc(hidden)]
#[macro_export]
macro_rules! __awaitable {
    ($request:ident => $answer:ty) => {
        impl<'a> ::core::future::IntoFuture for $request<'a> {
            type Output = ::core::result::Result<$answer, $crate::generated_code::Error>;
            type IntoFuture = $crate::generated_code::CallFuture<'a, $answer>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    };
}

pub use __awaitable as awaitable;

/// A call on its way.
pub type CallFuture<'a, T> =
    std::pin::Pin<Box<dyn Future<Output = Result<T, crate::Error>> + Send + 'a>>;
