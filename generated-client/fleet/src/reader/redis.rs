//! Reads the stream of a fleet in Redis, as a consumer of a group.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use redis::aio::MultiplexedConnection;
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};
use redis::{Value, cmd, from_redis_value_ref};

use super::Delivery;
use crate::change::StreamedChange;
use crate::redis::{Link, Script};
use crate::store::{StoreError, read, stream_of};

/// How many changes are read at once.
const AT_ONCE: usize = 100;
/// After this time without acknowledgement, a change goes to another consumer.
const IDLE: Duration = Duration::from_secs(60);
/// After more deliveries than this, a change goes to the dead-letter list.
const DELIVERIES: u64 = 5;

/// Reads the changes of a fleet as one of a group's consumers. Each change goes to one of them, and again to any of
/// them until it is acknowledged.
///
/// A change that was delivered five times without acknowledgement goes to the dead-letter list `dead`, so that it does
/// not block others.
pub struct RedisReader {
    link: Arc<Link>,
    stream: String,
    group: String,
    consumer: String,
    idle: Duration,
    deliveries: u64,
    connection: Option<MultiplexedConnection>,
}

impl RedisReader {
    /// Creates a reader of the stream of all tenants. The group is created if it does not exist, and begins with the
    /// oldest existing change.
    #[must_use]
    pub fn new(link: Arc<Link>, group: impl Into<String>, consumer: impl Into<String>) -> Self {
        Self {
            stream: stream_of(&link, None),
            link,
            group: group.into(),
            consumer: consumer.into(),
            idle: IDLE,
            deliveries: DELIVERIES,
            connection: None,
        }
    }

    /// Reads the stream of one tenant, if each has its own.
    #[must_use]
    pub fn of_tenant(mut self, tenant: &str) -> Self {
        self.stream = stream_of(&self.link, Some(tenant));
        self
    }

    /// Sets how long a consumer may keep a change before it goes to another. Default: 60 s.
    #[must_use]
    pub fn idle(mut self, time: Duration) -> Self {
        self.idle = time;
        self
    }

    /// Sets how often a change is delivered before it goes to the dead-letter list. Default: 5.
    #[must_use]
    pub fn deliveries(mut self, times: u64) -> Self {
        self.deliveries = times.max(1);
        self
    }

    /// Waits for changes, at most this long, and returns them: first those that another consumer did not acknowledge,
    /// then new ones.
    ///
    /// # Errors
    ///
    /// Returns an error if Redis does not respond; the reader can still be used.
    pub async fn read(&mut self, wait: Duration) -> Result<Vec<Delivery>, StoreError> {
        let result = self.try_read(wait).await;
        if result.is_err() {
            self.connection = None;
        }
        result
    }

    /// Acknowledges a change, so that it is not delivered again.
    ///
    /// # Errors
    ///
    /// Returns an error if Redis does not respond; the change is delivered again, unless the acknowledgement arrived.
    pub async fn acknowledge(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let command = cmd("XACK")
            .arg(&self.stream)
            .arg(&self.group)
            .arg(&delivery.entry)
            .to_owned();
        self.link.send(&command).await.map(|_| ())
    }

    /// Moves a change to the dead-letter list, with a reason.
    ///
    /// # Errors
    ///
    /// Returns an error if Redis does not respond.
    pub async fn bury(&self, entry: &str, reason: &str, deliveries: u64) -> Result<(), StoreError> {
        let keys = [self.stream.clone(), self.link.key("dead")];
        let times = deliveries.to_string();
        let arguments = [&self.group, entry, reason, &times].map(str::as_bytes);
        tracing::warn!(target: "graph_incidents_fleet", entry, reason, "moved a change to the dead-letter list");
        self.link
            .run(Script::Bury, &keys, &arguments)
            .await
            .map(|_| ())
    }

    async fn try_read(&mut self, wait: Duration) -> Result<Vec<Delivery>, StoreError> {
        if self.connection.is_none() {
            self.make_group().await?;
            // Redis may use the whole wait time, and a moment more.
            let patience = wait + Duration::from_secs(5);
            self.connection = Some(self.link.own_connection(patience).await?);
        }
        let claimed = self.claim().await?;
        if !claimed.is_empty() {
            return Ok(claimed);
        }
        let Some(connection) = &mut self.connection else {
            return Ok(Vec::new());
        };
        let command = cmd("XREADGROUP")
            .arg("GROUP")
            .arg(&self.group)
            .arg(&self.consumer)
            .arg("COUNT")
            .arg(AT_ONCE)
            .arg("BLOCK")
            .arg(wait.as_millis().max(1) as u64)
            .arg("STREAMS")
            .arg(&self.stream)
            .arg(">")
            .to_owned();
        let reply: Option<StreamReadReply> = command
            .query_async(connection)
            .await
            .map_err(|error| StoreError::Unavailable(format!("Redis does not respond: {error}")))?;
        let keys = reply.map(|reply| reply.keys).unwrap_or_default();
        let entries = keys
            .into_iter()
            .flat_map(|key| key.ids)
            .map(|entry| (entry, 1))
            .collect();
        self.deliver(entries).await
    }

