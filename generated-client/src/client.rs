//! The builder of the client, with examples that are compiled or must not compile.

use crate::Client;

/// Builds a [`Client`]; see [`ClientBuilder`](graph_client_runtime::ClientBuilder).
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
/// A request body has only the properties that callers can write; those that only the service sets do not compile:
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
pub type ClientBuilder = graph_client_runtime::ClientBuilder<Client>;
