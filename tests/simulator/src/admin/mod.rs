//! The admin API, below `/admin`, for tests and people. It needs no token.

mod state;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response as HttpResponse};
use axum::routing::{delete, get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::{Caller, Grant as TokenGrant};
use crate::entities::Item;
use crate::faults::{Fault, FaultRule};
use crate::freshness::Freshness;
use crate::hunting::{HuntingResult, RECORDED};
use crate::identity::APPLICATION;
use crate::object::{Object, parsed, text_of};
use crate::profile::Profile;
use crate::service::Service;
use crate::store::{Draft, check_times};

/// The shared service.
type Shared = State<Arc<Service>>;

/// A refusal with its reason.
struct Refused(StatusCode, String);

type Outcome = Result<Json<Value>, Refused>;

pub(crate) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/state", get(state::state))
        .route("/requests", get(requests))
        .route("/requests/{sequence}", get(exchange))
        .route("/recording", get(recording))
        .route("/sign-ins", get(sign_ins))
        .route("/writes", get(writes))
        .route("/permissions", put(set_permissions))
        .route("/profile", get(profile).put(set_profile))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/faults/script", post(script))
        .route("/faults/{id}", delete(remove_fault))
        .route("/throttling", delete(reset_throttling))
        .route("/incidents", get(state::incidents).post(insert))
        .route("/incidents/{id}", get(incident).patch(change))
        .route("/entities/{*collection}", get(entities).post(put_entity))
        .route("/hunting", get(hunting).post(record_hunting))
        .route("/alerts/{id}", get(alert))
        .route("/tokens", post(issue).delete(revoke))
        .route("/devicecodes/{code}", post(decide))
        .fallback(async || {
            Refused(
                StatusCode::NOT_FOUND,
                "the admin API has no such path".to_owned(),
            )
        })
}