    /// Takes over changes that another consumer has kept for too long.
    async fn claim(&self) -> Result<Vec<Delivery>, StoreError> {
        let command = cmd("XAUTOCLAIM")
            .arg(&self.stream)
            .arg(&self.group)
            .arg(&self.consumer)
            .arg(self.idle.as_millis() as u64)
            .arg("0-0")
            .arg("COUNT")
            .arg(AT_ONCE)
            .to_owned();
        let reply: StreamAutoClaimReply = read(self.link.send(&command).await?)?;
        let mut entries = Vec::new();
        for entry in reply.claimed {
            let times = self.times(&entry.id).await?;
            match times > self.deliveries {
                true => {
                    self.bury(
                        &entry.id,
                        "it was delivered too often and never acknowledged",
                        times,
                    )
                    .await?
                }
                false => entries.push((entry, times)),
            }
        }
        self.deliver(entries).await
    }

    /// The number of deliveries of an entry.
    async fn times(&self, entry: &str) -> Result<u64, StoreError> {
        let command = cmd("XPENDING")
            .arg(&self.stream)
            .arg(&self.group)
            .arg(entry)
            .arg(entry)
            .arg(1)
            .to_owned();
        let pending: Vec<(String, String, u64, u64)> = read(self.link.send(&command).await?)?;
        Ok(pending.first().map_or(1, |(_, _, _, times)| *times))
    }

    /// Reads entries; one that is not a change goes to the dead-letter list.
    async fn deliver(&self, entries: Vec<(StreamId, u64)>) -> Result<Vec<Delivery>, StoreError> {
        let mut deliveries = Vec::new();
        for (entry, times) in entries {
            match parse(&entry.map) {
                Ok(change) => deliveries.push(Delivery {
                    entry: entry.id,
                    deliveries: times,
                    change,
                }),
                Err(reason) => self.bury(&entry.id, &reason, times).await?,
            }
        }
        Ok(deliveries)
    }

    async fn make_group(&self) -> Result<(), StoreError> {
        let command = cmd("XGROUP")
            .arg("CREATE")
            .arg(&self.stream)
            .arg(&self.group)
            .arg("0")
            .arg("MKSTREAM")
            .to_owned();
        match self.link.send(&command).await {
            Err(StoreError::Invalid(reason)) if reason.contains("BUSYGROUP") => Ok(()),
            result => result.map(|_| ()),
        }
    }
}

/// Reads the fields of an entry.
fn parse(fields: &HashMap<String, Value>) -> Result<StreamedChange, String> {
    let text = |name: &str| -> Result<String, String> {
        let value = fields
            .get(name)
            .ok_or_else(|| format!("it has no field `{name}`"))?;
        from_redis_value_ref(value).map_err(|error| format!("`{name}` cannot be read: {error}"))
    };
    let json = |name: &str| -> Result<serde_json::Value, String> {
        serde_json::from_str(&text(name)?)
            .map_err(|error| format!("`{name}` is not valid JSON: {error}"))
    };
    let time = |name: &str| -> Result<Option<DateTime<Utc>>, String> {
        match text(name)?.as_str() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|error| format!("`{name}` is not a time: {error}")),
        }
    };
    let word = |name: &str| text(name).map(serde_json::Value::from);
    let unreadable =
        |name: &str, error: serde_json::Error| format!("`{name}` cannot be read: {error}");
    Ok(StreamedChange {
        key: text("key")?,
        tenant: text("tenant")?,
        kind: serde_json::from_value(word("kind")?).map_err(|error| unreadable("kind", error))?,
        id: text("id")?,
        version: text("version")?,
        change_kind: serde_json::from_value(word("changeKind")?)
            .map_err(|error| unreadable("changeKind", error))?,
        changed_at: time("changedAt")?,
        seen_at: time("seenAt")?.ok_or("`seenAt` is empty")?,
        properties: serde_json::from_value(json("properties")?)
            .map_err(|error| unreadable("properties", error))?,
        record: json("record")?,
    })
}

impl std::fmt::Debug for RedisReader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RedisReader")
            .field("stream", &self.stream)
            .field("group", &self.group)
            .field("consumer", &self.consumer)
            .finish_non_exhaustive()
    }
}
