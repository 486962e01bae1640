//! The trait of token sources, a source for an existing token, and one for a closure.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::{AccessToken, TokenKey};
use crate::error::Error;

/// Any error of a token source.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A future token.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, BoxError>> + Send + 'a>>;

/// Acquires access tokens.
///
/// A source need not cache them: the client requests one only if it has no valid one, and never twice at a time. Only
/// [`token`](Self::token) is required.
pub trait TokenSource: Send + Sync {
    /// Acquires a token, for example from an identity provider.
    fn token(&self) -> TokenFuture<'_>;

    /// Acquires a token for a request, which says whether the service refused the last one, which claims it requires,
    /// and which HTTP client to use. Default: [`token`](Self::token), without these.
    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        drop(request);
        self.token()
    }

    /// Checks what can be checked before the first call. Default: nothing.
    ///
    /// # Errors
    ///
    /// Returns the reason if no token can ever come from here; the client is then not built.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Returns the purpose of its tokens, so that [`SharedTokens`](super::SharedTokens) can share them. Default: they
    /// are not shared.
    fn key(&self) -> Option<TokenKey> {
        None
    }
}

/// Why a token is requested, and with which HTTP client.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct TokenRequest {
    pub(crate) claims: Option<String>,
    pub(crate) refused_with: Option<u16>,
    pub(crate) http: Option<reqwest::Client>,
}

impl TokenRequest {
    /// Creates a request for any token.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the claims that the token must satisfy, as JSON.
    #[must_use]
    pub fn with_claims(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into());
        self
    }

    /// Returns the claims of the service's challenge, as JSON: continuous access evaluation, conditional access. A
    /// cached token does not satisfy them.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.claims.as_deref()
    }

    /// Returns the status with which the service refused the last token: 401, or 403 if it lacks a role. The same token
    /// is then useless.
    #[must_use]
    pub fn refused_with(&self) -> Option<u16> {
        self.refused_with
    }

    /// Returns the HTTP client of the calls, with its proxy and certificate authorities.
    #[must_use]
    pub fn http_client(&self) -> Option<&reqwest::Client> {
        self.http.as_ref()
    }
}

/// Implements [`TokenSource`] for a pointer to a source.
macro_rules! pointer {
    ($pointer:ident) => {
        impl<T: TokenSource + ?Sized> TokenSource for $pointer<T> {
            fn token(&self) -> TokenFuture<'_> {
                T::token(self)
            }

            fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
                T::token_for(self, request)
            }

            fn check(&self) -> Result<(), Error> {
                T::check(self)
            }

            fn key(&self) -> Option<TokenKey> {
                T::key(self)
            }
        }
    };
}

pointer!(Arc);
pointer!(Box);

/// An existing token, which is never renewed.
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

    fn check(&self) -> Result<(), Error> {
        match self.0.problem() {
            Some(problem) => Err(Error::configuration(problem)),
            None => Ok(()),
        }
    }
}

/// A token source made from an async closure; see [`from_fn`] and [`from_fn_with`].
#[derive(Clone)]
pub struct FromFn<F>(F);

/// Creates a token source from an async closure.
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

/// A token source made from an async closure that takes the request; see [`from_fn_with`].
#[derive(Clone)]
pub struct FromFnWith<F>(F);

/// Creates a token source from an async closure that takes the request: a refused token, a claims challenge.
///
/// # Examples
///
/// ```
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::{self, AccessToken, TokenRequest};
///
/// # async fn ask_the_vault(_fresh: bool, _claims: Option<&str>) -> Result<String, std::io::Error> { Ok("secret".to_owned()) }
/// let source = auth::from_fn_with(|request: TokenRequest| async move {
///     let is_refused = request.refused_with().is_some();
///     let secret = ask_the_vault(is_refused, request.claims()).await?;
///     Ok::<_, std::io::Error>(AccessToken::new(secret))
/// });
/// let client = Core::builder().token_source(source).build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
pub fn from_fn_with<F, Fut, E>(make: F) -> FromFnWith<F>
where
    F: Fn(TokenRequest) -> Fut + Send + Sync,
    Fut: Future<Output = Result<AccessToken, E>> + Send,
    E: Into<BoxError>,
{
    FromFnWith(make)
}

impl<F, Fut, E> TokenSource for FromFnWith<F>
where
    F: Fn(TokenRequest) -> Fut + Send + Sync,
    Fut: Future<Output = Result<AccessToken, E>> + Send,
    E: Into<BoxError>,
{
    fn token(&self) -> TokenFuture<'_> {
        self.token_for(TokenRequest::new())
    }

    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async { (self.0)(request).await.map_err(Into::into) })
    }
}

impl<F> fmt::Debug for FromFnWith<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FromFnWith").finish_non_exhaustive()
    }
}
