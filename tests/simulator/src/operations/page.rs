//! A page of a list, as text, with the faults of pages.

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::json;

use super::Context;
use crate::faults::Fault;
use crate::query::{Continuation, next_link};
use crate::response::Response;

/// The approximate size of a page without its items, in bytes.
const AROUND_ITEMS: usize = 512;

/// The content of a page.
pub(super) struct ListPage {
    /// The fragment of `@odata.context`.
    pub(super) context: String,
    pub(super) items: Vec<Bytes>,
    pub(super) total: Option<usize>,
    /// The start of this page.
    pub(super) start: Continuation,
    /// The start of the next page, if there is one.
    pub(super) next: Option<Continuation>,
}

pub(super) fn respond(context: &Context<'_>, mut page: ListPage) -> Response {
    let faults = context.faults;
    let mut error = None;
    if faults.contains(&Fault::EmptyPage) {
        page.items.clear();
        page.next = Some(page.start);
    }
    for fault in faults {
        if let Fault::ErrorAfterItems { items } = fault {
            page.items.truncate(*items);
            error = Some(json!({
                "code": "InternalServerError",
                "message": "the rest of the page could not be read",
                "innerError": {"request-id": context.ids.request, "client-request-id": context.ids.client},
            }));
        }
    }
    let link = if error.is_some() {
        None
    } else {
        link(context, &page)
    };
    let metadata = json!(context.metadata(&page.context));
    let of_items: usize = page.items.iter().map(|item| item.len() + 1).sum();
    let mut body = Vec::with_capacity(of_items + AROUND_ITEMS);
    body.extend_from_slice(format!(r#"{{"@odata.context":{metadata}"#).as_bytes());
    if let Some(total) = page.total {
        body.extend_from_slice(format!(r#","@odata.count":{total}"#).as_bytes());
    }
    if let Some(link) = link {
        body.extend_from_slice(format!(r#","@odata.nextLink":{}"#, json!(link)).as_bytes());
    }
    body.extend_from_slice(br#","value":["#);
    for (index, item) in page.items.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(item);
    }
    body.push(b']');
    if let Some(error) = error {
        body.extend_from_slice(format!(r#","error":{error}"#).as_bytes());
    }
    body.push(b'}');
    Response::json_bytes(StatusCode::OK, body)
}

/// The link to the next page, altered if a fault applies.
fn link(context: &Context<'_>, page: &ListPage) -> Option<String> {
    let call = context.call;
    if context.faults.contains(&Fault::LinkCycle) {
        return Some(format!("{}{}", call.origin, call.target()));
    }
    let Some(next) = page.next else {
        return context.faults.contains(&Fault::EmptyLink).then(String::new);
    };
    let link = next_link(call, &call.path, next);
    for fault in context.faults {
        if let Fault::CrossOriginLink { origin } = fault {
            return Some(link.replacen(&call.origin, origin, 1));
        }
    }
    Some(link)
}
