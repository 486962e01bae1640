//! The alerts of an incident: one by one, in pages, and expanded within the incident.

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use super::Context;
use super::page::{self, ListPage};
use crate::error::Refusal;
use crate::object::{Object, parsed, serialised};
use crate::query::{Continuation, compare};
use crate::response::Response;

pub(crate) fn list(context: &Context<'_>, id: &str) -> Result<Response, Refusal> {
    let view = context.view("Alert")?;
    // An alert has no navigation property.
    context.options.expands(None, "Alert")?;
    let query = context.list_query("Alert")?;
    let most = context.profile.alert_page_size;
    let top = match query.top {
        Some(0) => return Err(Refusal::bad_request("$top is below 1").at("$top")),
        top => top.unwrap_or(most).min(most),
    };
    let mut alerts = all(context, id)?;
    if let Some(condition) = &query.condition {
        alerts.retain(|alert| condition.matches(alert));
    }
    alerts.sort_by(|left, right| compare(&query.order, left, right));
    let total = alerts.len();
    let first = match query.continuation {
        Some(Continuation::Offset(offset)) => offset,
        _ => query.skip,
    };
    let items: Vec<Bytes> = alerts
        .into_iter()
        .skip(first)
        .take(top)
        .map(|mut alert| {
            view.apply("Alert", &mut alert);
            serialised(&alert)
        })
        .collect();
    let end = first.saturating_add(items.len());
    Ok(page::respond(
        context,
        ListPage {
            context: format!("security/incidents('{id}')/alerts"),
            next: (end < total && !items.is_empty())
                .then(|| Continuation::Offset(query.next_offset(end, items.len()))),
            items,
            total: query.count.then_some(total),
            start: Continuation::Offset(first),
        },
    ))
}

pub(crate) fn get(context: &Context<'_>, id: &str, alert: &str) -> Result<Response, Refusal> {
    let view = context.view("Alert")?;
    context.options.expands(None, "Alert")?;
    let mut found = all(context, id)?
        .into_iter()
        .find(|candidate| candidate.get("id").is_some_and(|id| id == alert))
        .ok_or_else(|| {
            Refusal::not_found(format!(
                "alert '{alert}' does not belong to incident '{id}'"
            ))
        })?;
    view.apply("Alert", &mut found);
    found.insert(
        "@odata.context".to_owned(),
        json!(context.metadata(&format!("security/incidents('{id}')/alerts/$entity"))),
    );
    Ok(Response::json(StatusCode::OK, &Value::Object(found)))
}

/// C: an expansion contains a first page, and a link to the rest.
pub(super) fn expand(context: &Context<'_>, id: &str, incident: &mut Object) {
    let mut alerts = all(context, id).unwrap_or_default();
    let most = context.profile.expanded_alerts;
    if alerts.len() > most {
        alerts.truncate(most);
        let version = context.call.path.split('/').nth(1).unwrap_or("beta");
        let mut call = context.call.clone();
        call.query = None;
        let path = format!("/{version}/security/incidents/{id}/alerts");
        incident.insert(
            "alerts@odata.nextLink".to_owned(),
            json!(crate::query::next_link(
                &call,
                &path,
                Continuation::Offset(most)
            )),
        );
    }
    incident.insert(
        "alerts".to_owned(),
        alerts.into_iter().map(Value::Object).collect(),
    );
}

fn all(context: &Context<'_>, id: &str) -> Result<Vec<Object>, Refusal> {
    let alerts = context
        .service
        .store
        .alerts(id)
        .ok_or_else(|| Refusal::incident_not_found(id))?;
    Ok(alerts.iter().map(|text| parsed(text)).collect())
}
