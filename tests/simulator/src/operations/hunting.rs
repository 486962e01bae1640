//! Runs a hunting query: on recorded results, or on the simulator's own alerts.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::Context;
use crate::error::Refusal;
use crate::freshness::Freshness;
use crate::hunting::{self, HuntingResult, RECORDED, Range};
use crate::object::{Object, text_of};
use crate::response::Response;
use crate::validate::{self, Rules};

pub(crate) fn run(context: &Context<'_>) -> Result<Response, Refusal> {
    let body = body(context)?;
    let query = text_of(&body, "query").unwrap_or_default();
    let timespan = text_of(&body, "timespan");
    let range = Range::read(timespan).ok_or_else(|| {
        let text = timespan.unwrap_or_default();
        Refusal::bad_request(format!("'{text}' is not an ISO 8601 timespan")).at("timespan")
    })?;
    let (service, quota) = (context.service, &context.profile.hunting);
    service.hunting.grant(quota).map_err(Refusal::throttled)?;
    let result = match service.entities.get(RECORDED, query.trim(), Freshness::NOW) {
        Some(item) => serde_json::from_value(Value::Object(item.object))
            .map_err(|error| Refusal::bad_request(error.to_string()))?,
        None => hunting::run(query, &service.store.all_alerts(), range)
            .map_err(|mistake| Refusal::bad_request(mistake.told(query)))?,
    };
    service.hunting.cost(result.cpu_milliseconds);
    respond(context, result)
}

/// The body; D: the pages spell its names in two ways.
fn body(context: &Context<'_>) -> Result<Object, Refusal> {
    let content_type = context.call.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    // D: text that is not ASCII needs its charset; A: the error otherwise.
    if !context.call.body.is_ascii() && !content_type.replace(' ', "").contains("charset=utf-8") {
        let problem = "the body is not ASCII, and the content type does not say charset=utf-8";
        return Err(Refusal::bad_request(problem).at("Content-Type"));
    }
    let mut named = Object::new();
    for (name, value) in context.call.object()? {
        let name = match name.as_str() {
            "Query" => "query".to_owned(),
            "Timespan" => "timespan".to_owned(),
            _ => name,
        };
        named.insert(name, value);
    }
    let rules = Rules {
        contract: context.contract,
        long_texts_are_cut: false,
    };
    validate::body(&rules, "HuntingQueryRequest", None, &named)
}

fn respond(context: &Context<'_>, result: HuntingResult) -> Result<Response, Refusal> {
    if let Some(error) = result.error {
        return Err(Refusal::bad_request(error));
    }
    let quota = &context.profile.hunting;
    if result.results.len() > quota.rows {
        return Err(Refusal::bad_request(format!(
            "the result has more than {} rows: narrow the query, or take fewer",
            quota.rows
        )));
    }
    let (name, kind) = match context.profile.older_names {
        true => ("Name", "Type"),
        false => ("name", "type"),
    };
    let columns = result.schema.iter();
    let schema: Vec<Value> = columns
        .map(|column| json!({name: column.name, kind: column.kind}))
        .collect();
    let body = json!({
        "@odata.context": context.metadata("microsoft.graph.security.huntingQueryResults"),
        "schema": schema,
        "results": result.results,
    })
    .to_string();
    if body.len() > quota.bytes {
        return Err(Refusal::bad_request(format!(
            "the result is larger than {} bytes: narrow the query, or project fewer columns",
            quota.bytes
        )));
    }
    Ok(Response::json_bytes(StatusCode::OK, body))
}
