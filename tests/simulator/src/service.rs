//! The service itself, without sockets: a call in, an answer out.

use axum::http::{HeaderName, HeaderValue, StatusCode};

use crate::answer::Answer;
use crate::auth::{Caller, Tokens};
use crate::call::{Call, Ids};
use crate::error::Refusal;
use crate::ledger::{Ledger, RequestEntry};
use crate::operations;
use crate::route::{Route, route};
use crate::store::Store;
use crate::time::Ticks;

/// The versions under which the operations are offered.
const VERSIONS: [&str; 2] = ["beta", "v1.0"];

/// How much of a request's body the ledger keeps.
const KEPT_BODY: usize = 4096;

/// Everything that a running simulator shares between its connections.
#[derive(Default)]
pub(crate) struct Service {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) ledger: Ledger,
}

/// What an operation needs besides the ids of its path.
pub(crate) struct Context<'a> {
    pub(crate) service: &'a Service,
    pub(crate) call: &'a Call,
    pub(crate) ids: &'a Ids,
    pub(crate) caller: &'a Caller,
    pub(crate) operation: &'static str,
}

impl Service {
    /// Answers a call and enters it in the ledger.
    pub(crate) fn answer(&self, call: &Call) -> Answer {
        let ids = Ids::of(&call.headers);
        let mut operation = None;
        let answer = self
            .granted(call, &ids, &mut operation)
            .unwrap_or_else(|refusal| refusal.answer(&ids));
        self.ledger.request(RequestEntry {
            sequence: 0,
            at: Ticks::now().to_string(),
            method: call.method.to_string(),
            target: call.target(),
            operation,
            status: answer.status.as_u16(),
            request_id: ids.request.clone(),
            client_request_id: ids.client.clone(),
            body: kept(&call.body),
        });
        with_ids(answer, &ids)
    }

    fn granted(
        &self,
        call: &Call,
        ids: &Ids,
        operation: &mut Option<&'static str>,
    ) -> Result<Answer, Refusal> {
        let caller = self.tokens.caller(&call.headers)?;
        let segments = call.segments()?;
        let below = match segments.split_first() {
            Some((version, below)) if VERSIONS.contains(&version.as_str()) => below,
            _ => {
                return Err(Refusal::new(
                    StatusCode::BAD_REQUEST,
                    "BadRequest",
                    format!(
                        "invalid version: {}",
                        segments.first().map_or("", String::as_str)
                    ),
                ));
            }
        };
        let route = route(&call.method, below)?;
        *operation = Some(route.operation());
        let context = Context {
            service: self,
            call,
            ids,
            caller: &caller,
            operation: route.operation(),
        };
        match &route {
            Route::ListIncidents => operations::list::incidents(&context),
            Route::CountIncidents => operations::list::count(&context),
            Route::GetIncident(id) => operations::get::incident(&context, id),
            Route::UpdateIncident(id) => operations::update::incident(&context, id),
            Route::CreateComment(id) => operations::comment::create(&context, id),
            Route::ListAlerts(id) => operations::alerts::list(&context, id),
            Route::GetAlert(id, alert) => operations::alerts::get(&context, id, alert),
            Route::MergeIncidents => operations::merge::incidents(&context),
        }
    }
}

fn kept(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(KEPT_BODY)]).into_owned()
}

fn with_ids(answer: Answer, ids: &Ids) -> Answer {
    let header = |text: &str| {
        HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unprintable"))
    };
    answer
        .with(HeaderName::from_static("request-id"), header(&ids.request))
        .with(
            HeaderName::from_static("client-request-id"),
            header(&ids.client),
        )
}
