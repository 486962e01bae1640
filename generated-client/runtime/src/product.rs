//! A generated client: a type around a core, and the defaults of its product.

use crate::cloud::{ApiVersion, Cloud};
use crate::core::Core;

/// A client generated from a description: a thin type around a [`Core`], with a method for each operation.
///
/// Several of them in one program can share a core, and with it one pool of connections, one token and one budget:
/// `Other::from_core(client.core().clone())`.
pub trait ServiceClient: Sized {
    /// The defaults of the product's builder.
    const PRODUCT: Product;

    /// Creates a client on an existing core.
    fn from_core(core: Core) -> Self;

    /// Returns the core that sends the client's requests.
    fn core(&self) -> &Core;
}

/// The defaults of a generated client's builder.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Product {
    pub(crate) user_agent: &'static str,
    pub(crate) version: ApiVersion,
    pub(crate) refused: &'static [(Cloud, &'static str)],
}

impl Product {
    /// Creates the defaults of a product with its name for `User-Agent`, such as `graph-incidents/0.1.0`, and the
    /// version of the API that its description describes.
    #[must_use]
    pub const fn new(user_agent: &'static str, version: ApiVersion) -> Self {
        Self {
            user_agent,
            version,
            refused: &[],
        }
    }

    /// Sets the clouds that do not offer the resource, each with the builder's error message.
    #[must_use]
    pub const fn refuses(mut self, clouds: &'static [(Cloud, &'static str)]) -> Self {
        self.refused = clouds;
        self
    }

    /// Why a cloud cannot be used, if it cannot.
    pub(crate) fn refusal(&self, cloud: Cloud) -> Option<&'static str> {
        let mut refused = self.refused.iter();
        refused
            .find(|(other, _)| *other == cloud)
            .map(|(_, reason)| *reason)
    }

    /// Why a host cannot be used, if it cannot: it is the host of a refused cloud, or in its domain.
    pub(crate) fn refusal_of_host(&self, host: &str) -> Option<&'static str> {
        let mut refused = self.refused.iter();
        refused
            .find(|(cloud, _)| cloud.owns_host(host))
            .map(|(_, reason)| *reason)
    }
}

/// Implements a client for a type that contains a core.
#[doc(hidden)]
#[macro_export]
macro_rules! __client {
    ($client:ident: version $version:ident, refuses { $($cloud:ident: $reason:literal),* $(,)? }) => {
        impl $crate::generated_code::ServiceClient for $client {
            const PRODUCT: $crate::generated_code::Product = $crate::generated_code::Product::new(
                ::core::concat!(::core::env!("CARGO_PKG_NAME"), "/", ::core::env!("CARGO_PKG_VERSION")),
                $crate::generated_code::ApiVersion::$version,
            )
            .refuses(&[$(($crate::generated_code::Cloud::$cloud, $reason)),*]);

            fn from_core(core: $crate::generated_code::Core) -> Self {
                Self { core }
            }

            fn core(&self) -> &$crate::generated_code::Core {
                &self.core
            }
        }

        impl $client {
            /// Creates a client of the public cloud with an existing token; `builder` has all other settings.
            ///
            /// # Errors
            ///
            /// Returns an error if TLS cannot be initialized.
            pub fn new(
                token: impl ::core::convert::Into<::std::string::String>,
            ) -> ::core::result::Result<Self, $crate::generated_code::Error> {
                Self::builder().token(token).build()
            }

            /// Builds a client step by step.
            pub fn builder() -> $crate::generated_code::ClientBuilder<Self> {
                $crate::generated_code::ClientBuilder::default()
            }

            /// Creates a client on an existing core: it shares connections, token and budget with the core's other
            /// users.
            #[must_use]
            pub fn from_core(core: $crate::generated_code::Core) -> Self {
                Self { core }
            }

            /// Returns the same client with another retry policy; connections, token and budget stay shared.
            #[must_use]
            pub fn with_retry(&self, policy: $crate::generated_code::RetryPolicy) -> Self {
                Self { core: self.core.with_retry(policy) }
            }

            /// Returns the base address, without a trailing slash.
            #[must_use]
            pub fn base_url(&self) -> &str {
                self.core.base_url()
            }

            /// Starts a `GET` of any path, such as `/security/secureScores`, with the same sign-in, budget, retry and errors;
            /// see `Core::get`.
            pub fn get(&self, path: &str) -> $crate::generated_code::RawRequest<'_> {
                self.core.get(path)
            }

            /// Starts a `POST` of any path; see `Core::post`.
            pub fn post(&self, path: &str) -> $crate::generated_code::RawRequest<'_> {
                self.core.post(path)
            }

            /// Starts a `PATCH` of any path; see `Core::patch`.
            pub fn patch(&self, path: &str) -> $crate::generated_code::RawRequest<'_> {
                self.core.patch(path)
            }

            /// Starts a `PUT` of any path; see `Core::put`.
            pub fn put(&self, path: &str) -> $crate::generated_code::RawRequest<'_> {
                self.core.put(path)
            }

            /// Starts a `DELETE` of any path; see `Core::delete`.
            pub fn delete(&self, path: &str) -> $crate::generated_code::RawRequest<'_> {
                self.core.delete(path)
            }

            /// Returns the core, which calls any path and can be shared with other clients.
            #[must_use]
            pub fn core(&self) -> &$crate::generated_code::Core {
                &self.core
            }
        }

        impl ::core::fmt::Debug for $client {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter
                    .debug_struct(::core::stringify!($client))
                    .field("core", &self.core)
                    .finish()
            }
        }
    };
}

pub use __client as client;
