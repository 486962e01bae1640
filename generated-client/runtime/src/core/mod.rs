//! The core of every client: addresses, tokens, limits, retries. It sends every request of this crate.

mod address;
mod clock;
mod open;
pub(crate) mod promise;
mod request;
pub(crate) mod response;
mod send;
mod subject;
mod wait;

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue, USER_AGENT};

pub(crate) use address::Address;
pub(crate) use clock::ServiceClock;
use promise::Reader;
pub use request::{Request, RequestBuilder, Requests};
pub use response::Response;
pub(crate) use subject::of as subject_of;

use crate::auth::TokenCache;
use crate::budget::RateBudget;
use crate::data::slot::Slot;
use crate::data::wire::Wire;
use crate::error::{Effect, Error, Kind};
use crate::headers::WithHeaders;
use crate::limits::Limits;
use crate::operation::Operation;
use crate::retry::RetryPolicy;

/// Reads the content of a response.
pub type Read<T> = fn(&Response, &Operation, &Limits) -> Result<T, Error>;

/// Sends requests. Cloning it is cheap: clones share connections, token and budget.
#[derive(Clone)]
pub struct Core {
    shared: Arc<Shared>,
    retry: RetryPolicy,
    /// Settings of this clone's calls.
    own: Option<Arc<Own>>,
}

/// Settings of some calls.
#[derive(Debug, Clone, Default)]
struct Own {
    limits: Option<Limits>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

pub(crate) struct Shared {
    pub(crate) address: Address,
    pub(crate) http: reqwest::Client,
    pub(crate) tokens: TokenCache,
    pub(crate) budget: RateBudget,
    pub(crate) limits: Limits,
    pub(crate) user_agent: reqwest::header::HeaderValue,
    /// Requests members of enumerations that the service otherwise hides.
    pub(crate) unknown_members: bool,
    pub(crate) clock: ServiceClock,
}

impl Core {
    pub(crate) fn new(shared: Shared, retry: RetryPolicy) -> Self {
        Self {
            shared: Arc::new(shared),
            retry,
            own: None,
        }
    }

