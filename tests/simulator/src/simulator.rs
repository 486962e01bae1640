//! The library's face: a builder that starts a simulator, and the handle to a running one.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::auth::Caller;
use crate::ledger::Ledger;
use crate::reference;
use crate::service::Service;
use crate::transport::{router, serve};

/// The application that the simulator's own token stands for.
const APP: &str = "0f3e8f5c-6d1b-4f0e-9f57-5f3c1f7f2a11";

/// How a simulator is to be started.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    port: u16,
}

/// A running simulator. Dropping it stops it: no new connections, open ones end after their answer.
pub struct Simulator {
    service: Arc<Service>,
    address: SocketAddr,
    base_url: String,
    token: String,
    stop: watch::Sender<bool>,
    serving: Option<JoinHandle<()>>,
}

impl Simulator {
    /// A simulator with the reference data, on any free port.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens: always on loopback.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of the beta version, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A bearer token that is granted everything.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Every request and every write since the start.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.service.ledger
    }

    /// An incident as it is stored, without its alerts.
    #[must_use]
    pub fn incident(&self, id: &str) -> Option<Value> {
        let text = self.service.store.get(id)?;
        serde_json::from_slice(&text).ok()
    }

    /// The ids of all incidents, newest first.
    #[must_use]
    pub fn incident_ids(&self) -> Vec<String> {
        self.service.store.ids()
    }

    /// Stops, and returns once no connection is accepted any more.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(serving) = self.serving.take() {
            serving.await.ok();
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Builder {
    /// The port on loopback; 0, the default, takes any that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port is taken.
    pub async fn start(self) -> io::Result<Simulator> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(Service::default());
        service.store.add(reference::incidents());
        let token = Uuid::from_u128(fastrand::u128(..)).simple().to_string();
        service.tokens.grant(
            token.clone(),
            Caller {
                app: APP.to_owned(),
                name: "Simulator Test App".to_owned(),
            },
        );
        let (stop, stopping) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, router(Arc::clone(&service)), stopping));
        Ok(Simulator {
            service,
            address,
            base_url: format!("http://{address}/beta"),
            token,
            stop,
            serving: Some(serving),
        })
    }
}
