//! How a simulator is to be started.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::auth::endpoint::{Application, Endpoint, Settings};
use crate::auth::{Caller, Tokens};
use crate::contract::Contract;
use crate::faults::{FaultRule, Faults};
use crate::ledger::Ledger;
use crate::profile::Profile;
use crate::reference;
use crate::service::Service;
use crate::simulator::Simulator;
use crate::store::Store;
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
#[derive(Clone, Debug)]
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
    signs_in_after: Option<u32>,
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
            signs_in_after: Some(1),
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

    /// Faults are drawn from this; the same seed strikes the same requests.
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
    pub fn signs_in_after(mut self, questions: Option<u32>) -> Self {
        self.signs_in_after = questions;
        self
    }

    /// Starts on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port is taken.
    pub async fn start(self) -> io::Result<Simulator> {
        let listener = TcpListener::bind((self.address, self.port)).await?;
        let address = listener.local_addr()?;
        let contract = Arc::new(Contract::embedded()?);
        let permissions = permissions(&contract);
        let tokens = Tokens::default();
        let token = tokens.issue(
            self.token.clone(),
            Caller {
                application: APPLICATION.to_owned(),
                user: None,
                permissions: permissions.clone(),
            },
            None,
        );
        let service = Arc::new(Service {
            store: Store::new(Arc::clone(&contract)),
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
                signs_in_after: self.signs_in_after,
            }),
            profile: RwLock::new(Arc::new(self.profile)),
            throttle: Throttle::default(),
            faults: Faults::seeded(self.seed),
            ledger: Ledger::default(),
        });
        for rule in self.faults {
            service.faults.add(rule);
        }
        service.store.add(reference::incidents());
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
