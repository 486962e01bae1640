//! Changes by the service itself, at random or at fixed times.

use std::sync::Weak;
use std::time::Duration;

use serde_json::json;

use crate::object::{Object, text_of};
use crate::service::Service;

/// A change at a time after the start.
#[derive(Clone, Debug)]
pub(crate) struct Scheduled {
    pub(crate) after: Duration,
    pub(crate) incident: String,
    pub(crate) change: Object,
}

/// Waits for a change, and applies it while the simulator is running.
pub(crate) async fn once(service: Weak<Service>, scheduled: Scheduled) {
    tokio::time::sleep(scheduled.after).await;
    if let Some(service) = service.upgrade() {
        service.change(&scheduled.incident, &scheduled.change);
    }
}

/// F: the service may change severity and status at any time; it sets `resolvingComment` when it resolves an incident.
pub(crate) async fn again_and_again(service: Weak<Service>, every: Duration, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed ^ 0x7363_6865_6475_6c65);
    loop {
        tokio::time::sleep(every).await;
        let Some(service) = service.upgrade() else {
            return;
        };
        let Some(incident) = service.store.any(random.u64(..)) else {
            continue;
        };
        let Some(id) = text_of(&incident, "id") else {
            continue;
        };
        if text_of(&incident, "status") == Some("redirected") {
            continue;
        }
        let mut change = Object::new();
        match random.u8(0..4) {
            0 => {
                change.insert("status".to_owned(), json!("resolved"));
                change.insert(
                    "resolvingComment".to_owned(),
                    json!("Resolved automatically: all alerts are closed."),
                );
            }
            1 => {
                change.insert("status".to_owned(), json!("active"));
            }
            _ => {
                let severities = ["informational", "low", "medium", "high"];
                let severity = severities.get(random.usize(..severities.len()));
                change.insert("severity".to_owned(), json!(severity));
            }
        }
        service.change(id, &change);
    }
}
