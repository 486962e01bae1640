//! Get one incident.

use axum::http::StatusCode;

use crate::answer::{Answer, JSON};
use crate::error::Refusal;
use crate::service::Context;

pub(crate) fn incident(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let text = context
        .service
        .store
        .get(id)
        .ok_or_else(|| Refusal::incident_not_found(id))?;
    Ok(Answer::bytes(StatusCode::OK, JSON, text))
}
