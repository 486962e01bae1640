//! Clients whose calls have limits or headers of their own.

use graph_client_runtime::generated_code::header::{HeaderName, HeaderValue};
use graph_client_runtime::{Error, Limits, ServiceClient};

use crate::Client;

impl Client {
    /// Returns the same client with other limits; connections, token and budget stay shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use graph_incidents::{Client, Limits};
    ///
    /// let client = Client::new("secret")?;
    /// let patient = client.with_limits(Limits::default().attempt_time(Duration::from_secs(300)));
    /// # Ok::<(), graph_incidents::Error>(())
    /// ```
    #[must_use]
    pub fn with_limits(&self, limits: Limits) -> Self {
        <Self as ServiceClient>::from_core(ServiceClient::core(self).with_limits(limits))
    }

    /// Returns the same client with a header that every request has; connections, token and budget stay shared.
    ///
    /// # Errors
    ///
    /// Returns an error for the headers that are the client's own: `Authorization`, `User-Agent` and
    /// `client-request-id`.
    pub fn with_header(&self, name: HeaderName, value: HeaderValue) -> Result<Self, Error> {
        Ok(<Self as ServiceClient>::from_core(
            ServiceClient::core(self).with_header(name, value)?,
        ))
    }
}
