//! Changes without a request to the service: results are recorded, and the service itself changes incidents.

use serde_json::{Value, json};

use crate::entities::Item;
use crate::hunting::{HuntingResult, RECORDED};
use crate::ledger::Write;
use crate::object::Object;
use crate::service::Service;
use crate::store::check_times;

impl Service {
    /// Stores the result of a query.
    pub(crate) fn record_hunting(&self, result: &HuntingResult) {
        if let Ok(Value::Object(object)) = serde_json::to_value(result) {
            let (query, item) = (result.query.trim(), Item::new(object));
            self.entities
                .write(RECORDED, query, |_| Ok(Some(item)))
                .ok();
        }
    }

    /// Applies a change by the service itself; `false` if there is no such incident, or the change has another id.
    pub(crate) fn change(&self, id: &str, change: &Object) -> bool {
        if change.get("id").is_some_and(|other| other != id) || check_times(change).is_err() {
            return false;
        }
        let written = self.store.write(id, |incident, _| {
            incident.insert(
                "lastModifiedBy".to_owned(),
                json!("Microsoft 365 Defender-IncidentUpdate"),
            );
            incident.extend(change.clone());
            Ok(())
        });
        match written {
            Ok(written) => {
                self.ledger.write(Write {
                    at: written.at,
                    operation: "service",
                    incident: id,
                    alert: None,
                    request_id: "",
                    change: Value::Object(change.clone()),
                });
                true
            }
            Err(_) => false,
        }
    }
}
