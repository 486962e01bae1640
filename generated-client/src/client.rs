//! The client: what users hold, and the defaults that it gives to its builder.

use std::fmt;

use graph_client_runtime::{ApiVersion, Cloud, Core, Error, Product, RetryPolicy, ServiceClient};

/// Builds a [`Client`]; see [`ClientBuilder`](graph_client_runtime::ClientBuilder).
pub type ClientBuilder = graph_client_runtime::ClientBuilder<Client>;

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
///
/// A request body has the properties that can be written; what belongs to the service cannot be asked for:
///
/// ```compile_fail,E0599
/// use graph_incidents::types::IncidentUpdate;
///
/// let update = IncidentUpdate::new().last_modified_by("somebody else");
/// ```
///
/// ```compile_fail,E0609
/// use graph_incidents::types::IncidentUpdate;
///
/// let mut update = IncidentUpdate::new();
/// update.id = "2972395".to_owned();
/// ```
#[derive(Clone)]
pub struct Client {
    core: Core,
}

impl ServiceClient for Client {
    const PRODUCT: Product = Product::new(
        concat!("graph-incidents/", env!("CARGO_PKG_VERSION")),
        ApiVersion::Beta,
    )
    .refuses(&[(
        Cloud::China,
        "Microsoft does not offer security incidents in the cloud of China (21Vianet)",
    )]);

    fn from_core(core: Core) -> Self {
        Self { core }
    }

    fn core(&self) -> &Core {
        &self.core
    }
}

impl Client {
    /// Creates a client of the public cloud with a given token; [`Client::builder`] has everything else.
    ///
    /// # Errors
    ///
    /// Returns an error when TLS cannot be initialized.
    pub fn new(token: impl Into<String>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// Builds a client step by step.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns the same client with another retry policy; connections, token and budget stay shared.
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
            core: self.core.with_retry(policy),
        }
    }

    /// Returns the base address, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.core.base_url()
    }

    /// Returns the core, which calls any path and can be shared with clients generated from other fragments.
    #[must_use]
    pub fn core(&self) -> &Core {
        &self.core
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("core", &self.core)
            .finish()
    }
}
