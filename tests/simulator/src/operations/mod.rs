//! The operations of the service, one file for each.

pub(crate) mod alerts;
pub(crate) mod comment;
mod content;
mod delta;
mod entities;
mod entity_location;
mod entity_view;
pub(crate) mod get;
mod handled;
mod hunting;
pub(crate) mod list;
pub(crate) mod merge;
mod move_alerts;
mod not_implemented;
mod page;
mod tenant_alerts;
pub(crate) mod update;

use std::time::Duration;

use serde_json::Value;

use crate::action::{Action, BuiltIn};
use crate::auth::Caller;
use crate::call::Call;
use crate::contract::{Contract, Operation};
use crate::error::Refusal;
use crate::faults::Fault;
use crate::freshness::Freshness;
use crate::ids::Ids;
use crate::ledger::Write;
use crate::object::Object;
use crate::profile::Profile;
use crate::query::{ListQuery, Options};
use crate::response::Response;
use crate::route::Route;
use crate::service::Service;
use crate::time::Ticks;
use crate::validate::{self, Rules};
use crate::view::View;

/// The input of an operation besides the ids of its path.
pub(crate) struct Context<'a> {
    pub(crate) service: &'a Service,
    /// The contract of the called version.
    pub(crate) contract: &'a Contract,
    pub(crate) profile: &'a Profile,
    pub(crate) call: &'a Call,
    pub(crate) ids: &'a Ids,
    pub(crate) caller: &'a Caller,
    pub(crate) operation: &'a Operation,
    pub(crate) faults: &'a [Fault],
    pub(crate) options: Options,
}

/// Carries out an operation.
pub(crate) fn carry_out(context: &Context<'_>, route: &Route) -> Result<Response, Refusal> {
    match &route.action {
        Action::BuiltIn(operation) => built_in(context, *operation, &route.parameters),
        Action::Entity(entity) => entities::respond(context, entity, &route.parameters),
        Action::Handler(handler) => Ok(handled::respond(context, route, handler)),
        Action::NotImplemented => Err(not_implemented::refusal(context.operation)),
    }
}

fn built_in(
    context: &Context<'_>,
    operation: BuiltIn,
    parameters: &[String],
) -> Result<Response, Refusal> {
    match (operation, parameters) {
        (BuiltIn::ListIncidents, []) => list::incidents(context),
        (BuiltIn::CountIncidents, []) => list::count(context),
        (BuiltIn::MergeIncidents, []) => merge::incidents(context),
        (BuiltIn::GetIncident, [id]) => get::incident(context, id),
        (BuiltIn::UpdateIncident, [id]) => update::incident(context, id),
        (BuiltIn::CreateComment, [id]) => comment::create(context, id),
        (BuiltIn::ListIncidentAlerts, [id]) => alerts::list(context, id),
        (BuiltIn::GetIncidentAlert, [id, alert]) => alerts::get(context, id, alert),
        (BuiltIn::ListAlerts, []) => tenant_alerts::list(context),
        (BuiltIn::GetAlert, [id]) => tenant_alerts::get(context, id),
        (BuiltIn::UpdateAlert, [id]) => tenant_alerts::update(context, id),
        (BuiltIn::CreateAlertComment, [id]) => tenant_alerts::comment(context, id),
        (BuiltIn::MoveAlerts, []) => move_alerts::alerts(context),
        (BuiltIn::Hunt, []) => hunting::run(context),
        _ => Err(not_implemented::refusal(context.operation)),
    }
}

impl Context<'_> {
    /// How objects of a schema are shown to this caller.
    pub(crate) fn view(&self, schema: &str) -> Result<View<'_>, Refusal> {
        Ok(View {
            contract: self.contract,
            beta: (!self.call.is_beta()).then_some(&*self.service.contract),
            profile: self.profile,
            faults: self.faults,
            shows_unknown_members: self.call.prefers("include-unknown-enum-members"),
            select: self.options.select(self.contract, schema)?,
            expanded: vec!["alerts".to_owned()],
        })
    }

    /// The options of a list, and the faults that affect them.
    pub(crate) fn list_query(&self, schema: &str) -> Result<ListQuery, Refusal> {
        let mut query = self.options.list_query(self.contract, schema)?;
        if self.faults.contains(&Fault::IgnoredOrder) {
            query.order.clear();
        }
        query.repeats = self.faults.contains(&Fault::DuplicateItems);
        query.index = if self.faults.contains(&Fault::LaggingIndex) {
            Freshness::Stale
        } else {
            Freshness::Delayed(Duration::from_millis(self.profile.index_delay_ms))
        };
        Ok(query)
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
        [&self.call.origin, "/", version, "/$metadata#", what].concat()
    }

    /// The body, validated and in the contract's spelling.
    pub(crate) fn body(&self, schema: &str, resource: Option<&str>) -> Result<Object, Refusal> {
        let body = self.call.object()?;
        let rules = Rules {
            contract: self.contract,
            long_texts_are_cut: self.profile.long_comments_are_cut,
        };
        validate::body(&rules, schema, resource, &body)
    }

    pub(crate) fn record(&self, written: Ticks, incident: &str, change: Value) {
        self.enter(written, incident, None, change);
    }

    /// The same for an alert of an incident.
    pub(crate) fn record_alert(&self, written: Ticks, incident: &str, alert: &str, change: Value) {
        self.enter(written, incident, Some(alert), change);
    }

    fn enter(&self, written: Ticks, incident: &str, alert: Option<&str>, change: Value) {
        self.service.ledger.write(Write {
            at: written,
            operation: &self.operation.id,
            incident,
            alert,
            request_id: &self.ids.request,
            change,
        });
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::action;
    use crate::entities::Catalogue;

    #[test]
    fn an_unimplemented_operation_is_a_501_with_its_name() {
        let operation: Operation = serde_json::from_value(serde_json::json!({
            "id": "splitAlerts", "method": "POST", "path": "/security/alerts_v2/splitAlerts", "success": {},
        }))
        .unwrap();
        let catalogue = Catalogue::new(&Contract::embedded().unwrap());
        let found = action::of(&catalogue, &operation);
        assert!(matches!(found, Action::NotImplemented));
        let refusal = not_implemented::refusal(&operation);
        assert_eq!(refusal.status, StatusCode::NOT_IMPLEMENTED);
        assert!(
            refusal
                .message
                .starts_with("the simulator does not implement")
        );
        assert!(refusal.message.contains("'splitAlerts'"));
    }
}
