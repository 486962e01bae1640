//! How a simulator is to be started.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::auth::endpoint::{Application, Endpoint, Settings};
use crate::auth::{Caller, Tokens};
use crate::contract::Contract;
use crate::faults::{FaultRule, Faults};
use crate::generator::Generator;
use crate::ledger::{Ledger, RequestEntry};
use crate::profile::Profile;
use crate::reference;
use crate::schedule::{self, Scheduled};
use crate::service::{Observer, Service};
use crate::simulator::Simulator;
use crate::source_file;
use crate::store::{Origin, Store};
use crate::throttle::Throttle;
use crate::transport::{router, serve};

/// The application that the simulator's own token stands for, and that may sign in.
pub(crate) const APPLICATION: &str = "0f3e8f5c-6d1b-4f0e-9f57-5f3c1f7f2a11";

/// Its secret: it guards nothing.
pub(crate) const SECRET: &str = "simulator-secret";

/// How a simulator is to be started; every setting has a default.
///
/// ```
/// # use graph_incidents_simulator::{Fault, FaultRule, Profile, Simulator};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let simulator = Simulator::builder()
///     .seed(7)
///     .profile(Profile::service())
///     .fault(FaultRule::new(Fault::ResetAfter).on("updateIncident").probability(0.1))
///     .start()
///     .await?;
/// assert_eq!(simulator.profile(), Profile::service());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a builder starts nothing until `start` is called"]
pub struct Builder {
    address: IpAddr,
    port: u16,
    seed: u64,
    profile: Profile,
    faults: Vec<FaultRule>,
    token: Option<String>,
    token_lifetime: Duration,
    device_code_interval: u64,
    sign_in_after_polls: Option<u32>,
    incidents: u64,
    observer: Option<Observer>,
    from_file: Option<PathBuf>,
    state: Option<PathBuf>,
    scheduled: Vec<Scheduled>,
    changes_every: Option<Duration>,
    read_timeout: Duration,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            seed: 0,
            profile: Profile::plain(),
            faults: Vec::new(),
            token: None,
            token_lifetime: Duration::from_secs(3_599),
            device_code_interval: 5,
            sign_in_after_polls: Some(1),
            incidents: 0,
            observer: None,
            from_file: None,
            state: None,
            scheduled: Vec::new(),
            changes_every: None,
            read_timeout: Duration::from_secs(30),
        }
    }
}

impl Builder {
    /// The address to listen on; loopback by default, so that nobody else can reach it.
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// The port; 0, the default, takes any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Faults are drawn from this, and incidents made: the same seed, the same tenant, the same requests struck.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The habits of the service; [`Profile::plain`] by default.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// A fault from the start on; may be called repeatedly.
    pub fn fault(mut self, rule: FaultRule) -> Self {
        self.faults.push(rule);
        self
    }

    /// The bearer token that is granted everything, instead of a random one.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// How long tokens of the token endpoint are valid; an hour by default.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// The seconds that a device has to wait between two questions; 5 by default.
    pub fn device_code_interval(mut self, seconds: u64) -> Self {
        self.device_code_interval = seconds;
        self
    }

    /// The person signs in by itself after so many questions of the device; never when `None`. 1 by default.
    pub fn sign_in_after_polls(mut self, questions: Option<u32>) -> Self {
        self.sign_in_after_polls = questions;
        self
    }

    /// So many incidents besides the reference page's, made from the seed: up to 1,000,000 are reasonable. Their text
    /// is made when it is looked at; only what lists sort and filter by is kept. Without a number, some dozens.
    pub fn incidents(mut self, count: u64) -> Self {
        self.incidents = count;
        self
    }

    /// Calls back for each request once its response is ready, as a log does; it should be quick.
    pub fn on_request(mut self, observer: impl Fn(&RequestEntry) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Incidents of one's own instead: a JSON list, a response of the service, or one incident a line.
    pub fn from_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.from_file = Some(path.into());
        self
    }