    /// Returns a core with the same connections, token and budget, and another retry policy.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        Self {
            retry,
            ..self.clone()
        }
    }

    /// Returns a core with the same connections, token and budget, and other limits.
    #[must_use]
    pub fn with_limits(&self, limits: Limits) -> Self {
        let own = self.own.as_deref().cloned().unwrap_or_default();
        self.with_own(Own {
            limits: Some(limits),
            ..own
        })
    }

    /// Returns a core with the same connections, token and budget, and a header for every request; it replaces one with
    /// the same name.
    ///
    /// # Errors
    ///
    /// Returns an error for headers that the client sets itself: `Authorization`, `User-Agent` and `client-request-id`.
    pub fn with_header(&self, name: HeaderName, value: HeaderValue) -> Result<Self, Error> {
        if [AUTHORIZATION, USER_AGENT, request::CLIENT_REQUEST_ID].contains(&name) {
            return Err(Error::refused(format!(
                "`{name}` is the client's own header"
            )));
        }
        let mut own = self.own.as_deref().cloned().unwrap_or_default();
        own.headers.retain(|(other, _)| *other != name);
        own.headers.push((name, value));
        Ok(self.with_own(own))
    }

    fn with_own(&self, own: Own) -> Self {
        Self {
            own: Some(Arc::new(own)),
            ..self.clone()
        }
    }

    pub(crate) fn own_headers(&self) -> &[(HeaderName, HeaderValue)] {
        self.own.as_ref().map_or(&[], |own| &own.headers)
    }

    /// Returns the base URL, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.shared.address.as_str()
    }

    /// Begins requests.
    #[doc(hidden)]
    #[must_use]
    pub fn http(&self) -> Requests<'_> {
        Requests {
            address: &self.shared.address,
        }
    }

    /// Returns the time by the service's clock, from its last response; without a response, the local time.
    #[must_use]
    pub fn service_time(&self) -> DateTime<Utc> {
        self.shared.clock.now()
    }

    pub(crate) fn asks_for_unknown_members(&self) -> bool {
        self.shared.unknown_members
    }

    pub(crate) fn address(&self) -> &Address {
        &self.shared.address
    }

    /// The limits of every call.
    pub fn limits(&self) -> &Limits {
        let own = self.own.as_ref().and_then(|own| own.limits.as_ref());
        own.unwrap_or(&self.shared.limits)
    }

    /// The policy of every call.
    pub fn retry(&self) -> &RetryPolicy {
        &self.retry
    }

    /// The budget that all clones share.
    pub fn budget(&self) -> &RateBudget {
        &self.shared.budget
    }

    /// Sends a request and reads the response as a type.
    ///
    /// After an update with a 204, as in descriptions of the service until July 2023, it reads the updated resource.
    ///
    /// # Errors
    ///
    /// Returns an error if the service refuses the request, or it cannot be sent or read.
    pub async fn send<T: Wire>(&self, request: Request, operation: &Operation) -> Result<T, Error> {
        let mut slot = None;
        match (self.send_into(request, operation, &mut slot).await, slot) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(Error::new(Kind::Decode, "the response has no value")),
            (Err(error), Some(partial)) if T::HAS_ITEMS => Err(error.with_partial(partial)),
            (Err(error), _) => Err(error),
        }
    }

    /// Sends a request and reads the response as the builder of the request specifies.
    pub(crate) async fn perform<T: Send>(
        &self,
        request: Request,
        operation: &Operation,
        read: Read<T>,
    ) -> Result<WithHeaders<T>, Error> {
        let limits = self.limits();
        let mut value = None;
        let mut reader = |response: &Response| {
            value = Some(read(response, operation, limits)?);
            Ok(())
        };
        let response = self
            .exchange_or_follow(request, operation, &mut reader)
            .await?;
        let value = value.ok_or_else(|| Error::new(Kind::Decode, "the response has no value"))?;
        Ok(WithHeaders::new(value, response.status, response.headers))
    }

    /// Sends a request and reads the response as JSON, or `null` if a body is not expected.
    pub(crate) async fn send_value(
        &self,
        request: Request,
        operation: &Operation,
    ) -> Result<serde_json::Value, Error> {
        let limits = self.limits();
        let mut slot: Option<serde_json::Value> = None;
        let mut reader = |response: &Response| match response.may_be_empty(operation) {
            true => Ok(()),
            false => response::value(response, operation, limits, &mut slot),
        };
        self.exchange(&request, operation, &mut reader).await?;
        Ok(slot.unwrap_or_default())
    }

    /// Sends a request and reads the response into a place. It is not generic, so that a program contains it once, for
    /// all types.
    async fn send_into(
        &self,
        request: Request,
        operation: &Operation,
        slot: &mut (dyn Slot + Send),
    ) -> Result<(), Error> {
        let limits = self.limits();
        let mut reader = |response: &Response| response::value(response, operation, limits, slot);
        self.exchange_or_follow(request, operation, &mut reader)
            .await
            .map(drop)
    }

    /// Sends a request; after an update with a 204, it reads the updated resource.
    async fn exchange_or_follow(
        &self,
        request: Request,
        operation: &Operation,
        reader: &mut Reader<'_>,
    ) -> Result<Response, Error> {
        match self.exchange(&request, operation, reader).await {
            Err(error) if response::is_updated_without_content(operation, &error) => {}
            result => return result,
        }
        // It is rare, and must not make the futures of all calls larger.
        Box::pin(async move {
            let reading = Request::follow(request.url);
            self.exchange(&reading, &operation.reading(), reader)
                .await
                .map_err(|error| error.with_effect(Effect::Applied))
        })
        .await
    }

    /// Sends a request and reads the response as the caller's type.
    pub(crate) async fn send_typed<T: DeserializeOwned + Send>(
        &self,
        request: Request,
        operation: &Operation,
    ) -> Result<T, Error> {
        self.call(&request, operation, response::typed).await
    }

    /// Follows a link of the service, unchanged, and only to the service's host.
    ///
    /// # Errors
    ///
    /// Returns an error for a link to another host, and the errors of [`Self::send`].
    pub async fn follow<T: Wire>(&self, link: &str, operation: &Operation) -> Result<T, Error> {
        let url = self.address().own(link)?;
        self.send(Request::follow(url), operation).await
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Core")
            .field("base_url", &self.base_url())
            .field("retry", &self.retry)
            .field("limits", self.limits())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_replaces_only_the_one_of_its_name() {
        let [name, other] = ["x-tenant", "x-case"].map(HeaderName::from_static);
        let [one, two] = ["1", "2"].map(HeaderValue::from_static);
        let core = Core::builder().token("t").build().unwrap();
        let core = core.with_header(name.clone(), one.clone()).unwrap();
        let core = core.with_header(other.clone(), one.clone()).unwrap();
        let core = core.with_header(name.clone(), two.clone()).unwrap();
        assert_eq!(core.own_headers(), [(other, one), (name, two)]);
    }
}
