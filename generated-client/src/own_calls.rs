//! Clients with their own limits or headers.

use graph_client_runtime::generated_code::header::{HeaderName, HeaderValue};
use graph_client_runtime::{Error, Limits, ServiceClient};

use crate::Client;

impl Client {
    /// Returns a client with other limits that shares connections, token and budget with this one.
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

    /// Returns a client that adds a header to every request and shares connections, token and budget with this one.
    ///
    /// # Errors
    ///
    /// Returns an error for headers that only the client sets: `Authorization`, `User-Agent` and `client-request-id`.
    pub fn with_header(&self, name: HeaderName, value: HeaderValue) -> Result<Self, Error> {
        Ok(<Self as ServiceClient>::from_core(
            ServiceClient::core(self).with_header(name, value)?,
        ))
    }
}
