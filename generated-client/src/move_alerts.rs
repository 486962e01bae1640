//! Moving alerts: to another incident, or to a new one.

use graph_client_runtime::Error;

use crate::Client;
use crate::types::{CorrelationReason, MoveAlertsRequest};

impl Client {
    /// Starts moving alerts together; [`AlertMove::to`] and [`AlertMove::to_new_incident`] say where to.
    ///
    /// They may come from several incidents. An incident that is left without alerts stays.
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
#[must_use = "alerts move once it is said where to"]
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
    pub fn because(mut self, reasons: impl IntoIterator<Item = CorrelationReason>) -> Self {
        self.body = self.body.new_correlation_reasons(reasons);
        self
    }

    /// Moves to where the incident was merged into; see
    /// [`IncidentHandle::following_merges`](crate::IncidentHandle::following_merges). The service refuses an incident
    /// that was merged. It costs one more request.
    pub fn following_merges(mut self) -> Self {
        self.follows_merges = true;
        self
    }

    /// Moves the alerts to an incident, and returns the number of the incident that has them now. It is never sent twice
    /// after an ambiguous failure.
    ///
    /// # Errors
    ///
    /// Those of [`Client::move_alerts_to_incident`]; no alerts; merges that form a cycle.
    pub async fn to(self, incident_id: impl Into<String>) -> Result<String, Error> {
        let mut target = incident_id.into();
        if self.follows_merges {
            let handle = self.client.incident(target).following_merges();
            target = handle.here().await?;
        }
        self.send(Some(target)).await
    }

    /// Opens a new incident for the alerts, and returns its number. It is never sent twice after an ambiguous failure:
    /// there would be two incidents.
    ///
    /// # Errors
    ///
    /// Those of [`Client::move_alerts_to_incident`]; no alerts.
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
        // The operation promises it: a response without it is an error already.
        Ok(moved.target_incident_id.unwrap_or_default())
    }
}
