//! The operations of the service, one file each.

pub(crate) mod alerts;
pub(crate) mod comment;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod update;

use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::auth::Caller;
use crate::call::{Call, Ids};
use crate::error::Refusal;
use crate::faults::Fault;
use crate::profile::Profile;
use crate::query::Options;
use crate::response::Response;
use crate::route::Route;
use crate::service::Service;
use crate::store::{Freshness, Object};
use crate::validate::{self, Rules};
use crate::view::View;

/// What an operation needs besides the ids of its path.
pub(crate) struct Context<'a> {
    pub(crate) service: &'a Service,
    pub(crate) profile: &'a Profile,
    pub(crate) call: &'a Call,
    pub(crate) ids: &'a Ids,
    pub(crate) caller: &'a Caller,
    pub(crate) operation: &'static str,
    pub(crate) faults: &'a [Fault],
    pub(crate) options: Options,
}

/// Carries out an operation.
pub(crate) fn carry_out(context: &Context<'_>, route: &Route) -> Result<Response, Refusal> {
    match route {
        Route::ListIncidents => list::incidents(context),
        Route::CountIncidents => list::count(context),
        Route::GetIncident(id) => get::incident(context, id),
        Route::UpdateIncident(id) => update::incident(context, id),
        Route::CreateComment(id) => comment::create(context, id),
        Route::ListAlerts(id) => alerts::list(context, id),
        Route::GetAlert(id, alert) => alerts::get(context, id, alert),
        Route::MergeIncidents => merge::incidents(context),
    }
}

impl Context<'_> {
    /// How objects of a schema are shown to this caller.
    pub(crate) fn view(&self, schema: &str) -> Result<View<'_>, Refusal> {
        Ok(View {
            contract: &self.service.contract,
            profile: self.profile,
            faults: self.faults,
            shows_unknown_members: self.call.prefers("include-unknown-enum-members"),
            select: self.options.select(&self.service.contract, schema)?,
        })
    }

    pub(crate) fn freshness(&self) -> Freshness {
        if self.faults.contains(&Fault::StaleRead) {
            return Freshness::Stale;
        }
        Freshness::Delayed(Duration::from_millis(self.profile.visibility_delay_ms))
    }

    /// `@odata.context` of a response.
    pub(crate) fn metadata(&self, what: &str) -> String {
        let version = self.call.path.split('/').nth(1).unwrap_or("beta");
        format!("{}/{version}/$metadata#{what}", self.call.origin)
    }

    /// The body, checked and spelled as a schema of the contract wants it.
    pub(crate) fn body(&self, schema: &str, resource: Option<&str>) -> Result<Object, Refusal> {
        let body = object(self.call)?;
        let rules = Rules {
            contract: &self.service.contract,
            long_texts_are_cut: self.profile.long_comments_are_cut,
        };
        validate::body(&rules, schema, resource, &body)
    }

    pub(crate) fn record(&self, written: crate::time::Ticks, incident: &str, change: Value) {
        self.service
            .ledger
            .write(written, self.operation, incident, &self.ids.request, change);
    }
}

/// The object that a request's body has to be.
pub(crate) fn object(call: &Call) -> Result<Object, Refusal> {
    let is_json = call
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("application/json")
        });
    if !is_json {
        return Err(
            Refusal::bad_request("the content type is not application/json").at("Content-Type"),
        );
    }
    match serde_json::from_slice(&call.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::bad_request("the body is not a JSON object")),
        Err(error) => Err(Refusal::bad_request(format!(
            "the body cannot be read as JSON: {error}"
        ))),
    }
}
