//! Operations that a custom handler handles.

use serde_json::Value;

use super::Context;
use crate::handler::{Handler, HandlerRequest};
use crate::response::Response;
use crate::route::Route;

/// Calls the handler of an operation.
pub(super) fn respond(context: &Context<'_>, route: &Route, handler: &Handler) -> Response {
    let request = HandlerRequest {
        operation: route.operation.id.clone(),
        parameters: route.parameters.clone(),
        query: context.call.options().unwrap_or_default(),
        body: context.call.object().map_or(Value::Null, Value::Object),
    };
    handler(&request).response(context.ids, context.profile)
}