    /// Keeps what is written in a file, and goes on from it at the next start. A write is on disk before it is
    /// acknowledged, so that nothing that was acknowledged is lost, whenever the process is killed.
    pub fn state(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// The service itself changes an incident so long after the start; may be called repeatedly.
    pub fn scheduled(
        mut self,
        after: Duration,
        incident: impl Into<String>,
        change: Value,
    ) -> Self {
        if let Value::Object(change) = change {
            let incident = incident.into();
            self.scheduled.push(Scheduled {
                after,
                incident,
                change,
            });
        }
        self
    }

    /// The service itself changes an incident again and again: its severity or status, drawn from the seed.
    pub fn changes_every(mut self, interval: Duration) -> Self {
        self.changes_every = Some(interval);
        self
    }

    /// How long a caller may take for the head of a request, and for its body, and a connection may idle; 30 seconds by default.
    pub fn read_timeout(mut self, read_timeout: Duration) -> Self {
        self.read_timeout = read_timeout;
        self
    }

    /// Starts on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port is taken, or a file cannot be read or written; the text says which, and where.
    pub async fn start(self) -> io::Result<Simulator> {
        let listener = TcpListener::bind((self.address, self.port)).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(self.service()?);
        for scheduled in self.scheduled {
            tokio::spawn(schedule::once(Arc::downgrade(&service), scheduled));
        }
        if let Some(interval) = self.changes_every {
            tokio::spawn(schedule::again_and_again(
                Arc::downgrade(&service),
                interval,
                self.seed,
            ));
        }
        let (stop, stopping) = watch::channel(false);
        let serving = tokio::spawn(serve(
            listener,
            router(Arc::clone(&service)),
            self.read_timeout,
            stopping,
        ));
        Ok(Simulator {
            service,
            address,
            base_url: format!("http://{address}/beta"),
            stop,
            serving: Some(serving),
        })
    }

    fn service(&self) -> io::Result<Service> {
        let contract = Arc::new(Contract::embedded()?);
        let permissions = permissions(&contract);
        let tokens = Tokens::default();
        let own = Caller {
            application: APPLICATION.to_owned(),
            user: None,
            permissions: permissions.clone(),
        };
        let own_token = tokens.issue(self.token.clone(), own, None);
        let faults = Faults::seeded(self.seed);
        for rule in &self.faults {
            faults.add(rule.clone());
        }
        Ok(Service {
            store: self.store(&contract)?,
            contract,
            tokens,
            endpoint: Endpoint::new(Settings {
                applications: vec![Application {
                    id: APPLICATION.to_owned(),
                    secret: SECRET.to_owned(),
                    permissions,
                }],
                token_lifetime: self.token_lifetime,
                interval: self.device_code_interval,
                sign_in_after_polls: self.sign_in_after_polls,
            }),
            profile: RwLock::new(Arc::new(self.profile.clone())),
            throttle: Throttle::default(),
            faults,
            ledger: Ledger::default(),
            own_token,
            started: Instant::now(),
            observer: self.observer.clone(),
            read_timeout: self.read_timeout,
        })
    }

    /// What the tenant begins with, and what was written to it before.
    fn store(&self, contract: &Arc<Contract>) -> io::Result<Store> {
        let store = Store::new(Arc::clone(contract));
        if let Some(path) = &self.from_file {
            source_file::read(path, |draft| store.add([draft]))?;
        } else if self.incidents > 0 {
            store.seed(Generator::new(
                Arc::clone(contract),
                self.seed,
                self.incidents,
            ));
            store.add(reference::incidents().into_iter().take(1));
        } else {
            store.add(reference::incidents());
        }
        if let Some(path) = &self.state {
            let origin = Origin {
                format: 1,
                seed: self.seed,
                incidents: self.incidents,
            };
            store.keep_in(path, &origin)?;
        }
        Ok(store)
    }
}

/// Every permission that any operation asks for.
fn permissions(contract: &Contract) -> Vec<String> {
    let mut names: Vec<String> = contract
        .operations
        .iter()
        .flat_map(|operation| {
            operation
                .permissions
                .application
                .iter()
                .chain(&operation.permissions.delegated)
        })
        .cloned()
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
