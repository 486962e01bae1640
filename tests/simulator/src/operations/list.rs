//! List incidents over pages, and count them.

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use super::Context;
use super::alerts::expand;
use crate::error::Refusal;
use crate::faults::Fault;
use crate::profile::LargePages;
use crate::query::{Continuation, ListQuery, next_link};
use crate::response::Response;
use crate::store::{Page, Seen, parsed};

pub(crate) fn incidents(context: &Context<'_>) -> Result<Response, Refusal> {
    let view = context.view("Incident")?;
    let expands = context.options.expands(Some("alerts"), "Incident")?;
    let query = context
        .options
        .list_query(&context.service.contract, "Incident")?;
    let top = page_size(context, &query)?;
    // F: on large tenants a filtered list does not expand, however small the page.
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
    let page = context.service.store.page(&query, top, context.freshness());
    let show = |seen: &Seen| -> Bytes {
        if !expands {
            return view.incident(seen);
        }
        let mut incident = parsed(&seen.text);
        expand(context, &seen.id, &mut incident);
        view.apply("Incident", &mut incident);
        Value::Object(incident).to_string().into()
    };
    Ok(Response::json_bytes(
        StatusCode::OK,
        body(context, &query, &page, show),
    ))
}

pub(crate) fn count(context: &Context<'_>) -> Result<Response, Refusal> {
    let query = context
        .options
        .list_query(&context.service.contract, "Incident")?;
    let count = context.service.store.count(&query);
    Ok(Response::text(StatusCode::OK, count.to_string()))
}

/// F: 50 incidents a page at most; more is refused with an empty code, or cut.
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
        Some(_) => {
            let mut refusal =
                Refusal::bad_request(format!("$top is above {}", profile.page_size)).at("$top");
            refusal.code = "";
            Err(refusal)
        }
    }
}

fn body(
    context: &Context<'_>,
    query: &ListQuery,
    page: &Page,
    show: impl Fn(&Seen) -> Bytes,
) -> Vec<u8> {
    let empty = context.faults.contains(&Fault::EmptyPage);
    let next = if empty {
        // The link leads to where this page would have begun.
        Some(
            query
                .continuation
                .unwrap_or(Continuation::Offset(query.skip)),
        )
    } else {
        page.next
    };
    let mut body = format!(
        r#"{{"@odata.context":"{}""#,
        context.metadata("security/incidents")
    )
    .into_bytes();
    if let Some(total) = page.total {
        body.extend_from_slice(format!(r#","@odata.count":{total}"#).as_bytes());
    }
    if let Some(next) = next {
        let link = link(context, &context.call.path, next);
        body.extend_from_slice(format!(r#","@odata.nextLink":{}"#, json!(link)).as_bytes());
    }
    body.extend_from_slice(br#","value":["#);
    let shown = if empty {
        &[]
    } else {
        page.incidents.as_slice()
    };
    for (index, incident) in shown.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(&show(incident));
    }
    body.extend_from_slice(b"]}");
    body
}

/// The link to what follows, led astray where a fault says so.
pub(super) fn link(context: &Context<'_>, path: &str, continuation: Continuation) -> String {
    let link = next_link(context.call, path, continuation);
    for fault in context.faults {
        if let Fault::CrossOriginLink { origin } = fault {
            return link.replacen(&context.call.origin, origin, 1);
        }
    }
    link
}
