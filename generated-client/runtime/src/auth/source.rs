//! The trait behind which tokens are made, a token that is given, and a closure that makes one.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::{AccessToken, TokenKey};
use crate::error::Error;

/// Any error of a token source.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A token on its way.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, BoxError>> + Send + 'a>>;

/// Makes access tokens.
///
/// A source need not keep them: the client asks for one only when it has none that lasts, and never twice at a time.
/// Only [`token`](Self::token) is required.
pub trait TokenSource: Send + Sync {
    /// Makes a token, for example by asking an identity provider.
    fn token(&self) -> TokenFuture<'_>;

    /// Makes a token for a reason: the request says whether the service refused the last one, which claims it wants
    /// to see, and over which HTTP client to ask. Default: [`token`](Self::token), which knows nothing of that.
    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        drop(request);
        self.token()
    }

    /// Checks what can be checked before the first call. Default: nothing.
    ///
    /// # Errors
    ///
    /// Returns the reason why no token can ever come from here; the client is not built then.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Says what its tokens are for, so that [`SharedTokens`](super::SharedTokens) can hand them to others. Default:
    /// nobody else gets them.
    fn key(&self) -> Option<TokenKey> {
        None
    }
}

/// Why a token is asked for, and over what.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct TokenRequest {
    pub(crate) claims: Option<String>,
    pub(crate) refused_with: Option<u16>,
    pub(crate) http: Option<reqwest::Client>,
}

impl TokenRequest {
    /// Asks for any token.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the claims that the token has to satisfy, as JSON.
    #[must_use]
    pub fn with_claims(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into());
        self
    }

    /// Returns the claims of the service's challenge, as JSON: continuous access evaluation, conditional access. A
    /// token that was kept does not satisfy them.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.claims.as_deref()
    }

    /// Returns the status with which the service refused the last token: 401, or 403 where it lacks a role. The same
    /// token is of no use then.
    #[must_use]
    pub fn refused_with(&self) -> Option<u16> {
        self.refused_with
    }

    /// Returns the HTTP client that calls are sent over, with its proxy and certificate authorities.
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

    fn check(&self) -> Result<(), Error> {
        match self.0.problem() {
            Some(problem) => Err(Error::configuration(problem)),
            None => Ok(()),
        }
    }
}

/// A token source made of an async closure; see [`from_fn`] and [`from_fn_with`].
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

/// A token source made of an async closure that takes the request; see [`from_fn_with`].
#[derive(Clone)]
pub struct FromFnWith<F>(F);

/// Makes a token source of an async closure that learns why it is asked: a refused token, a claims challenge.
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
