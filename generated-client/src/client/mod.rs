//! The client: what users hold, and how it is built.

mod builder;

use std::fmt;

pub use builder::ClientBuilder;
#[cfg(feature = "oauth")]
pub(crate) use builder::http_client;

use crate::error::Error;
use crate::retry::RetryPolicy;
use crate::runtime::Transport;

/// Calls Microsoft Graph. Cloning it is cheap: clones share connections, token and budget.
///
/// Each operation of the fragment is a method; what it returns is sent by `.await`.
///
/// # Examples
///
/// ```
/// use graph_incidents::Client;
/// use graph_incidents::types::{AlertClassification, IncidentUpdate};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
/// let client = Client::builder().token("a token of SecurityIncident.ReadWrite.All");
/// # let client = client.token(simulator.token()).base_url(simulator.base_url());
/// let client = client.build()?;
/// let update = IncidentUpdate::new()
///     .classification(AlertClassification::TruePositive)
///     .clear_assigned_to();
/// let incident = client.update_incident("2972395", &update).await?;
/// assert_eq!(incident.assigned_to, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    transport: Transport,
}

impl Client {
    /// A client of the public cloud with a token that was given; [`Client::builder`] has everything else.
    ///
    /// # Errors
    ///
    /// Where no TLS can be had.
    pub fn new(token: impl Into<String>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// Builds a client step by step.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The same client with another retry policy; connections, token and budget stay shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use graph_incidents::{Client, RetryPolicy};
    ///
    /// let client = Client::new("secret")?;
    /// let impatient = client.with_retry(RetryPolicy::none());
    /// # Ok::<(), graph_incidents::Error>(())
    /// ```
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            transport: self.transport.with_retry(policy),
        }
    }

    /// The base address, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.transport.base_url()
    }

    /// The way to the service, for code that was generated from another fragment.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("transport", &self.transport)
            .finish()
    }
}
