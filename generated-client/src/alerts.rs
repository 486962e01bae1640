//! Incidents with their alerts, whether the service can expand them or not.

use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::pin::Pin;

use futures_core::Stream;
use futures_util::stream::{BoxStream, StreamExt as _, try_unfold};

use graph_client_runtime::pages::Pages;
use graph_client_runtime::{Error, Value};

use crate::incident::IncidentHandle;
use crate::indicators::Indicator;
use crate::query::IncidentProperty;
use crate::requests::{ListIncidentAlerts, ListIncidents};
use crate::types::{Alert, Incident};

/// The annotation with the link to the rest of an expansion.
const MORE_ALERTS: &str = "alerts@odata.nextLink";

/// An incident with all of its alerts; it dereferences to [`Incident`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct IncidentWithAlerts {
    incident: Incident,
    /// How the alerts were loaded.
    pub source: AlertSource,
}

impl IncidentWithAlerts {
    /// Returns all of its alerts.
    #[must_use]
    pub fn alerts(&self) -> &[Alert] {
        self.incident.alerts.as_deref().unwrap_or_default()
    }

    /// Returns the indicators of its alerts; see [`Alert::indicators`].
    #[must_use]
    pub fn indicators(&self) -> Vec<Indicator> {
        self.alerts().iter().flat_map(Alert::indicators).collect()
    }

    /// Returns the incident, which contains the alerts.
    #[must_use]
    pub fn into_incident(self) -> Incident {
        self.incident
    }
}

impl Deref for IncidentWithAlerts {
    type Target = Incident;

    fn deref(&self) -> &Incident {
        &self.incident
    }
}

/// How the alerts of an incident were loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AlertSource {
    /// By `$expand=alerts`, with the incident.
    Expansion,
    /// By `$expand=alerts`, and the rest by following the links of the expansion.
    ExpansionAndLinks,
    /// By listing them for each incident, because the expansion failed.
    Fallback,
}

impl fmt::Display for AlertSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Expansion => "expanded",
            Self::ExpansionAndLinks => "expanded in parts",
            Self::Fallback => "listed by incident, because the expansion failed",
        })
    }
}

/// A [`Stream`] of incidents with their alerts.
#[must_use = "a stream sends requests only when it is polled"]
pub struct IncidentsWithAlerts<'a>(BoxStream<'a, Result<IncidentWithAlerts, Error>>);

impl IncidentsWithAlerts<'_> {
    /// Returns the next incident.
    pub async fn next(&mut self) -> Option<Result<IncidentWithAlerts, Error>> {
        self.0.next().await
    }
}

impl Stream for IncidentsWithAlerts<'_> {
    type Item = Result<IncidentWithAlerts, Error>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for IncidentsWithAlerts<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IncidentsWithAlerts")
            .finish_non_exhaustive()
    }
}

impl<'a> ListIncidents<'a> {
    /// Returns a stream of all incidents with all of their alerts.
    ///
    /// It requests `$expand=alerts`, to which the service always responds with 500 if an incident is large. The stream
    /// then lists the incidents without alerts, and the alerts of each with requests of their own.
    /// [`IncidentWithAlerts::source`] says how the alerts of each were loaded.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let mut incidents = client.list_incidents().top(10).with_alerts();
    /// while let Some(found) = incidents.next().await {
    ///     let found = found?;
    ///     println!("{}: {} alerts ({})", found.id, found.alerts().len(), found.source);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_alerts(self) -> IncidentsWithAlerts<'a> {
        let listing = Listing {
            pages: self.clone().expand([IncidentProperty::Alerts]).pages(),
            request: self,
            current: Vec::new().into_iter(),
            is_expanded: true,
            given: HashSet::new(),
        };
        IncidentsWithAlerts(
            try_unfold(listing, |mut listing| async move {
                Ok(listing.next().await?.map(|found| (found, listing)))
            })
            .boxed(),
        )
    }
}

impl IncidentHandle<'_> {
    /// Reads the incident with all of its alerts, whether the service can expand them or not.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get_incident`](crate::Client::get_incident) and
    /// [`Client::list_incident_alerts`](crate::Client::list_incident_alerts).
    pub async fn with_alerts(&self) -> Result<IncidentWithAlerts, Error> {
        let client = self.client();
        let request = client.get_incident(self.id());
        match request
            .clone()
            .expand([IncidentProperty::Alerts])
            .send()
            .await
        {
            Ok(incident) => complete(client, incident, true).await,
            Err(error) if is_hopeless(&error) => {
                complete(client, request.send().await?, false).await
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether an expansion failed in a way that repeating does not mend.
fn is_hopeless(error: &Error) -> bool {
    error.status().is_some_and(|status| status >= 500) || error.is_timeout()
}

struct Listing<'a> {
    request: ListIncidents<'a>,
    pages: Pages<'a, Incident>,
    current: std::vec::IntoIter<Incident>,
    is_expanded: bool,
    /// The ids that were yielded while the expansion worked, so that they are not yielded again after it failed.
    given: HashSet<String>,
}

impl Listing<'_> {
    async fn next(&mut self) -> Result<Option<IncidentWithAlerts>, Error> {
        loop {
            for incident in self.current.by_ref() {
                let is_new = match self.is_expanded {
                    true => self.given.insert(incident.id.clone()),
                    false => !self.given.contains(&incident.id),
                };
                if is_new {
                    return complete(self.request.client, incident, self.is_expanded)
                        .await
                        .map(Some);
                }
            }
            match self.pages.next().await {
                Some(Ok(page)) => self.current = page.value.into_iter(),
                Some(Err(error)) if self.is_expanded && is_hopeless(&error) => {
                    tracing::warn!(target: "graph_incidents", %error, "the expansion failed; alerts are listed by incident");
                    self.is_expanded = false;
                    self.pages = self.request.clone().pages();
                }
                Some(Err(error)) => return Err(error),
                None => return Ok(None),
            }
        }
    }
}

/// Loads the alerts that are missing.
async fn complete(
    client: &crate::Client,
    mut incident: Incident,
    is_expanded: bool,
) -> Result<IncidentWithAlerts, Error> {
    let link = match incident.additional_properties.get(MORE_ALERTS) {
        Some(Value::String(link)) if !link.trim().is_empty() => Some(link.clone()),
        None | Some(Value::String(_) | Value::Null) => None,
        Some(_) => {
            return Err(Error::invalid_response(format!(
                "`{MORE_ALERTS}` of incident {} is not a link: its alerts are not complete",
                incident.id
            )));
        }
    };
    let expanded = incident.alerts.take().filter(|_| is_expanded);
    let id = incident.id.clone();
    let (mut alerts, rest, source) = match (expanded, link) {
        (Some(alerts), None) => (alerts, None, AlertSource::Expansion),
        (Some(alerts), Some(link)) => {
            let core = client.core().clone();
            let operation = &ListIncidentAlerts::OPERATION;
            let pages = Pages::from_link(core, operation, ListIncidentAlerts::follow, link);
            let items = pages.into_items();
            (alerts, Some(items), AlertSource::ExpansionAndLinks)
        }
        (None, _) => {
            let items = client.list_incident_alerts(&id).items();
            (Vec::new(), Some(items), AlertSource::Fallback)
        }
    };
    if let Some(mut rest) = rest {
        while let Some(alert) = rest.next().await {
            alerts.push(alert?);
        }
    }
    incident.additional_properties.remove(MORE_ALERTS);
    incident.alerts = Some(alerts);
    Ok(IncidentWithAlerts { incident, source })
}
