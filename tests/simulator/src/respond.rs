//! From a call to its response: plans it, draws its faults, carries it out, and enters it in the ledger.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use serde_json::json;

use crate::auth::{Granted, unauthorized};
use crate::batch;
use crate::call::Call;
use crate::claims;
use crate::error::Refusal;
use crate::faults::{self, Drawn, Fault, responses};
use crate::headers;
use crate::ids::Ids;
use crate::ledger::RequestEntry;
use crate::operations::{self, Context};
use crate::profile::Profile;
use crate::query::Options;
use crate::response::Response;
use crate::retry_after;
use crate::route::Route;
use crate::service::Service;
use crate::time::Ticks;

/// The versions under which the operations are offered.
const VERSIONS: [&str; 2] = ["beta", "v1.0"];

/// How much of a request's body the ledger keeps.
const KEPT_BODY: usize = 4096;

/// The plan for a call, made before anything happens.
pub(crate) struct Plan {
    ids: Ids,
    route: Result<Target, Refusal>,
    faults: Vec<Fault>,
    reasons: Vec<String>,
    /// How long the call waits first.
    pub(crate) delay: Duration,
}

enum Target {
    Operation(Route),
    Batch,
}

/// The facts that the ledger collects on the way to a response.
#[derive(Default)]
struct Trace {
    application: String,
}

/// The maximum delay by faults: a day.
const LONGEST_DELAY: u64 = 86_400_000;

impl Service {
    /// Finds the operation, and draws the faults of the call.
    pub(crate) fn plan(&self, call: &Call) -> Plan {
        let target = self.target(call);
        let drawn = match &target {
            Ok(Target::Operation(route)) => self.faults.draw(faults::Target::Operation {
                name: &route.operation.id,
                subject: route.subject(),
                pages: self.contract.returns_pages(&route.operation),
            }),
            Ok(Target::Batch) => self.faults.draw(faults::Target::Batch),
            Err(_) => Drawn::default(),
        };
        Plan {
            ids: Ids::of(&call.headers),
            route: target,
            delay: self.delay(&drawn.faults),
            faults: drawn.faults,
            reasons: drawn.reasons,
        }
    }

    /// How long faults delay a request before anything happens.
    pub(crate) fn delay(&self, faults: &[Fault]) -> Duration {
        let milliseconds = faults.iter().fold(0_u64, |sum, fault| match fault {
            Fault::Latency {
                milliseconds,
                jitter_milliseconds,
            } => sum
                .saturating_add(*milliseconds)
                .saturating_add(self.faults.below(jitter_milliseconds.saturating_add(1))),
            _ => sum,
        });
        Duration::from_millis(milliseconds.min(LONGEST_DELAY))
    }

    /// Carries out a call as planned, and enters it in the ledger.
    pub(crate) fn respond(&self, call: &Call, plan: &Plan) -> Response {
        let began = Instant::now();
        let mut trace = Trace::default();
        let profile = self.profile();
        let mut response = match &self.replay {
            Some(replay) => replay.respond(call),
            None => self.granted(call, plan, &profile, &mut trace),
        }
        .unwrap_or_else(|refusal| refusal.response(&plan.ids, &profile));
        for fault in &plan.faults {
            responses::spoil(fault, &mut response);
        }
        if call.prefers("include-unknown-enum-members") {
            response = response.with(
                HeaderName::from_static("preference-applied"),
                HeaderValue::from_static("include-unknown-enum-members"),
            );
        }
        if profile.throttling.rate_limit_headers
            && let Some(remaining) = self.throttle.remaining(&trace.application)
        {
            response = headers::rate_limit(response, remaining);
        }
        let sequence = self.enter(call, plan, response.status, trace.application, began);
        let response = headers::finish(response, call, &plan.ids);
        self.exchanges.keep(sequence, call, &response);
        response
    }

    /// Refuses a call that cannot be planned, because its body did not arrive.
    pub(crate) fn refuse(&self, call: &Call, refusal: &Refusal) -> Response {
        let plan = Plan {
            ids: Ids::of(&call.headers),
            route: self.target(call),
            faults: Vec::new(),
            reasons: Vec::new(),
            delay: Duration::ZERO,
        };
        self.enter(call, &plan, refusal.status, String::new(), Instant::now());
        self.failed(call, &plan, refusal)
    }

    /// The error response to a refused call.
    pub(crate) fn failed(&self, call: &Call, plan: &Plan, refusal: &Refusal) -> Response {
        let response = refusal.response(&plan.ids, &self.profile());
        headers::finish(response, call, &plan.ids)
    }

