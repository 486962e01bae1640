//! Delta queries: everything at first, then changes and deletions since a link was returned.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use crate::entities::{Change, Entity};
use crate::error::Refusal;
use crate::query::DELTA_TOKEN;
use crate::response::Response;

/// The position of the next page.
const SKIP_TOKEN: &str = "$skiptoken";

pub(super) fn respond(
    context: &Context<'_>,
    entity: &Entity,
    path: &str,
) -> Result<Response, Refusal> {
    let given = context
        .options
        .text(DELTA_TOKEN)
        .or(context.options.text(SKIP_TOKEN));
    let since = match given {
        Some(token) => read(context, token)?,
        None => 0,
    };
    let mut view = context.view(&entity.schema)?;
    // Without its id, a change could not be matched to its entity.
    view.expanded.push("id".to_owned());
    let top = context.profile.entity_page_size.max(1);
    let (changes, until, has_more) = context.service.entities.changes(path, since, top);
    let value: Vec<Value> = changes
        .into_iter()
        .map(|change| match change {
            Change::Changed(item) => {
                let mut object = item.object;
                view.apply(&entity.schema, &mut object);
                Value::Object(object)
            }
            Change::Deleted(id) => json!({"id": id, "@removed": {"reason": "deleted"}}),
        })
        .collect();
    let (name, option) = if has_more {
        ("@odata.nextLink", SKIP_TOKEN)
    } else {
        ("@odata.deltaLink", DELTA_TOKEN)
    };
    let kept: String = context
        .call
        .query
        .iter()
        .flat_map(|query| query.split('&'))
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or("").replace("%24", "$");
            !pair.is_empty() && name != DELTA_TOKEN && name != SKIP_TOKEN
        })
        .flat_map(|pair| [pair, "&"])
        .collect();
    let token = format!("{}-{until}", context.service.epoch);
    let link = format!(
        "{}{}?{kept}{option}={token}",
        context.call.origin, context.call.path
    );
    let metadata = context.metadata(path.trim_start_matches('/'));
    let mut body = json!({"@odata.context": metadata, "value": value});
    body[name] = json!(link);
    Ok(Response::json(StatusCode::OK, &body))
}

/// The version of a token; tokens of an earlier start are expired, because deletions before it are unknown.
fn read(context: &Context<'_>, token: &str) -> Result<u64, Refusal> {
    let parts = token
        .rsplit_once('-')
        .and_then(|(epoch, version)| Some((epoch, version.parse().ok()?)));
    match parts {
        Some((epoch, version)) if epoch == context.service.epoch => Ok(version),
        Some(_) => Err(Refusal::new(
            StatusCode::GONE,
            "syncStateNotFound",
            "the token is from an earlier start: query everything again",
        )),
        None => Err(Refusal::bad_request(
            "the delta token was not made by this service",
        )),
    }
}
