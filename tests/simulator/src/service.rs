//! The shared state of a running simulator.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use parking_lot::RwLock;

use crate::auth::Tokens;
use crate::auth::endpoint::Endpoint;
use crate::contract::Contract;
use crate::entities::{Catalogue, Entities};
use crate::error::Refusal;
use crate::exchange::Exchanges;
use crate::faults::Faults;
use crate::hunting::Spent;
use crate::ledger::{Ledger, RequestEntry};
use crate::profile::Profile;
use crate::replay::Replay;
use crate::route::Routes;
use crate::state::{Journal, Recovery};
use crate::store::Store;
use crate::throttle::Throttle;

/// The shared state of a running simulator.
pub(crate) struct Service {
    pub(crate) contract: Arc<Contract>,
    /// The v1.0 part of the contract.
    pub(crate) released: Arc<Contract>,
    pub(crate) routes: Routes,
    pub(crate) store: Store,
    pub(crate) catalogue: Catalogue,
    pub(crate) entities: Entities,
    /// Differs for each start.
    pub(crate) epoch: String,
    /// Saves writes to disk; none if they are in memory only.
    pub(crate) journal: Option<Arc<Journal>>,
    /// What was recovered from a damaged state file.
    pub(crate) recovery: Option<Recovery>,
    pub(crate) tokens: Tokens,
    pub(crate) endpoint: Endpoint,
    pub(crate) profile: RwLock<Arc<Profile>>,
    pub(crate) throttle: Throttle,
    /// The use of hunting quotas.
    pub(crate) hunting: Spent,
    pub(crate) faults: Faults,
    pub(crate) ledger: Ledger,
    pub(crate) exchanges: Exchanges,
    /// The recording to replay instead of anything else.
    pub(crate) replay: Option<Replay>,
    /// The token with all permissions.
    pub(crate) own_token: String,
    pub(crate) started: Instant,
    pub(crate) observer: Option<Observer>,
    /// The maximum time for a caller to send a body.
    pub(crate) read_timeout: Duration,
}

/// Called for each request once its response is ready.
pub(crate) type Observer = Arc<dyn Fn(&RequestEntry) + Send + Sync>;

impl Service {
    pub(crate) fn profile(&self) -> Arc<Profile> {
        Arc::clone(&self.profile.read())
    }

    /// Reports a request to the listener.
    pub(crate) fn observe(&self, entry: &RequestEntry) {
        if let Some(observer) = &self.observer {
            observer(entry);
        }
    }

    /// If there is a state file, a write is on disk before its response.
    pub(crate) async fn settled(&self, method: &Method) -> Result<(), Refusal> {
        match self.journal.as_deref().map(Journal::receipt) {
            Some(receipt) if method != Method::GET => receipt.durable().await.map_err(|problem| {
                Refusal::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "InternalServerError",
                    format!("the state file cannot be written: {problem}"),
                )
            }),
            _ => Ok(()),
        }
    }
}
