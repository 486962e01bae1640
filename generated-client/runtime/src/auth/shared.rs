//! Tokens that several clients share, by their purpose.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{AccessToken, BoxError, TokenFuture, TokenRequest, TokenSource};
use crate::error::Error;

/// A token with at most this remaining lifetime is not shared: its client would request another at once.
const SHORTEST: Duration = Duration::from_secs(300);

/// Identifies the purpose of a token. Tokens with the same key are interchangeable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct TokenKey {
    /// The source of the token: the URL of the identity provider, or of a managed identity's endpoint.
    pub authority: String,
    /// The tenant, as configured.
    pub tenant: String,
    /// The application.
    pub client_id: String,
    /// The person, for a delegated token.
    pub account: Option<String>,
    /// The scope.
    pub scope: String,
}

impl TokenKey {
    /// Creates the key of an application's token.
    #[must_use]
    pub fn new(
        authority: impl Into<String>,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        scope: impl Into<String>,
    ) -> Self {
        Self {
            authority: authority.into(),
            tenant: tenant.into(),
            client_id: client_id.into(),
            account: None,
            scope: scope.into(),
        }
    }

    /// Makes it the key of a person's token.
    #[must_use]
    pub fn of_account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }
}

/// A token, and a lock so that one renewal serves all waiting calls.
type Slot = Arc<tokio::sync::Mutex<Option<AccessToken>>>;

/// Tokens that several clients share, keyed by authority, tenant, client, account and scope; see [`TokenKey`].
///
/// A client keeps its own token anyway; this is for programs with many clients of the same application. Cloning is
/// cheap: clones share the tokens. A source without a key ([`TokenSource::key`]) is called each time.
///
/// # Examples
///
#[cfg_attr(feature = "oauth", doc = "```")]
#[cfg_attr(not(feature = "oauth"), doc = "```ignore")]
/// use graph_client_runtime::Core;
/// use graph_client_runtime::auth::{ClientCredentials, SharedTokens};
///
/// let tokens = SharedTokens::new();
/// let source = || ClientCredentials::new("contoso.onmicrosoft.com", "client id", "client secret");
/// // One sign-in serves both.
/// let first = Core::builder().token_source(tokens.serve(source()?)).build()?;
/// let second = Core::builder().token_source(tokens.serve(source()?)).build()?;
/// # Ok::<(), graph_client_runtime::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct SharedTokens {
    slots: Arc<Mutex<BTreeMap<TokenKey, Slot>>>,
}

impl SharedTokens {
    /// Creates an empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Wraps a source: its tokens are kept here, and it is called only if there is no valid one.
    pub fn serve(&self, source: impl TokenSource + 'static) -> SharedSource {
        self.serve_boxed(Box::new(source))
    }

    pub(super) fn serve_boxed(&self, source: Box<dyn TokenSource>) -> SharedSource {
        let slot = source.key().map(|key| {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(key).or_default())
        });
        SharedSource { source, slot }
    }

    /// Discards every token. Clients keep the ones that they already have.
    pub fn clear(&self) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in slots.values_mut() {
            if let Ok(mut token) = slot.try_lock() {
                *token = None;
            }
        }
    }
}

impl fmt::Debug for SharedTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        formatter.debug_set().entries(slots.keys()).finish()
    }
}

/// A source whose tokens are shared; see [`SharedTokens::serve`].
#[must_use]
pub struct SharedSource {
    source: Box<dyn TokenSource>,
    slot: Option<Slot>,
}

impl SharedSource {
    async fn next_token(&self, request: TokenRequest) -> Result<AccessToken, BoxError> {
        let Some(slot) = &self.slot else {
            return self.source.token_for(request).await;
        };
        let mut kept = slot.lock().await;
        // A token that was refused, or that lacks claims, is useless to everybody.
        let may_be_kept = request.refused_with().is_none() && request.claims().is_none();
        match &*kept {
            Some(token) if may_be_kept && !token.ends_within(SHORTEST) => Ok(token.clone()),
            _ => {
                let token = self.source.token_for(request).await?;
                *kept = Some(token.clone());
                Ok(token)
            }
        }
    }
}

impl TokenSource for SharedSource {
    fn token(&self) -> TokenFuture<'_> {
        self.token_for(TokenRequest::new())
    }

    fn token_for(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self.next_token(request))
    }

    fn check(&self) -> Result<(), Error> {
        self.source.check()
    }

    fn key(&self) -> Option<TokenKey> {
        self.source.key()
    }
}

impl fmt::Debug for SharedSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SharedSource")
            .field("key", &self.source.key())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(feature = "oauth")]
mod tests;
