//! Moves alerts from their incidents to another, or to a new one, all together or not at all.

use std::sync::Arc;

use serde_json::{Value, json};

use super::alerts::updated;
use super::{Place, Store, Tenant};
use crate::error::Refusal;
use crate::identity::TENANT;
use crate::object::{Object, serialised, text_of};
use crate::state::{Entry, IncidentEntry};
use crate::time::Ticks;

/// The changes of a move.
pub(crate) struct Move<'a> {
    pub(crate) alerts: &'a [&'a str],
    /// None opens a new incident.
    pub(crate) target: Option<&'a str>,
    /// The caller.
    pub(crate) author: &'a str,
    /// Other changes of a moved alert.
    pub(crate) note: &'a dyn Fn(&mut Object, Ticks),
}

/// A change by a move.
pub(crate) struct Moved {
    pub(crate) incident: String,
    /// The moved alert; none if the incident itself changed.
    pub(crate) alert: Option<String>,
    pub(crate) at: Ticks,
}

impl Store {
    /// Moves alerts; returns the incident that has them now, and the changes.
    pub(crate) fn move_alerts(&self, wanted: &Move<'_>) -> Result<(String, Vec<Moved>), Refusal> {
        let mut tenant = self.tenant.write();
        let mut sources: Vec<Place> = Vec::new();
        let mut seeds: Vec<Object> = Vec::new();
        for id in wanted.alerts {
            let (place, number) = tenant
                .find_alert(id)
                .ok_or_else(|| Refusal::alert_not_found(id).at("alertIds"))?;
            seeds.push(tenant.alert_objects(&tenant.records[place as usize])[number].clone());
            sources.push(place);
        }
        let target = match wanted.target {
            Some(id) => tenant.target(id)?,
            None => {
                let incident = tenant.opened_for(&seeds);
                tenant.add(&self.contract, &incident, Some(&[]))
            }
        };
        sources.sort_unstable();
        sources.dedup();
        sources.retain(|place| *place != target);
        let target_id = tenant.records[target as usize].id.to_string();
        let mut moved = Vec::new();
        let mut changed = Vec::new();
        for place in sources {
            let taken = tenant.take_alerts(place, wanted, &target_id);
            moved.extend(taken);
            changed.push(place);
        }
        if !moved.is_empty() || wanted.target.is_none() {
            changed.push(target);
        }
        let mut writes: Vec<Moved> = moved
            .iter()
            .map(|(alert, _)| Moved {
                incident: target_id.clone(),
                alert: text_of(alert, "id").map(str::to_owned),
                at: updated(alert),
            })
            .collect();
        tenant.give_alerts(target, moved);
        let mut entries = Vec::new();
        for place in changed {
            let (entry, at) = self.touch(&mut tenant, place, wanted.author);
            writes.push(Moved {
                incident: tenant.records[place as usize].id.to_string(),
                alert: None,
                at,
            });
            entries.push(entry);
        }
        self.keep(&entries);
        Ok((target_id, writes))
    }

    /// Records a change of an incident.
    fn touch(&self, tenant: &mut Tenant, place: Place, author: &str) -> (Entry, Ticks) {
        let record = &tenant.records[place as usize];
        let at = record.keys.updated.successor();
        let mut incident = tenant.object(record);
        incident.insert("lastUpdateDateTime".to_owned(), json!(at.to_string()));
        incident.insert("lastModifiedBy".to_owned(), json!(author));
        tenant.replace(&self.contract, place, &incident);
        let alerts = tenant.alert_objects(&tenant.records[place as usize]);
        let entry = Entry::Incident(IncidentEntry {
            incident,
            alerts: Some(alerts),
        });
        (entry, at)
    }
}

impl Tenant {
    /// The target incident of the move.
    fn target(&self, id: &str) -> Result<Place, Refusal> {
        let place = self.by_id.get(id).copied();
        let place = place.ok_or_else(|| Refusal::incident_not_found(id).at("incidentId"))?;
        let incident = self.object(&self.records[place as usize]);
        // A: refused as in a merge.
        if text_of(&incident, "status") == Some("redirected") {
            let problem = format!("incident '{id}' is already merged into another");
            return Err(Refusal::bad_request(problem).at("incidentId"));
        }
        Ok(place)
    }

    /// Removes the requested alerts from an incident; returns them after the move, each with its state before.
    fn take_alerts(
        &mut self,
        place: Place,
        wanted: &Move<'_>,
        target: &str,
    ) -> Vec<(Object, Object)> {
        let alerts = self.alert_objects(&self.records[place as usize]);
        let is_wanted =
            |alert: &Object| text_of(alert, "id").is_some_and(|id| wanted.alerts.contains(&id));
        let (taken, rest): (Vec<Object>, Vec<Object>) = alerts.into_iter().partition(is_wanted);
        self.set_alerts(place, &rest);
        let moved = taken.into_iter().map(|before| {
            let mut alert = before.clone();
            let at = updated(&alert).successor();
            alert.insert("incidentId".to_owned(), json!(target));
            alert.insert("incidentWebUrl".to_owned(), json!(web_url(target)));
            (wanted.note)(&mut alert, at);
            alert.insert("lastUpdateDateTime".to_owned(), json!(at.to_string()));
            (alert, before)
        });
        moved.collect()
    }

    fn give_alerts(&mut self, place: Place, moved: Vec<(Object, Object)>) {
        let mut alerts = self.alert_objects(&self.records[place as usize]);
        alerts.extend(moved.iter().map(|(alert, _)| alert.clone()));
        self.set_alerts(place, &alerts);
        for (_, before) in &moved {
            let id = text_of(before, "id").unwrap_or_default();
            self.note_before(place, id, serialised(before));
        }
    }

    /// A new incident for alerts: named after the first one, with the severity of the most severe.
    fn opened_for(&self, alerts: &[Object]) -> Object {
        let numbers = self.by_id.keys().filter_map(|id| id.parse::<u64>().ok());
        let id: Arc<str> = (numbers.max().unwrap_or(0) + 1).to_string().into();
        let now = Ticks::now().to_string();
        let first = alerts.first();
        let title = first.and_then(|alert| alert.get("title")).cloned();
        let incident = json!({
            "id": &*id,
            "incidentWebUrl": web_url(&id),
            "redirectIncidentId": null,
            "displayName": title.unwrap_or(Value::Null),
            "tenantId": TENANT,
            "createdDateTime": now,
            "lastUpdateDateTime": now,
            "lastModifiedBy": "Microsoft 365 Defender-IncidentCreation",
            "assignedTo": null,
            "classification": "unknown",
            "determination": "unknown",
            "status": "active",
            "severity": worst(alerts),
            "priorityScore": null,
            "customTags": [],
            "systemTags": [],
            "comments": [],
            "description": null,
            "recommendedActions": "",
            "recommendedHuntingQueries": [],
            "resolvingComment": null,
            "summary": null,
        });
        match incident {
            Value::Object(incident) => incident,
            _ => Object::new(),
        }
    }
}

fn web_url(incident: &str) -> String {
    format!("https://security.microsoft.com/incident2/{incident}/overview?tid={TENANT}")
}

fn worst(alerts: &[Object]) -> &'static str {
    let has = |severity: &&&str| {
        let mut found = alerts.iter().filter_map(|alert| text_of(alert, "severity"));
        found.any(|found| found == **severity)
    };
    let ranked = ["high", "medium", "low", "informational"];
    ranked.iter().find(has).copied().unwrap_or("unknown")
}