impl IntoResponse for Refused {
    fn into_response(self) -> HttpResponse {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

fn bad(problem: impl std::fmt::Display) -> Refused {
    Refused(StatusCode::BAD_REQUEST, problem.to_string())
}

/// The response to an invalid body.
fn understood<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Refused> {
    body.map(|Json(body)| body)
        .map_err(|rejection| Refused(StatusCode::BAD_REQUEST, rejection.body_text()))
}

#[derive(Deserialize)]
struct Slice {
    /// Only entries after this sequence number.
    #[serde(default)]
    after: u64,
    #[serde(default = "hundred")]
    limit: usize,
}

fn hundred() -> usize {
    100
}

async fn requests(State(service): Shared, Query(slice): Query<Slice>) -> Json<Value> {
    Json(json!({
        "total": service.ledger.request_count(),
        "requests": service.ledger.requests_after(slice.after, slice.limit),
    }))
}

/// A request with its response in full, if it is still kept.
async fn exchange(State(service): Shared, Path(sequence): Path<u64>) -> Outcome {
    let entry = service.ledger.entry(sequence).ok_or_else(|| {
        Refused(
            StatusCode::NOT_FOUND,
            format!("no request has the number {sequence}"),
        )
    })?;
    let exchange = service.exchanges.get(sequence);
    Ok(Json(json!({"entry": entry, "exchange": exchange})))
}

async fn recording(State(service): Shared) -> Json<Value> {
    Json(json!(service.exchanges.recording()))
}

async fn sign_ins(State(service): Shared, Query(slice): Query<Slice>) -> Json<Value> {
    Json(json!({"signIns": service.ledger.sign_ins_after(slice.after, slice.limit)}))
}

/// The roles of the application, from its next token on.
async fn set_permissions(
    State(service): Shared,
    body: Result<Json<Vec<String>>, JsonRejection>,
) -> Outcome {
    let names = understood(body)?;
    service
        .endpoint
        .settings
        .application
        .permissions
        .write()
        .clone_from(&names);
    Ok(Json(json!({"permissions": names})))
}

async fn writes(State(service): Shared, Query(slice): Query<Slice>) -> Json<Value> {
    Json(json!({
        "total": service.ledger.write_count(),
        "writes": service.ledger.writes_after(slice.after, slice.limit),
    }))
}

async fn profile(State(service): Shared) -> Json<Value> {
    Json(json!(*service.profile()))
}

/// A profile's name, or the properties that differ from the plain one.
async fn set_profile(State(service): Shared, body: Result<Json<Value>, JsonRejection>) -> Outcome {
    let body = understood(body)?;
    let profile = match body.get("named").and_then(Value::as_str) {
        Some(name) => Profile::named(name).ok_or_else(|| {
            Refused(
                StatusCode::BAD_REQUEST,
                format!(
                    "there is no profile '{name}'; known: {}",
                    Profile::NAMES.join(", ")
                ),
            )
        })?,
        None => serde_json::from_value::<Profile>(body).map_err(bad)?,
    };
    profile.check().map_err(bad)?;
    *service.profile.write() = Arc::new(profile);
    Ok(Json(json!(*service.profile())))
}

async fn faults(State(service): Shared) -> Json<Value> {
    Json(json!(service.faults.active()))
}

async fn add_fault(
    State(service): Shared,
    body: Result<Json<FaultRule>, JsonRejection>,
) -> Outcome {
    let id = service.faults.add(understood(body)?).map_err(bad)?;
    Ok(Json(json!({"id": id})))
}

async fn script(
    State(service): Shared,
    body: Result<Json<Vec<Vec<Fault>>>, JsonRejection>,
) -> Outcome {
    let steps = understood(body)?;
    for fault in steps.iter().flatten() {
        fault.check().map_err(bad)?;
    }
    let count = steps.len();
    service.faults.script(steps);
    Ok(Json(json!({"steps": count})))
}

async fn remove_fault(State(service): Shared, Path(id): Path<u64>) -> Outcome {
    if service.faults.remove(id) {
        return Ok(Json(json!({"removed": id})));
    }
    Err(Refused(
        StatusCode::NOT_FOUND,
        format!("no fault has the id {id}"),
    ))
}

async fn clear_faults(State(service): Shared) -> Json<Value> {
    service.faults.clear();
    Json(json!({"removed": "all"}))
}

async fn reset_throttling(State(service): Shared) -> Json<Value> {
    service.throttle.reset();
    service.hunting.reset();
    Json(json!({"calls": 0}))
}

async fn incident(State(service): Shared, Path(id): Path<String>) -> Outcome {
    let incident = service.store.object(&id).ok_or_else(|| no_incident(&id))?;
    let alerts: Vec<Object> = service
        .store
        .alerts(&id)
        .unwrap_or_default()
        .iter()
        .map(|text| parsed(text))
        .collect();
    Ok(Json(json!({"incident": incident, "alerts": alerts})))
}

#[derive(Deserialize)]
struct Insertion {
    incident: Object,
    #[serde(default)]
    alerts: Vec<Object>,
}

async fn insert(State(service): Shared, body: Result<Json<Insertion>, JsonRejection>) -> Outcome {
    let Insertion { incident, alerts } = understood(body)?;
    let id = incident
        .get("id")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let id = id.ok_or_else(|| {
        Refused(
            StatusCode::BAD_REQUEST,
            "'incident' has no string 'id'".to_owned(),
        )
    })?;
    check_times(&incident).map_err(bad)?;
    service.store.add([Draft { incident, alerts }]);
    settled(&service).await?;
    Ok(Json(json!({"id": id})))
}

/// A change by the service itself.
async fn change(
    State(service): Shared,
    Path(id): Path<String>,
    body: Result<Json<Object>, JsonRejection>,
) -> Outcome {
    let change = understood(body)?;
    if change.get("id").is_some_and(|other| *other != id) {
        return Err(bad(format!(
            "'id' cannot be changed: the incident is '{id}'"
        )));
    }
    check_times(&change).map_err(bad)?;
    if service.change(&id, &change) {
        settled(&service).await?;
        return Ok(Json(json!(service.store.object(&id))));
    }
    Err(no_incident(&id))
}

/// The entities of a collection.
async fn entities(State(service): Shared, Path(collection): Path<String>) -> Json<Value> {
    let items = service.entities.all(&format!("/{collection}"));
    let items: Vec<Value> = items
        .into_iter()
        .map(|item| Value::Object(item.object))
        .collect();
    Json(json!({"entities": items}))
}

async fn put_entity(
    State(service): Shared,
    Path(collection): Path<String>,
    body: Result<Json<Object>, JsonRejection>,
) -> Outcome {
    let object = understood(body)?;
    let id = text_of(&object, "id")
        .ok_or_else(|| bad("the entity has no string 'id'"))?
        .to_owned();
    let collection = format!("/{collection}");
    if !service.catalogue.knows(&collection) {
        return Err(bad(format!(
            "the contract has no collection '{collection}'"
        )));
    }
    let item = Item::new(object);
    service
        .entities
        .write(&collection, &id, |_| Ok(Some(item)))
        .map_err(|refusal| bad(refusal.message))?;
    settled(&service).await?;
    Ok(Json(json!({"id": id})))
}

/// A stored alert.
async fn alert(State(service): Shared, Path(id): Path<String>) -> Outcome {
    let text = service.store.alert(&id, Freshness::NOW);
    let text = text.ok_or_else(|| {
        let problem = format!("there is no alert '{id}'");
        Refused(StatusCode::NOT_FOUND, problem)
    })?;
    Ok(Json(Value::Object(parsed(&text))))
}

/// The recorded results of exact queries.
async fn hunting(State(service): Shared) -> Json<Value> {
    let results = service.entities.all(RECORDED).into_iter();
    let results: Vec<Value> = results.map(|item| Value::Object(item.object)).collect();
    Json(json!({"results": results}))
}

async fn record_hunting(
    State(service): Shared,
    body: Result<Json<HuntingResult>, JsonRejection>,
) -> Outcome {
    let result = understood(body)?;
    service.record_hunting(&result);
    settled(&service).await?;
    Ok(Json(json!({"query": result.query.trim()})))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Grant {
    /// Names a person whose scopes they are; otherwise, they are roles of the application.
    user: Option<String>,
    permissions: Vec<String>,
    lifetime_seconds: Option<u64>,
}

async fn issue(State(service): Shared, body: Result<Json<Grant>, JsonRejection>) -> Outcome {
    let grant = understood(body)?;
    let caller = Caller {
        application: APPLICATION.to_owned(),
        user: grant.user,
        permissions: grant.permissions,
    };
    let token = service.tokens.issue(
        None,
        TokenGrant {
            caller,
            lifetime: grant.lifetime_seconds.map(Duration::from_secs),
            claims: None,
        },
    );
    Ok(Json(json!({"token": token})))
}

async fn revoke(State(service): Shared) -> Json<Value> {
    service.tokens.revoke();
    Json(json!({"tokens": 0}))
}

#[derive(Deserialize)]
struct Decision {
    approved: bool,
}

async fn decide(
    State(service): Shared,
    Path(code): Path<String>,
    body: Result<Json<Decision>, JsonRejection>,
) -> Outcome {
    let Decision { approved } = understood(body)?;
    if service.endpoint.decide(&code, approved) {
        return Ok(Json(json!({"approved": approved})));
    }
    Err(Refused(
        StatusCode::NOT_FOUND,
        format!("no device waits for the code '{code}'"),
    ))
}

async fn settled(service: &Service) -> Result<(), Refused> {
    let settled = service.settled(&Method::POST).await;
    settled.map_err(|refusal| Refused(refusal.status, refusal.message))
}

fn no_incident(id: &str) -> Refused {
    Refused(
        StatusCode::NOT_FOUND,
        format!("there is no incident '{id}'"),
    )
}
