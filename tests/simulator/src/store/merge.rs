//! Merging: several incidents change together, or none does.

use serde_json::{Value, json};

use super::{Place, Store};
use crate::error::Refusal;
use crate::object::Object;
use crate::state::{Entry, IncidentEntry};
use crate::time::Ticks;

/// An incident that changed, and when.
pub(crate) struct Merged {
    pub(crate) id: String,
    pub(crate) at: Ticks,
}

impl Store {
    /// Redirects the sources to the target, which receives their alerts.
    ///
    /// `change` is called for each incident, with whether it is the target; the target comes last.
    pub(crate) fn merge(
        &self,
        sources: &[&str],
        target: &str,
        change: impl Fn(&mut Object, bool, Ticks),
    ) -> Result<Vec<Merged>, Refusal> {
        let mut tenant = self.tenant.write();
        let place = |id: &str| -> Result<Place, Refusal> {
            tenant
                .by_id
                .get(id)
                .copied()
                .ok_or_else(|| Refusal::incident_not_found(id))
        };
        let mut places = sources
            .iter()
            .map(|id| place(id))
            .collect::<Result<Vec<Place>, Refusal>>()?;
        places.push(place(target)?);
        let mut gathered = Vec::new();
        let mut merged = Vec::new();
        let mut entries = Vec::new();
        for place in places {
            let record = &tenant.records[place as usize];
            let is_target = &*record.id == target;
            let id = record.id.to_string();
            let mut incident = tenant.object(record);
            let at = record.keys.updated.successor();
            change(&mut incident, is_target, at);
            incident.insert("lastUpdateDateTime".to_owned(), json!(at.to_string()));
            let own = tenant.alert_objects(record);
            let alerts: Vec<Object> = if is_target {
                own.into_iter()
                    .chain(std::mem::take(&mut gathered))
                    .collect()
            } else {
                gathered.extend(own.into_iter().map(|alert| moved(alert, target)));
                Vec::new()
            };
            tenant.replace(&self.contract, place, &incident);
            tenant.set_alerts(place, &alerts);
            entries.push(Entry::Incident(IncidentEntry {
                incident,
                alerts: Some(alerts),
            }));
            merged.push(Merged { id, at });
        }
        self.keep(&entries);
        Ok(merged)
    }
}

fn moved(mut alert: Object, target: &str) -> Object {
    alert.insert("incidentId".to_owned(), Value::from(target));
    alert
}