    fn enter(
        &self,
        call: &Call,
        plan: &Plan,
        status: StatusCode,
        application: String,
        began: Instant,
    ) -> u64 {
        let entry = RequestEntry {
            sequence: 0,
            at: Ticks::now().to_string(),
            method: call.method.to_string(),
            target: call.target(),
            operation: match &plan.route {
                Ok(Target::Operation(route)) => Some(route.operation.id.clone()),
                Ok(Target::Batch) => Some(faults::BATCH.to_owned()),
                Err(_) => None,
            },
            status: status.as_u16(),
            faults: plan.faults.iter().map(Fault::name).collect(),
            reasons: plan.reasons.clone(),
            application,
            duration_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
            request_id: plan.ids.request.clone(),
            client_request_id: plan.ids.client.clone(),
            body: kept(&call.body),
        };
        self.observe(&entry);
        self.ledger.request(entry)
    }

    fn granted(
        &self,
        call: &Call,
        plan: &Plan,
        profile: &Profile,
        trace: &mut Trace,
    ) -> Result<Response, Refusal> {
        let instead = plan
            .faults
            .iter()
            .find_map(|fault| responses::instead(fault, &plan.ids, profile));
        let instead = match instead {
            Some(instead) if !instead.applied => return Ok(instead.response),
            instead => instead,
        };
        let granted = self.tokens.caller(&call.headers)?;
        trace.application.clone_from(&granted.caller.application);
        challenge(&plan.faults, &granted)?;
        let response = match &plan.route {
            Ok(Target::Operation(route)) => self.carry_out(call, plan, profile, route, &granted)?,
            Ok(Target::Batch) => batch::respond(call, &plan.faults, |part| {
                let plan = self.plan(part);
                let response = self.respond(part, &plan);
                let taken = plan.delay.saturating_add(response.delivery.delay);
                (response, taken)
            })?,
            Err(refusal) => return Err(refusal.clone()),
        };
        Ok(instead.map_or(response, |instead| instead.response))
    }

    fn carry_out(
        &self,
        call: &Call,
        plan: &Plan,
        profile: &Profile,
        route: &Route,
        granted: &Granted,
    ) -> Result<Response, Refusal> {
        let caller = &granted.caller;
        if let Err(wait) = self
            .throttle
            .grant(&profile.throttling, &caller.application)
        {
            return Ok(throttled(wait, plan, profile));
        }
        caller.may(&route.operation.permissions)?;
        if !profile.provisioned {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "Forbidden",
                "Account is not provisioned.",
            ));
        }
        let context = Context {
            service: self,
            contract: if call.is_beta() {
                &self.contract
            } else {
                &self.released
            },
            profile,
            call,
            ids: &plan.ids,
            caller,
            operation: &route.operation,
            faults: &plan.faults,
            options: Options::read(&route.operation, call.options()?)?,
        };
        if plan.faults.contains(&Fault::DuplicateDelivery) {
            operations::carry_out(&context, route)?;
        }
        operations::carry_out(&context, route)
    }

    /// The operation of the path, below one of the versions.
    fn target(&self, call: &Call) -> Result<Target, Refusal> {
        let segments = call.segments()?;
        match segments.split_first() {
            Some((version, below)) if VERSIONS.contains(&version.as_ref()) => {
                if below == ["$batch"] && call.method == Method::POST {
                    return Ok(Target::Batch);
                }
                self.routes.find(&call.method, below).map(Target::Operation)
            }
            _ => Err(Refusal::bad_request(format!(
                "invalid version: {}",
                segments.first().map_or("", Cow::as_ref)
            ))),
        }
    }
}

/// F: a token that was not issued with the required claims gets a challenge.
fn challenge(faults: &[Fault], granted: &Granted) -> Result<(), Refusal> {
    for fault in faults {
        if let Fault::ClaimsChallenge { claims: wanted } = fault {
            let wanted = wanted.as_deref().unwrap_or(headers::CLAIMS);
            if !claims::satisfied(granted.claims.as_deref(), wanted) {
                let refusal = unauthorized("the access token does not satisfy the claims");
                return Err(refusal.challenging(wanted));
            }
        }
    }
    Ok(())
}

/// D, F: 429, in the profile's form.
fn throttled(wait: Duration, plan: &Plan, profile: &Profile) -> Response {
    let mut refusal = Refusal::throttled(wait);
    if !profile.throttling.older_body {
        return refusal.response(&plan.ids, profile);
    }
    refusal.code = "429".into();
    let response = Response::json(
        refusal.status,
        &json!({"error": {"code": refusal.code, "message": refusal.message, "target": plan.ids.request}}),
    );
    match retry_after::value(profile.throttling.retry_after, wait) {
        Some(value) => response.with(RETRY_AFTER, value),
        None => response,
    }
}

fn kept(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..KEPT_BODY).unwrap_or(body)).into_owned()
}
