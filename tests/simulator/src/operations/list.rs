//! Lists incidents in pages, and counts them.

use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use bytes::Bytes;
use serde_json::Value;

use super::Context;
use super::alerts::expand;
use super::page::{self, ListPage};
use crate::error::Refusal;
use crate::object::parsed;
use crate::profile::LargePages;
use crate::query::ListQuery;
use crate::response::Response;
use crate::store::Seen;

pub(crate) fn incidents(context: &Context<'_>) -> Result<Response, Refusal> {
    let view = context.view("Incident")?;
    let expands = context.options.expands(Some("alerts"), "Incident")?;
    let query = context.list_query("Incident")?;
    let top = page_size(context, &query)?;
    // F: on large tenants, a filtered list cannot be expanded, whatever the page size.
    if expands
        && query.condition.is_some()
        && context.service.store.len() >= context.profile.expansion_fails_from
    {
        return Err(Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
            "the expansion could not be completed",
        ));
    }
    let found = context.service.store.page(&query, top, context.freshness());
    let show = |seen: &Seen| -> Bytes {
        if !expands {
            return view.incident(seen);
        }
        let mut incident = parsed(&seen.text);
        expand(context, &seen.id, &mut incident);
        view.apply("Incident", &mut incident);
        Value::Object(incident).to_string().into()
    };
    Ok(page::respond(
        context,
        ListPage {
            context: "security/incidents".to_owned(),
            items: found.incidents.iter().map(show).collect(),
            total: found.total,
            start: query.start(),
            next: found.next,
        },
    ))
}

pub(crate) fn count(context: &Context<'_>) -> Result<Response, Refusal> {
    takes_text(context)?;
    let query = context.list_query("Incident")?;
    let count = context.service.store.count(&query);
    Ok(Response::text(StatusCode::OK, count.to_string()))
}

/// F: a count is plain text; a caller that accepts only JSON gets 415.
pub(super) fn takes_text(context: &Context<'_>) -> Result<(), Refusal> {
    let accepted: Vec<&str> = context
        .call
        .headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .collect();
    let takes = accepted.is_empty()
        || accepted
            .iter()
            .any(|range| ["text/plain", "text/*", "*/*"].contains(range));
    if takes {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaType",
        "a count is text/plain, which 'Accept' does not allow",
    ))
}

/// F: at most 50 incidents per page; a larger size is refused with an empty code, or reduced.
fn page_size(context: &Context<'_>, query: &ListQuery) -> Result<usize, Refusal> {
    let profile = context.profile;
    if query.skip > profile.max_skip {
        return Err(
            Refusal::bad_request(format!("$skip is above {}", profile.max_skip)).at("$skip"),
        );
    }
    match query.top {
        None => Ok(profile.page_size),
        Some(0) => Err(Refusal::bad_request("$top is below 1").at("$top")),
        Some(top) if top <= profile.page_size => Ok(top),
        Some(_) if profile.large_pages == LargePages::Clamp => Ok(profile.page_size),
        Some(top) => {
            let message = limit_exceeded(profile.page_size, top);
            let mut refusal = Refusal::bad_request(message).at("$top");
            refusal.code = "".into();
            Err(refusal)
        }
    }
}

/// F: the message for a `$top` that is too large.
pub(super) fn limit_exceeded(limit: usize, top: usize) -> String {
    format!(
        "The limit of '{limit}' for Top query has been exceeded. The value from the incoming request is '{top}'."
    )
}
