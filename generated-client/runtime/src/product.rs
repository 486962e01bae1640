//! What a generated client is: a type around a core, and the defaults of its product.

use crate::cloud::{ApiVersion, Cloud};
use crate::core::Core;

/// A client generated from a description: a thin type around a [`Core`], with a method for each operation.
///
/// Several of them in one program can share a core, and with it one pool of connections, one token and one budget:
/// `Other::from_core(client.core().clone())`.
pub trait ServiceClient: Sized {
    /// The defaults that the product gives its builder.
    const PRODUCT: Product;

    /// Makes a client of a core that exists already.
    fn from_core(core: Core) -> Self;

    /// Returns the core that sends the client's requests.
    fn core(&self) -> &Core;
}

/// The defaults that a generated client gives to its builder.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Product {
    pub(crate) user_agent: &'static str,
    pub(crate) version: ApiVersion,
    pub(crate) refused: &'static [(Cloud, &'static str)],
}

impl Product {
    /// Names a product as it stands in `User-Agent`, such as `graph-incidents/0.1.0`, and the version of the API that
    /// its description is of.
    #[must_use]
    pub const fn new(user_agent: &'static str, version: ApiVersion) -> Self {
        Self {
            user_agent,
            version,
            refused: &[],
        }
    }

    /// Names clouds that do not offer the resource, each with the reason that the builder gives.
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

    /// Why a host cannot be used, if it cannot: the host of a refused cloud, under any name of its domain.
    pub(crate) fn refusal_of_host(&self, host: &str) -> Option<&'static str> {
        let mut refused = self.refused.iter();
        refused
            .find(|(cloud, _)| cloud.owns_host(host))
            .map(|(_, reason)| *reason)
    }
}
