//! The state of a simulator, for comparisons.

use graph_incidents_simulator::Simulator;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// An incident's id, its record, and its alerts.
pub(crate) type Kept = (String, Value, Vec<Value>);

/// All incidents of a simulator, newest first.
///
/// # Panics
///
/// Panics if the index has an id without a record, or with the record of another id.
pub(crate) fn kept(simulator: &Simulator) -> Vec<Kept> {
    let ids = simulator.incident_ids();
    assert_eq!(ids.len(), simulator.incident_count(), "{ids:?}");
    let record = |id: String| {
        let incident = simulator
            .incident(&id)
            .unwrap_or_else(|| panic!("{id} is listed and has no record"));
        assert_eq!(incident["id"], *id, "the record has another id");
        let alerts = simulator
            .alerts(&id)
            .unwrap_or_else(|| panic!("{id} is listed and has no alerts"));
        (id, incident, alerts)
    };
    ids.into_iter().map(record).collect()
}

/// A runtime for one execution.
pub(crate) fn runtime() -> Runtime {
    let built = Builder::new_current_thread().enable_all().build();
    built.expect("a runtime starts")
}
