//! The overview for the page.

use axum::Json;
use axum::extract::Query;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use crate::contract::Contract;
use crate::faults::Fault;
use crate::freshness::Freshness;
use crate::hunting::RECORDED;
use crate::object::parsed;
use crate::profile::Profile;
use crate::query::{ListQuery, Order};
use crate::service::Service;
use axum::extract::State;
use std::time::Duration;

pub(super) async fn state(State(service): Shared) -> Json<Value> {
    Json(json!({
        "token": service.own_token,
        "incidents": service.store.len(),
        "entities": service.entities.len() - service.entities.all(RECORDED).len(),
        "requests": service.ledger.request_count(),
        "writes": service.ledger.write_count(),
        "uptimeSeconds": service.started.elapsed().as_secs(),
        "throttling": service.throttle.usage(),
        "faults": service.faults.active(),
        "faultKinds": Fault::examples(),
        "operations": service.faults.operations(),
        "profile": profile_name(&service),
        "profiles": Profile::NAMES,
    }))
}

/// The name of the current profile; none if it has custom settings.
fn profile_name(service: &Service) -> Option<&'static str> {
    let profile = service.profile();
    Profile::NAMES
        .into_iter()
        .find(|name| Profile::named(name).is_some_and(|named| named == *profile))
}

#[derive(Deserialize)]
pub(super) struct Slice {
    #[serde(default)]
    skip: usize,
    #[serde(default = "fifty")]
    limit: usize,
}

fn fifty() -> usize {
    50
}

/// The last changed incidents.
pub(super) async fn incidents(State(service): Shared, Query(slice): Query<Slice>) -> Json<Value> {
    let query = ListQuery {
        order: latest_first(&service.contract),
        skip: slice.skip,
        ..ListQuery::default()
    };
    let page = service.store.page(
        &query,
        slice.limit.min(1_000),
        Freshness::Delayed(Duration::ZERO),
    );
    let incidents: Vec<Value> = page
        .incidents
        .iter()
        .map(|seen| Value::Object(parsed(&seen.text)))
        .collect();
    Json(json!({"total": service.store.len(), "incidents": incidents}))
}

fn latest_first(contract: &Contract) -> Vec<Order> {
    Order::read(contract, "Incident", &["lastUpdateDateTime desc"]).unwrap_or_default()
}
