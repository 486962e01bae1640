//! The operations of the service, one file each.

pub(crate) mod alerts;
pub(crate) mod comment;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod update;

use serde_json::Value;

use crate::call::Call;
use crate::error::Refusal;
use crate::store::Object;

/// The object that a request's body has to be.
pub(crate) fn body(call: &Call) -> Result<Object, Refusal> {
    match serde_json::from_slice(&call.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::bad_request("the body is not a JSON object")),
        Err(error) => Err(Refusal::bad_request(format!(
            "the body cannot be read as JSON: {error}"
        ))),
    }
}
