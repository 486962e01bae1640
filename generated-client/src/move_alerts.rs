//! Moves alerts to another incident, or to a new one.

use graph_client_runtime::Error;

use crate::Client;
use crate::types::{CorrelationReason, MoveAlertsRequest};

impl Client {
    /// Prepares to move alerts together; [`AlertMove::to`] and [`AlertMove::to_new_incident`] send the request.
    ///
    /// The alerts may belong to several incidents. An incident that is left without alerts stays.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let opened = client
    ///     .move_alerts(["da02972395637659_1"])
    ///     .comment("another attack than the rest")
    ///     .to_new_incident()
    ///     .await?;
    /// let alert = client.get_alert("da02972395637659_1").await?;
    /// assert_eq!(alert.incident_id, Some(opened));
    /// # Ok(())
    /// # }
    /// ```
    pub fn move_alerts(
        &self,
        alert_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> AlertMove<'_> {
        AlertMove {
            client: self,
            body: MoveAlertsRequest::new(alert_ids, None),
            follows_merges: false,
        }
    }
}

/// A move of alerts; see [`Client::move_alerts`].
#[derive(Debug, Clone)]
#[must_use = "alerts are moved only by `to` or `to_new_incident`"]
pub struct AlertMove<'a> {
    client: &'a Client,
    body: MoveAlertsRequest,
    follows_merges: bool,
}

impl AlertMove<'_> {
    /// Adds a comment to every moved alert.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.body = self.body.alert_comment(comment);
        self
    }

    /// Sets what the alerts have in common with the incident.
    pub fn reasons(mut self, reasons: impl IntoIterator<Item = CorrelationReason>) -> Self {
        self.body = self.body.new_correlation_reasons(reasons);
        self
    }

    /// Moves the alerts to the incident that the target was merged into; see
    /// [`IncidentHandle::following_merges`](crate::IncidentHandle::following_merges). Without this, the service refuses a
    /// target that was merged. Costs one more request.
    pub fn following_merges(mut self) -> Self {
        self.follows_merges = true;
        self
    }

    /// Moves the alerts to an incident, and returns the id of the incident that has them now. The request is never sent
    /// twice after an ambiguous failure.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::move_alerts_to_incident`], and an error if there are no alerts or if merges form a
    /// cycle.
    pub async fn to(self, incident_id: impl Into<String>) -> Result<String, Error> {
        let mut target = incident_id.into();
        if self.follows_merges {
            let handle = self.client.incident(target).following_merges();
            target = handle.here().await?;
        }
        self.send(Some(target)).await
    }

    /// Moves the alerts to a new incident, and returns its id. The request is never sent twice after an ambiguous failure,
    /// which could open two incidents.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::move_alerts_to_incident`], and an error if there are no alerts.
    pub async fn to_new_incident(self) -> Result<String, Error> {
        self.send(None).await
    }

    async fn send(mut self, target: Option<String>) -> Result<String, Error> {
        self.body.incident_id = target;
        let moved = self
            .client
            .move_alerts_to_incident(&self.body)
            .send()
            .await?;
        // The operation promises the id: a response without it is already an error.
        Ok(moved.target_incident_id.unwrap_or_default())
    }
}
