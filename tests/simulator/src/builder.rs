//! The settings of a simulator, and its start.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::exchange::REMEMBERED_BYTES;
use crate::faults::FaultRule;
use crate::handler::{Handler, HandlerRequest, HandlerResponse};
use crate::ledger::RequestEntry;
use crate::profile::Profile;
use crate::schedule::Scheduled;
use crate::service::Observer;

/// The settings of a simulator; every setting has a default.
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
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) seed: u64,
    pub(crate) profile: Profile,
    pub(crate) faults: Vec<FaultRule>,
    pub(crate) token: Option<String>,
    pub(crate) token_lifetime: Duration,
    pub(crate) permissions: Option<Vec<String>>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) refresh_token_lifetime: Duration,
    pub(crate) device_code_lifetime: Duration,
    pub(crate) device_code_interval: u64,
    pub(crate) sign_in_after_polls: Option<u32>,
    pub(crate) incidents: u64,
    pub(crate) observer: Option<Observer>,
    pub(crate) from_file: Option<PathBuf>,
    pub(crate) contract: Option<PathBuf>,
    pub(crate) entities: usize,
    pub(crate) handlers: HashMap<String, Handler>,
    pub(crate) state: Option<PathBuf>,
    pub(crate) recover: bool,
    pub(crate) replay: Option<PathBuf>,
    pub(crate) remembered_bytes: usize,
    pub(crate) scheduled: Vec<Scheduled>,
    pub(crate) changes_every: Option<Duration>,
    pub(crate) read_timeout: Duration,
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
            permissions: None,
            certificates: Vec::new(),
            refresh_token_lifetime: Duration::from_secs(90 * 86_400),
            device_code_lifetime: Duration::from_secs(900),
            device_code_interval: 5,
            sign_in_after_polls: Some(1),
            incidents: 0,
            observer: None,
            from_file: None,
            contract: None,
            entities: 0,
            handlers: HashMap::new(),
            state: None,
            recover: false,
            replay: None,
            remembered_bytes: REMEMBERED_BYTES,
            scheduled: Vec::new(),
            changes_every: None,
            read_timeout: Duration::from_secs(30),
        }
    }
}

impl Builder {
    /// Sets the address to listen on. Default: loopback, so that nobody else can reach it.
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets the port. Default: 0, which takes any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the seed of faults and incidents: the same seed gives the same tenant and the same faulty requests.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the behaviour of the service. Default: [`Profile::plain`].
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Adds a fault from the start on; may be called repeatedly.
    pub fn fault(mut self, rule: FaultRule) -> Self {
        self.faults.push(rule);
        self
    }

    /// Sets the bearer token with all permissions. Default: random.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets how long tokens of the token endpoint are valid. Default: 3,599 s.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Sets the roles of the application that signs in. Default: every permission of an operation.
    pub fn permissions<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.permissions = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a certificate of the application, as PEM: client assertions that its key signed are accepted. May be called
    /// repeatedly.
    pub fn certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.push(pem.into());
        self
    }

    /// Sets how long a refresh token may stay unused. Default: 90 days.
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.refresh_token_lifetime = lifetime;
        self
    }

    /// Sets how long a device code can be redeemed. Default: 900 s.
    pub fn device_code_lifetime(mut self, lifetime: Duration) -> Self {
        self.device_code_lifetime = lifetime;
        self
    }

    /// Sets the seconds that a device must wait between two polls. Default: 5.
    pub fn device_code_interval(mut self, seconds: u64) -> Self {
        self.device_code_interval = seconds;
        self
    }

    /// Sets after how many polls of the device the person signs in automatically; `None` for never. Default: 1.
    pub fn sign_in_after_polls(mut self, polls: Option<u32>) -> Self {
        self.sign_in_after_polls = polls;
        self
    }

    /// Generates this number of incidents from the seed, besides that of the reference page: up to 1,000,000 are
    /// reasonable. Their texts are generated when they are read; only the properties for sorting and filtering are
    /// kept. Default: some dozens.
    pub fn incidents(mut self, count: u64) -> Self {
        self.incidents = count;
        self
    }

    /// Sets a function that is called for each request once its response is ready, for a log; it should be fast.
    pub fn on_request(mut self, observer: impl Fn(&RequestEntry) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sets your own incidents instead: a JSON list, a response of the service, or one incident per line.
    pub fn from_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.from_file = Some(path.into());
        self
    }

    /// Sets another contract, as the generator writes it: its entities are created, read, changed and deleted by its
    /// operations, and its actions get 501 unless a [`Builder::handler`] handles them. Default: the contract of
    /// incidents.
    pub fn contract(mut self, path: impl Into<PathBuf>) -> Self {
        self.contract = Some(path.into());
        self
    }

    /// Generates this number of entities in each top-level collection. Default: 0.
    pub fn entities(mut self, count: usize) -> Self {
        self.entities = count;
        self
    }

    /// Sets a handler for an operation of the contract, instead of the simulator's own; it is called once the token,
    /// permissions and query options are checked. It should be fast.
    ///
    /// ```
    /// # use graph_incidents_simulator::{HandlerResponse, Simulator};
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let simulator = Simulator::builder()
    ///     .handler("mergeIncidents", |request| {
    ///         HandlerResponse::json(200, json!({"targetIncidentId": request.body["incidentIds"][0]}))
    ///     })
    ///     .start()
    ///     .await?;
    /// assert!(Simulator::builder()
    ///     .handler("mergeIncident", |_| HandlerResponse::no_content())
    ///     .start()
    ///     .await
    ///     .is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn handler(
        mut self,
        operation: impl Into<String>,
        handler: impl Fn(&HandlerRequest) -> HandlerResponse + Send + Sync + 'static,
    ) -> Self {
        self.handlers.insert(operation.into(), Arc::new(handler));
        self
    }

    /// Saves writes to a file, and continues from it at the next start. A write is on disk before it is acknowledged,
    /// so that no acknowledged write is lost, whenever the process is killed.
    pub fn state(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// Recovers the intact part of a damaged state file, which is moved away;
    /// [`Simulator::recovery`](crate::Simulator::recovery) reports what was lost. Otherwise, a damaged file is an
    /// error, and stays unchanged. Default: off.
    pub fn recover(mut self, recover: bool) -> Self {
        self.recover = recover;
        self
    }

    /// Sets the maximum size of the last 1,000 exchanges' bodies in bytes; of larger bodies, fewer exchanges are kept for
    /// the page and for a recording. Default: 4 MiB.
    pub fn remembered_bytes(mut self, bytes: usize) -> Self {
        self.remembered_bytes = bytes;
        self
    }

    /// Replays a recording: each request gets the next recorded response for the same method, path and query, in order,
    /// and then the last one again; 501 if the recording has none.
    pub fn replay(mut self, path: impl Into<PathBuf>) -> Self {
        self.replay = Some(path.into());
        self
    }

    /// Makes the service itself change an incident at a time after the start; may be called repeatedly.
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

    /// Makes the service itself change incidents periodically: a severity or status, drawn from the seed.
    pub fn changes_every(mut self, interval: Duration) -> Self {
        self.changes_every = Some(interval);
        self
    }

    /// Sets how long a caller may take for the head of a request and for its body, and how long a connection may idle.
    /// Default: 30 s.
    pub fn read_timeout(mut self, read_timeout: Duration) -> Self {
        self.read_timeout = read_timeout;
        self
    }
}
