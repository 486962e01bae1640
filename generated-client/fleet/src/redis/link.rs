//! A connection to Redis that reconnects, and notices when the server was restarted or replaced.

use std::fmt;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, ServerErrorKind, Value, cmd};
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

use super::Script;
use super::scripts::BEGIN;
use crate::store::StoreError;

/// The minimum time between a failed attempt to connect and the next one.
const PATIENCE: Duration = Duration::from_millis(200);

/// Errors that a retry does not resolve.
const LASTING: [&str; 6] = [
    "BUSYGROUP",
    "NOGROUP",
    "WRONGTYPE",
    "NOAUTH",
    "NOPERM",
    "WRONGPASS",
];

/// How to reach Redis.
#[derive(Clone)]
#[non_exhaustive]
pub struct LinkSettings {
    /// The address: `redis://host:6379/`, `rediss://…` with the feature `redis-tls`, `redis+unix:///run/redis.sock`. A
    /// password in it is never shown.
    pub address: String,
    /// The prefix of this fleet's keys. Default: `incidents`.
    pub name: String,
    /// How long Redis may take to respond. Default: 1 s.
    pub response_time: Duration,
}

impl LinkSettings {
    /// Creates settings for an address.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            name: "incidents".to_owned(),
            response_time: Duration::from_secs(1),
        }
    }

    /// Sets the prefix of this fleet's keys.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

impl fmt::Debug for LinkSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LinkSettings")
            .field("name", &self.name)
            .field("response_time", &self.response_time)
            .finish_non_exhaustive()
    }
}

/// A connection to Redis, shared by all parts of a worker.
pub struct Link {
    client: Client,
    name: String,
    settings: AsyncConnectionConfig,
    state: Mutex<State>,
    is_up: watch::Sender<bool>,
    hashes: Vec<(Script, String)>,
}

#[derive(Default)]
struct State {
    connection: Option<MultiplexedConnection>,
    failed: Option<(Instant, String)>,
    /// The fleet's id in Redis at the last contact.
    fleet: Option<String>,
}

/// rustls panics at the first connection if no provider was chosen and its crate has several or none. A choice of the
/// program is kept.
#[cfg(feature = "redis-tls")]
fn choose_cryptography() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

impl Link {
    /// Prepares a connection, which is opened when it is needed.
    ///
    /// # Errors
    ///
    /// Returns an error for an invalid address.
    pub fn new(settings: &LinkSettings) -> Result<Self, StoreError> {
        #[cfg(feature = "redis-tls")]
        choose_cryptography();
        let client = Client::open(settings.address.as_str()).map_err(|error| {
            StoreError::Invalid(format!("the address of Redis cannot be used: {error}"))
        })?;
        let hashes = Script::ALL.map(|script| {
            (
                script,
                redis::Script::new(script.text()).get_hash().to_owned(),
            )
        });
        Ok(Self {
            client,
            name: settings.name.clone(),
            settings: AsyncConnectionConfig::new()
                .set_connection_timeout(Some(settings.response_time))
                .set_response_timeout(Some(settings.response_time)),
            state: Mutex::default(),
            is_up: watch::Sender::new(false),
            hashes: hashes.to_vec(),
        })
    }

    /// Returns a key of this fleet. All of them are on one shard of a cluster.
    pub(crate) fn key(&self, name: &str) -> String {
        format!("{{{}}}:{name}", self.name)
    }

    /// Whether Redis responded to the last command.
    #[must_use]
    pub fn is_up(&self) -> bool {
        *self.is_up.borrow()
    }

    /// Runs a script.
    pub(crate) async fn run(
        &self,
        script: Script,
        keys: &[String],
        arguments: &[&[u8]],
    ) -> Result<Value, StoreError> {
        let hash = self
            .hashes
            .iter()
            .find(|(one, _)| *one == script)
            .map_or("", |(_, hash)| hash);
        let mut command = cmd("EVALSHA");
        command.arg(hash).arg(keys.len()).arg(keys).arg(arguments);
        let mut is_second = false;
        loop {
            let mut connection = self.connection().await?;
            match command.query_async::<Value>(&mut connection).await {
                Ok(value) => {
                    self.is_up
                        .send_if_modified(|up| !std::mem::replace(up, true));
                    return Ok(value);
                }
                // The server was restarted, but the connection was kept: check it before anything else.
                Err(error) if is_unknown_script(&error) && !is_second => {
                    is_second = true;
                    self.state.lock().await.connection = None;
                }
                Err(error) => return Err(self.failed(&error).await),
            }
        }
    }

    /// Sends a command.
    pub(crate) async fn send(&self, command: &redis::Cmd) -> Result<Value, StoreError> {
        let mut connection = self.connection().await?;
        match command.query_async::<Value>(&mut connection).await {
            Ok(value) => Ok(value),
            Err(error) => Err(self.failed(&error).await),
        }
    }

    /// Opens a separate connection, for commands that wait; responses may take this long.
    pub(crate) async fn own_connection(
        &self,
        wait: Duration,
    ) -> Result<MultiplexedConnection, StoreError> {
        // Determines which run of the server this is.
        self.connection().await?;
        let settings = self.settings.clone().set_response_timeout(Some(wait));
        self.client
            .get_multiplexed_async_connection_with_config(&settings)
            .await
            .map_err(|error| unavailable(&error))
    }

