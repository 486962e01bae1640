//! The token endpoints, with their faults.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response as HttpResponse;
use axum::routing::{get, post};
use serde_json::Value;

use super::connection::Reset;
use super::deliver::deliver;
use super::{call, read};
use crate::auth::endpoint::Form;
use crate::auth::managed::Host;
use crate::call::Call;
use crate::faults::{DEVICE_CODE, Drawn, Fault, MANAGED_IDENTITY, TOKEN, Target, sign_in};
use crate::ids::Ids;
use crate::ledger::RequestEntry;
use crate::response::Response;
use crate::service::Service;
use crate::time::Ticks;

/// The form fields whose values the ledger does not show.
const SECRETS: [&str; 4] = [
    "client_secret",
    "client_assertion",
    "refresh_token",
    "device_code",
];

pub(super) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/{tenant}/oauth2/v2.0/token", post(token))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device_code))
        .route("/metadata/identity/oauth2/token", get(machine_identity))
        .route("/msi/token", get(app_identity))
}

async fn token(State(service): State<Arc<Service>>, request: Request) -> HttpResponse {
    serve(&service, TOKEN, request, |call| {
        let url = format!("{}{}", call.origin, call.path);
        service
            .endpoint
            .token(&form(&call.body), &url, &service.tokens)
    })
    .await
}

async fn device_code(State(service): State<Arc<Service>>, request: Request) -> HttpResponse {
    serve(&service, DEVICE_CODE, request, |call| {
        service
            .endpoint
            .device_code(&form(&call.body), &call.origin)
    })
    .await
}

async fn machine_identity(State(service): State<Arc<Service>>, request: Request) -> HttpResponse {
    serve(&service, MANAGED_IDENTITY, request, |call| {
        managed(&service, Host::Machine, call)
    })
    .await
}

async fn app_identity(State(service): State<Arc<Service>>, request: Request) -> HttpResponse {
    serve(&service, MANAGED_IDENTITY, request, |call| {
        managed(&service, Host::App, call)
    })
    .await
}

fn managed(service: &Service, host: Host, call: &Call) -> Response {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(call.query.as_deref().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    service
        .endpoint
        .managed_identity(host, &query, &call.headers, &service.tokens)
}

async fn serve(
    service: &Service,
    name: &'static str,
    request: Request,
    respond: impl FnOnce(&Call) -> Response,
) -> HttpResponse {
    let (parts, body) = request.into_parts();
    let reset = parts.extensions.get::<Reset>().cloned();
    let mut call = call(parts);
    let Drawn { faults, reasons } = service.faults.draw(Target::SignIn(name));
    let response = match read(body, service.read_timeout).await {
        Ok(body) => {
            call.body = body;
            tokio::time::sleep(service.delay(&faults)).await;
            let began = Instant::now();
            let response = carry_out(&faults, || respond(&call));
            enter(service, name, &call, (&faults, reasons), &response, began);
            response
        }
        Err(refusal) => Response::text(refusal.status, refusal.message),
    };
    deliver(response, reset.as_ref()).await
}

fn carry_out(faults: &[Fault], respond: impl FnOnce() -> Response) -> Response {
    let mut response = match faults.iter().find_map(sign_in::instead) {
        Some(instead) => {
            if instead.applied {
                respond();
            }
            instead.response
        }
        None => respond(),
    };
    for fault in faults {
        sign_in::spoil(fault, &mut response);
    }
    response
}

fn enter(
    service: &Service,
    name: &str,
    call: &Call,
    (faults, reasons): (&[Fault], Vec<String>),
    response: &Response,
    began: Instant,
) {
    let ids = Ids::of(&call.headers);
    let mut fields = form(&call.body);
    for secret in SECRETS {
        if let Some(value) = fields.get_mut(secret) {
            "…".clone_into(value);
        }
    }
    let entry = RequestEntry {
        sequence: 0,
        at: Ticks::now().to_string(),
        method: call.method.to_string(),
        target: call.target(),
        operation: Some(name.to_owned()),
        status: response.status.as_u16(),
        faults: faults.iter().map(Fault::name).collect(),
        reasons,
        application: fields.get("client_id").cloned().unwrap_or_default(),
        duration_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        request_id: ids.request,
        client_request_id: ids.client,
        body: serde_json::to_value(fields)
            .as_ref()
            .map(Value::to_string)
            .unwrap_or_default(),
    };
    service.observe(&entry);
    service.ledger.sign_in(entry);
}

fn form(body: &[u8]) -> Form {
    form_urlencoded::parse(body).into_owned().collect()
}
