//! Where tokens come from, and how one token serves many calls.
//!
//! A [`TokenSource`] makes tokens; the client keeps the last one, renews it ahead of its expiry, lets one renewal
//! serve all calls that wait for it, and renews once when the service answers 401. The token goes to the configured
//! host only, is in no `Debug`, error or trace, and is wiped from memory when it is dropped.

#[cfg(feature = "azure-core")]
mod azure;
mod cache;
#[cfg(feature = "oauth")]
mod oauth;
mod source;
mod token;

#[cfg(feature = "azure-core")]
pub use azure::AzureCredential;
pub(crate) use cache::{Bearer, TokenCache};
#[cfg(feature = "oauth")]
pub use oauth::{ClientCredentials, DeviceCode, DevicePrompt};
pub use source::{BoxError, FixedToken, FromFn, TokenFuture, TokenSource, from_fn};
pub use token::AccessToken;
