//! List incidents over pages, and count them.

use axum::http::StatusCode;

use crate::answer::{Answer, JSON};
use crate::error::Refusal;
use crate::service::Context;

/// Field reports: the largest page; above it 400 with an empty code.
const LARGEST_PAGE: usize = 50;
/// Field reports: how many incidents may be skipped.
const LARGEST_SKIP: usize = 500;

pub(crate) fn incidents(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut top = LARGEST_PAGE;
    let mut skip = 0;
    let mut count = false;
    for (name, value) in context.call.options()? {
        match name.as_str() {
            "$top" => top = number(&name, &value)?,
            "$skip" => skip = number(&name, &value)?,
            "$skiptoken" => skip = number(&name, &value)?,
            "$count" => count = value.eq_ignore_ascii_case("true"),
            _ => {}
        }
        if name == "$skip" && skip > LARGEST_SKIP {
            return Err(Refusal::bad_request(format!(
                "$skip is above {LARGEST_SKIP}"
            )));
        }
    }
    if top > LARGEST_PAGE {
        let mut refusal = Refusal::bad_request(format!("$top is above {LARGEST_PAGE}"));
        refusal.code = "";
        return Err(refusal);
    }
    let page = context.service.store.page(skip, top);
    let mut body = format!(
        r#"{{"@odata.context":"{}/beta/$metadata#security/incidents""#,
        context.call.origin
    )
    .into_bytes();
    if count {
        body.extend(format!(r#","@odata.count":{}"#, context.service.store.len()).bytes());
    }
    if page.more {
        body.extend(
            format!(
                r#","@odata.nextLink":"{}{}?$top={top}&$count={count}&$skiptoken={}""#,
                context.call.origin,
                context.call.path,
                skip + top
            )
            .bytes(),
        );
    }
    body.extend(br#","value":["#);
    for (index, incident) in page.incidents.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(incident);
    }
    body.extend(b"]}");
    Ok(Answer::bytes(StatusCode::OK, JSON, body))
}

pub(crate) fn count(context: &Context<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::text(
        StatusCode::OK,
        context.service.store.len().to_string(),
    ))
}

fn number(name: &str, value: &str) -> Result<usize, Refusal> {
    value.parse().map_err(|_| {
        Refusal::bad_request(format!("{name} is not a whole number from 0 on: '{value}'"))
    })
}
