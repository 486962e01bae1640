//! The 501 of an operation that the contract has and the simulator does not implement.

use axum::http::StatusCode;

use crate::contract::Operation;
use crate::error::Refusal;

pub(super) fn refusal(operation: &Operation) -> Refusal {
    Refusal::new(
        StatusCode::NOT_IMPLEMENTED,
        "NotImplemented",
        format!(
            "the simulator does not implement the operation '{}' ({} {}): give it a handler with Builder::handler",
            operation.id, operation.method, operation.path
        ),
    )
}
