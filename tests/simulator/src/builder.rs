//! How a simulator is to be started.

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

    /// How long tokens of the token endpoint are valid. Default: 3,599 s.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// The roles of the application that signs in. Default: every permission that an operation asks for.
    pub fn permissions<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.permissions = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// A certificate of the application, as PEM: client assertions that its key signed are accepted. May be called
    /// repeatedly.
    pub fn certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates.push(pem.into());
        self
    }

    /// How long a refresh token may go unused. Default: 90 days.
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.refresh_token_lifetime = lifetime;
        self
    }

    /// How long a device code may be redeemed. Default: 900 s.
    pub fn device_code_lifetime(mut self, lifetime: Duration) -> Self {
        self.device_code_lifetime = lifetime;
        self
    }

    /// The seconds that a device has to wait between two polls. Default: 5.
    pub fn device_code_interval(mut self, seconds: u64) -> Self {
        self.device_code_interval = seconds;
        self
    }

    /// The person signs in automatically after so many polls of the device; never when `None`. Default: 1.
    pub fn sign_in_after_polls(mut self, polls: Option<u32>) -> Self {
        self.sign_in_after_polls = polls;
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

    /// Another contract, as the generator writes it: its entities are created, read, changed and deleted as its operations
    /// say, and its actions are 501 unless [`Builder::handler`] carries them out. Default: the contract of incidents.
    pub fn contract(mut self, path: impl Into<PathBuf>) -> Self {
        self.contract = Some(path.into());
        self
    }

    /// So many made entities in each collection that needs nothing else to be there. Default: 0.
    pub fn entities(mut self, count: usize) -> Self {
        self.entities = count;
        self
    }

    /// Carries out an operation of the contract in the place of the simulator; called once its token, its permissions and
    /// its query options were checked. It should be quick.
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

    /// Keeps what is written in a file, and goes on from it at the next start. A write is on disk before it is
    /// acknowledged, so that nothing that was acknowledged is lost, whenever the process is killed.
    pub fn state(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// Keeps what is intact of a damaged state file, which is moved aside; [`Simulator::recovery`](crate::Simulator::recovery) says what was lost.
    /// Without it, a damaged file is an error, and stays as it is. Default: off.
    pub fn recover(mut self, recover: bool) -> Self {
        self.recover = recover;
        self
    }

    /// How many bytes of bodies the last 1,000 exchanges may have; of larger ones fewer are remembered, for the page and
    /// for a recording. Default: 4 MiB.
    pub fn remembered_bytes(mut self, bytes: usize) -> Self {
        self.remembered_bytes = bytes;
        self
    }

    /// Replays a recording in the place of everything else: each request gets the response that the same method, path and
    /// query got then, in order; the last one again once all were given; 501 where the recording has none.
    pub fn replay(mut self, path: impl Into<PathBuf>) -> Self {
        self.replay = Some(path.into());
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
}
