//! Resolves an incident together with its alerts, with an outcome for each.

use std::ops::Deref;

use futures_util::StreamExt as _;
use graph_client_runtime::Error;

use crate::incident::{FoundIncident, IncidentHandle};
use crate::resolution::Resolution;
use crate::types::{Alert, AlertStatus, Incident};

/// The outcome of resolving an incident with its alerts; it dereferences to [`Incident`].
#[derive(Debug)]
#[non_exhaustive]
pub struct ResolvedWithAlerts {
    /// The resolved incident.
    pub incident: FoundIncident,
    /// The outcome for each of its alerts, in the order of the service's list.
    pub alerts: Vec<AlertResolution>,
}

/// An alert of a resolved incident, and its outcome.
#[derive(Debug)]
#[non_exhaustive]
pub struct AlertResolution {
    /// The id of the alert.
    pub alert_id: String,
    /// The outcome.
    pub outcome: AlertOutcome,
}

/// The outcome for an alert.
#[derive(Debug)]
#[non_exhaustive]
pub enum AlertOutcome {
    /// The alert was resolved; contains its new state.
    Resolved(Box<Alert>),
    /// The alert was already resolved and was not changed; it keeps its own verdict.
    AlreadyResolved,
    /// The alert could not be resolved; [`Error::effect`] says whether it may have been.
    Failed(Error),
}

impl ResolvedWithAlerts {
    /// Returns whether every alert is resolved.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed().next().is_none()
    }

    /// Returns the ids of the alerts that could not be resolved, each with its error.
    pub fn failed(&self) -> impl Iterator<Item = (&str, &Error)> {
        self.alerts.iter().filter_map(|alert| match &alert.outcome {
            AlertOutcome::Failed(error) => Some((alert.alert_id.as_str(), error)),
            _ => None,
        })
    }
}

impl Deref for ResolvedWithAlerts {
    type Target = Incident;

    fn deref(&self) -> &Incident {
        &self.incident
    }
}

impl IncidentHandle<'_> {
    /// Resolves the incident and all of its alerts with the same verdict.
    ///
    /// The service leaves the alerts of a resolved incident open. This method lists the alerts, resolves the incident, and
    /// then resolves each alert that is not resolved yet, eight at a time. The comment of the resolution goes only to the
    /// incident.
    ///
    /// If an alert fails, the others are resolved all the same; [`ResolvedWithAlerts`] has the outcome for each.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::resolve`] and [`Client::list_incident_alerts`](crate::Client::list_incident_alerts); no
    /// alert was changed then.
    ///
    /// # Examples
    ///
    /// ```
    /// use graph_incidents::{AlertOutcome, Resolution};
    /// use graph_incidents::types::{AlertClassification, AlertDetermination};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let malware = Resolution::new(AlertClassification::TruePositive, AlertDetermination::Malware);
    /// let resolved = client.incident("2972395").resolve_with_alerts(malware).await?;
    /// for alert in &resolved.alerts {
    ///     match &alert.outcome {
    ///         AlertOutcome::Resolved(_) => println!("{} is resolved", alert.alert_id),
    ///         AlertOutcome::AlreadyResolved => println!("{} was resolved before", alert.alert_id),
    ///         AlertOutcome::Failed(error) => println!("{}: {error}", alert.alert_id),
    ///         other => println!("{}: {other:?}", alert.alert_id),
    ///     }
    /// }
    /// assert!(resolved.is_complete());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn resolve_with_alerts(
        &self,
        resolution: Resolution,
    ) -> Result<ResolvedWithAlerts, Error> {
        let here = self.here().await?;
        let mut found = Vec::new();
        // Whole alerts: it is not documented what `$select` leaves of one.
        let mut alerts = self.client().list_incident_alerts(&here).items();
        while let Some(alert) = alerts.next().await {
            let alert = alert?;
            found.push((alert.id, alert.status == Some(AlertStatus::Resolved)));
        }
        let update = resolution.clone().into_alert_update();
        let incident = self.resolve(resolution).await?;
        let open = found.iter().filter(|(_, is_resolved)| !is_resolved);
        let updates: Vec<_> = open.map(|(id, _)| (id.clone(), update.clone())).collect();
        let outcomes = self.client().update_many_alerts(updates).in_order();
        let mut outcomes = outcomes.collect::<Vec<_>>().await.into_iter();
        let alerts = found
            .into_iter()
            .map(|(alert_id, is_resolved)| AlertResolution {
                outcome: match is_resolved {
                    true => AlertOutcome::AlreadyResolved,
                    false => outcome(outcomes.next().map(|outcome| outcome.result)),
                },
                alert_id,
            });
        Ok(ResolvedWithAlerts {
            incident,
            alerts: alerts.collect(),
        })
    }
}

fn outcome(result: Option<Result<Alert, Error>>) -> AlertOutcome {
    match result {
        Some(Ok(alert)) => AlertOutcome::Resolved(Box::new(alert)),
        Some(Err(error)) => AlertOutcome::Failed(error),
        None => AlertOutcome::Failed(Error::refused("the alert was not updated")),
    }
}
