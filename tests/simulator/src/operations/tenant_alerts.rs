//! All alerts of the tenant: list, get, update, comment.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use super::comment::append;
use super::page::{self, ListPage};
use crate::error::Refusal;
use crate::freshness::Freshness;
use crate::object::{Object, parsed, serialised, text_of};
use crate::response::Response;
use crate::time::Ticks;

pub(crate) fn list(context: &Context<'_>) -> Result<Response, Refusal> {
    let view = context.view("Alert")?;
    let query = context.list_query("Alert")?;
    let most = context.profile.alert_page_size;
    let top = match query.top {
        Some(0) => return Err(Refusal::bad_request("$top is below 1").at("$top")),
        top => top.unwrap_or(most).min(most),
    };
    let found = context
        .service
        .store
        .alert_page(&query, top, context.freshness());
    let items = found.alerts.iter().map(|text| {
        let mut alert = parsed(text);
        view.apply("Alert", &mut alert);
        serialised(&alert)
    });
    Ok(page::respond(
        context,
        ListPage {
            context: "security/alerts_v2".to_owned(),
            items: items.collect(),
            total: found.total,
            start: query.start(),
            next: found.next,
        },
    ))
}

pub(crate) fn get(context: &Context<'_>, id: &str) -> Result<Response, Refusal> {
    let text = context.service.store.alert(id, context.freshness());
    let text = text.ok_or_else(|| Refusal::alert_not_found(id))?;
    shown(context, parsed(&text))
}

pub(crate) fn update(context: &Context<'_>, id: &str) -> Result<Response, Refusal> {
    known(context, id)?;
    let changes = context.body("AlertUpdate", Some("Alert"))?;
    let written = context.service.store.write_alert(id, |alert, at| {
        alert.extend(changes.clone());
        resolved(alert, &changes, at);
        Ok(())
    })?;
    context.record_alert(written.at, &written.incident, id, Value::Object(changes));
    if context.profile.update_returns_no_content {
        return Ok(Response::text(StatusCode::NO_CONTENT, ""));
    }
    shown(context, written.alert)
}

pub(crate) fn comment(context: &Context<'_>, id: &str) -> Result<Response, Refusal> {
    known(context, id)?;
    let body = context.body("AlertCommentCreate", None)?;
    let text = text_of(&body, "comment").unwrap_or_default();
    let author = context.caller.name();
    let written = context.service.store.write_alert(id, |alert, at| {
        Ok(append(alert, text, &author, &at.to_string()))
    })?;
    context.record_alert(written.at, &written.incident, id, json!({"comment": text}));
    super::comment::all(
        context,
        &format!("security/alerts_v2('{id}')"),
        written.result,
    )
}

/// An unknown alert is a 404, whatever the body.
fn known(context: &Context<'_>, id: &str) -> Result<(), Refusal> {
    let found = context.service.store.alert(id, Freshness::NOW);
    found.map(drop).ok_or_else(|| Refusal::alert_not_found(id))
}

/// A: the time of resolution follows the status.
fn resolved(alert: &mut Object, changes: &Object, at: Ticks) {
    let time = match text_of(changes, "status") {
        Some("resolved") => json!(at.to_string()),
        Some(_) => Value::Null,
        None => return,
    };
    alert.insert("resolvedDateTime".to_owned(), time);
}

fn shown(context: &Context<'_>, mut alert: Object) -> Result<Response, Refusal> {
    context.view("Alert")?.apply("Alert", &mut alert);
    alert.insert(
        "@odata.context".to_owned(),
        json!(context.metadata("security/alerts_v2/$entity")),
    );
    Ok(Response::json(StatusCode::OK, &Value::Object(alert)))
}
