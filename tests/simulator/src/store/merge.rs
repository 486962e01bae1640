//! Merging: several incidents change together, or none does.

use serde_json::{Value, json};

use super::{Place, Source, Store};
use crate::error::Refusal;
use crate::object::{Object, parsed, serialised};
use crate::state::{Entry, IncidentEntry};
use crate::time::Ticks;

/// An incident that changed, and when.
pub(crate) struct Merged {
    pub(crate) id: String,
    pub(crate) at: Ticks,
}

impl Store {
    /// Redirects the sources to the target, which gathers their alerts.
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
            let alerts = if is_target {
                let own = tenant.alerts(record);
                own.iter()
                    .map(|text| parsed(text))
                    .chain(std::mem::take(&mut gathered))
                    .collect()
            } else {
                gathered.extend(tenant.alerts(record).iter().map(|text| moved(text, target)));
                Vec::new()
            };
            tenant.replace(&self.contract, place, &incident);
            tenant.records[place as usize].alerts =
                Source::Held(alerts.iter().map(serialised).collect());
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

fn moved(alert: &[u8], target: &str) -> Object {
    let mut alert = parsed(alert);
    alert.insert("incidentId".to_owned(), Value::from(target));
    alert
}
