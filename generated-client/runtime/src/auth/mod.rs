//! Token sources, and how one token serves many calls.
//!
//! A [`TokenSource`] acquires tokens; the client keeps the last one and renews it before it expires. One renewal serves
//! all calls that wait for it, and a 401 causes one more. The token is sent to the configured host only, is not part of
//! any `Debug` output, error or trace, and is wiped from memory when it is dropped.
//!
//! | source | feature | for |
//! |---|---|---|
//! | [`FixedToken`], [`from_fn`], [`from_fn_with`] | – | an existing token, or a function that acquires one |
//! | [`ClientCredentials`] | `oauth` | an application, by secret, certificate or federated token |
//! | [`ManagedIdentity`] | `oauth` | an app or a machine in Azure, without a secret |
//! | [`AzureCli`] | `oauth` | the person who is signed in with `az login` |
//! | [`DeviceCode`] | `oauth` | a person, by a code on another device |
//! | [`Chain`] | `oauth` | the first of these that is available |
//! | [`AzureCredential`] | `azure-core` | credentials of the Azure SDK |
//!
//! A client keeps its token to itself; [`SharedTokens`] shares tokens between clients of the same application.
//!
//! Sign-in follows the client's [`RetryPolicy`](crate::RetryPolicy): transient failures (503, 429, a lost connection,
//! an empty response) are retried within the call's total time; a refusal (`invalid_client`) is an error at once. API
//! calls and sign-in share the proxy, certificate authorities and HTTP client of the
//! [`ClientBuilder`](crate::ClientBuilder); requests to managed identities never use a proxy.
//!
#![cfg_attr(
    not(feature = "oauth"),
    doc = "[`ClientCredentials`]: crate#features
[`ManagedIdentity`]: crate#features
[`AzureCli`]: crate#features
[`DeviceCode`]: crate#features
[`Chain`]: crate#features"
)]
#![cfg_attr(
    not(feature = "azure-core"),
    doc = "[`AzureCredential`]: crate#features"
)]

#[cfg(feature = "oauth")]
mod absent;
#[cfg(feature = "azure-core")]
mod azure;
mod cache;
#[cfg(feature = "certificate")]
mod certificate;
#[cfg(feature = "oauth")]
mod chain;
mod challenge;
#[cfg(feature = "oauth")]
mod cli;
#[cfg(feature = "oauth")]
mod client_credentials;
#[cfg(feature = "oauth")]
mod device_code;
#[cfg(feature = "oauth")]
mod device_prompt;
#[cfg(feature = "oauth")]
mod endpoint;
#[cfg(feature = "oauth")]
mod environment;
#[cfg(feature = "oauth")]
mod managed_identity;
mod patience;
#[cfg(feature = "oauth")]
mod refresh_tokens;
#[cfg(feature = "oauth")]
mod registration;
mod shared;
mod source;
mod token;
mod token_claims;
#[cfg(feature = "oauth")]
mod token_response;

#[cfg(feature = "oauth")]
pub use absent::Absent;
#[cfg(feature = "azure-core")]
pub use azure::AzureCredential;
pub(crate) use cache::{Bearer, TokenCache};
#[cfg(feature = "oauth")]
pub use chain::Chain;
pub(crate) use challenge::claims;
#[cfg(feature = "oauth")]
pub use cli::AzureCli;
#[cfg(feature = "oauth")]
pub use client_credentials::ClientCredentials;
#[cfg(feature = "oauth")]
pub use device_code::DeviceCode;
#[cfg(feature = "oauth")]
pub use device_prompt::DevicePrompt;
#[cfg(feature = "oauth")]
pub use environment::Variables;
#[cfg(feature = "oauth")]
pub use managed_identity::ManagedIdentity;
pub(crate) use patience::SignInPatience;
#[cfg(feature = "oauth")]
pub use refresh_tokens::RefreshTokens;
pub use shared::{SharedSource, SharedTokens, TokenKey};
pub use source::{
    BoxError, FixedToken, FromFn, FromFnWith, TokenFuture, TokenRequest, TokenSource, from_fn,
    from_fn_with,
};
pub use token::AccessToken;
pub use token_claims::TokenClaims;