    async fn connection(&self) -> Result<MultiplexedConnection, StoreError> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Ok(connection.clone());
        }
        if let Some((then, reason)) = &state.failed
            && then.elapsed() < PATIENCE
        {
            return Err(StoreError::Unavailable(reason.clone()));
        }
        match self.connect(state.fleet.as_deref()).await {
            Ok((connection, fleet)) => {
                state.connection = Some(connection.clone());
                state.fleet = Some(fleet);
                state.failed = None;
                drop(state);
                self.is_up
                    .send_if_modified(|up| !std::mem::replace(up, true));
                tracing::info!(target: "graph_incidents_fleet", "Redis is reached");
                Ok(connection)
            }
            Err(error) => {
                if let StoreError::Unavailable(reason) = &error {
                    state.failed = Some((Instant::now(), reason.clone()));
                }
                self.lost(&error);
                Err(error)
            }
        }
    }

    /// Connects, determines which run of the server this is, and only then loads the scripts: a restarted server knows
    /// none of them, so nobody continues as if nothing had happened.
    async fn connect(
        &self,
        fleet: Option<&str>,
    ) -> Result<(MultiplexedConnection, String), StoreError> {
        let mut connection = self
            .client
            .get_multiplexed_async_connection_with_config(&self.settings)
            .await
            .map_err(|error| unavailable(&error))?;
        let about: String = cmd("INFO")
            .query_async(&mut connection)
            .await
            .map_err(|error| unavailable(&error))?;
        let field = |name: &str| {
            let mut lines = about.lines();
            lines
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
                .unwrap_or_default()
        };
        check(&field)?;
        let begun: (String, u64, String) = cmd("EVAL")
            .arg(BEGIN)
            .arg(1)
            .arg(self.key("run"))
            .arg(field("run_id"))
            .arg(fleet.unwrap_or_default())
            .arg(uuid::Uuid::new_v4().to_string())
            .query_async(&mut connection)
            .await
            .map_err(|error| unavailable(&error))?;
        for script in Script::ALL {
            let load = cmd("SCRIPT").arg("LOAD").arg(script.text()).to_owned();
            load.query_async::<Value>(&mut connection)
                .await
                .map_err(|error| unavailable(&error))?;
        }
        let (id, number, began) = begun;
        match began.as_str() {
            "lost" => {
                tracing::error!(target: "graph_incidents_fleet", "Redis has lost what it knew: cursors and changes are gone, and requests wait until every window of the budget has passed")
            }
            "restart" => {
                tracing::warn!(target: "graph_incidents_fleet", run = number, "Redis was restarted; requests wait for one window")
            }
            _ => {}
        }
        Ok((connection, id))
    }

    /// Handles an error: closes the connection unless the command itself is wrong.
    async fn failed(&self, error: &RedisError) -> StoreError {
        let is_lasting = match error.kind() {
            ErrorKind::Server(ServerErrorKind::ResponseError)
            | ErrorKind::UnexpectedReturnType
            | ErrorKind::Parse => true,
            // Others pass, such as a full memory or disk.
            ErrorKind::Extension => error.code().is_some_and(|code| LASTING.contains(&code)),
            _ => false,
        };
        if is_lasting {
            return StoreError::Invalid(format!("Redis refuses a command: {error}"));
        }
        self.state.lock().await.connection = None;
        let error = unavailable(error);
        self.lost(&error);
        error
    }

    fn lost(&self, error: &StoreError) {
        if self
            .is_up
            .send_if_modified(|up| std::mem::replace(up, false))
        {
            tracing::warn!(target: "graph_incidents_fleet", %error, "Redis is lost");
        }
    }
}

/// Describes a server setting that would break a promise.
fn check<'a>(field: &impl Fn(&str) -> &'a str) -> Result<(), StoreError> {
    let version = field("redis_version");
    let major: u32 = version
        .split('.')
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if major < 7 {
        return Err(StoreError::Invalid(format!(
            "Redis {version} is too old: the fleet needs Redis or Valkey 7 or later"
        )));
    }
    if field("run_id").is_empty() {
        return Err(StoreError::Invalid(
            "Redis does not say its `run_id`: without it, a restart that loses cursors goes unnoticed (allow `INFO server`)"
                .to_owned(),
        ));
    }
    match field("aof_enabled") {
        "0" => {
            tracing::warn!(target: "graph_incidents_fleet", "Redis keeps no append-only file: a restart takes back what came after its last snapshot (set `appendonly yes`)")
        }
        "" => {
            tracing::warn!(target: "graph_incidents_fleet", "Redis does not say whether it keeps an append-only file: without one, a restart takes back what came after its last snapshot")
        }
        _ => {}
    }
    let policy = field("maxmemory_policy");
    if field("maxmemory") != "0" && policy != "noeviction" {
        tracing::warn!(target: "graph_incidents_fleet", policy, "Redis throws keys away when its memory is full (set `maxmemory-policy noeviction`)");
    }
    Ok(())
}

fn is_unknown_script(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

fn unavailable(error: &RedisError) -> StoreError {
    StoreError::Unavailable(format!("Redis does not respond: {error}"))
}

impl fmt::Debug for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Link")
            .field("name", &self.name)
            .field("is_up", &self.is_up())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(about: &[(&str, &'static str)]) -> Result<(), String> {
        let field = |name: &str| {
            let found = about.iter().find(|(known, _)| *known == name);
            found.map_or("", |(_, value)| *value)
        };
        check(&field).map_err(|error| error.to_string())
    }

    #[test]
    fn a_server_that_does_not_say_what_it_is_is_refused() {
        let whole = [("redis_version", "7.4.0"), ("run_id", "a")];
        assert_eq!(checked(&whole), Ok(()));
        let unknown = checked(&whole[..1]).unwrap_err();
        assert!(unknown.contains("`run_id`"), "{unknown}");
        for version in ["6.2.0", "", "x"] {
            let old = checked(&[("redis_version", version), ("run_id", "a")]);
            assert!(old.unwrap_err().contains("too old"), "{version}");
        }
    }
}
