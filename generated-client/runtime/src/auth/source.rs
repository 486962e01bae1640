//! The trait behind which tokens are made, a token that is given, and a closure that makes one.

use std::fmt;
use std::pin::Pin;

use super::AccessToken;

/// Any error of a token source.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A token on its way.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, BoxError>> + Send + 'a>>;

/// Makes access tokens.
///
/// It need not keep them: the client asks for one only when it has none that lasts, and never twice at a time.
pub trait TokenSource: Send + Sync {
    /// Makes a token, for example by asking an identity provider.
    fn token(&self) -> TokenFuture<'_>;
}

impl<T: TokenSource + ?Sized> TokenSource for std::sync::Arc<T> {
    fn token(&self) -> TokenFuture<'_> {
        T::token(self)
    }
}

impl<T: TokenSource + ?Sized> TokenSource for Box<T> {
    fn token(&self) -> TokenFuture<'_> {
        T::token(self)
    }
}

/// A token that was given; it is never renewed.
#[derive(Debug, Clone)]
pub struct FixedToken(AccessToken);

impl FixedToken {
    /// Wraps a token.
    #[must_use]
    pub fn new(token: AccessToken) -> Self {
        Self(token)
    }
}

impl TokenSource for FixedToken {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// A token source made of an async closure; see [`from_fn`].
#[derive(Clone)]
pub struct FromFn<F>(F);

/// Makes a token source of an async closure.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::{self, AccessToken};
///
/// # async fn ask_the_vault() -> Result<String, std::io::Error> { Ok("secret".to_owned()) }
/// let source = auth::from_fn(|| async {
///     let secret = ask_the_vault().await?;
///     Ok::<_, std::io::Error>(AccessToken::new(secret).expires_in(Duration::from_secs(3600)))
/// });
/// let client = Core::builder().token_source(source).build()?;
/// assert!(!format!("{client:?}").contains("secret"));
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
pub fn from_fn<F, Fut, E>(make: F) -> FromFn<F>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<AccessToken, E>> + Send,
    E: Into<BoxError>,
{
    FromFn(make)
}

impl<F, Fut, E> TokenSource for FromFn<F>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<AccessToken, E>> + Send,
    E: Into<BoxError>,
{
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { (self.0)().await.map_err(Into::into) })
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FromFn").finish_non_exhaustive()
    }
}
