//! A change in the stream, and the key by which a reader sees it exactly once.

use chrono::{DateTime, SecondsFormat, Utc};
use graph_incidents::Client;
use graph_incidents::types::{Alert, Incident};
use graph_incidents::watch::{self, Change, Watched, Watcher};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The number of hexadecimal digits of the hash in a version.
const DIGITS: usize = 16;

/// A change of a tenant's incident or alert, as in the stream.
///
/// A change is delivered at least once. A reader that remembers the [`key`](Self::key)s sees each change exactly once:
/// a repeated change has the same key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StreamedChange {
    /// `tenant/id/version`. A tenant and a version contain no slash, so it can be split at the first and the last one.
    pub key: String,
    /// The tenant's name.
    pub tenant: String,
    /// The kind of the record.
    pub kind: RecordKind,
    /// The id of the incident or alert.
    pub id: String,
    /// `lastUpdateDateTime`, a hyphen, and a hash of the content: the service has no version numbers.
    pub version: String,
    /// Whether the record is new, changed or unknown to the worker.
    pub change_kind: ChangeKind,
    /// `lastUpdateDateTime`, if the service sent one.
    pub changed_at: Option<DateTime<Utc>>,
    /// When a worker saw it, by the service's clock.
    pub seen_at: DateTime<Utc>,
    /// The properties that differ from the remembered state, by their names on the wire.
    pub properties: Vec<String>,
    /// The record as the service sent it.
    pub record: Value,
}

/// The kind of a changed record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum RecordKind {
    /// An incident.
    Incident,
    /// An alert.
    Alert,
}

/// Whether a worker knows the earlier state of a changed record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ChangeKind {
    /// The record was created after watching began, and is seen for the first time.
    New,
    /// The worker remembers the record's earlier state, and `properties` lists the differences.
    Changed,
    /// The worker has forgotten the record or never saw it, so it is unknown what changed.
    Unremembered,
}

impl RecordKind {
    /// Returns the name in the stream.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Alert => "alert",
        }
    }
}

impl ChangeKind {
    /// Returns the name in the stream.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unremembered => "unremembered",
        }
    }
}

/// A record that a fleet can watch.
pub(crate) trait Record: Watched {
    const KIND: RecordKind;

    fn watcher(client: &Client) -> Watcher<Self>;
    fn id(&self) -> &str;
    fn changed_at(&self) -> Option<DateTime<Utc>>;
}

impl Record for Incident {
    const KIND: RecordKind = RecordKind::Incident;

    fn watcher(client: &Client) -> Watcher<Self> {
        client.watch()
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn changed_at(&self) -> Option<DateTime<Utc>> {
        self.last_update_date_time
    }
}

impl Record for Alert {
    const KIND: RecordKind = RecordKind::Alert;

    fn watcher(client: &Client) -> Watcher<Self> {
        client.watch_alerts()
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn changed_at(&self) -> Option<DateTime<Utc>> {
        self.last_update_date_time
    }
}

impl StreamedChange {
    /// Creates an entry for a record that a watcher saw.
    pub(crate) fn of<T: Record>(tenant: &str, change: &Change<T>, seen_at: DateTime<Utc>) -> Self {
        let (id, changed_at) = (Record::id(&change.after), change.after.changed_at());
        // Objects serialize as objects.
        let record = serde_json::to_value(&change.after).unwrap_or_default();
        let version = version(changed_at, &record);
        Self {
            key: format!("{tenant}/{id}/{version}"),
            tenant: tenant.to_owned(),
            kind: T::KIND,
            id: id.to_owned(),
            version,
            change_kind: match change.kind {
                watch::ChangeKind::New => ChangeKind::New,
                watch::ChangeKind::Changed => ChangeKind::Changed,
                _ => ChangeKind::Unremembered,
            },
            changed_at,
            seen_at,
            properties: change.properties.clone(),
            record,
        }
    }
}

/// The version of a record: its time, and a hash of its content.
#[must_use]
pub fn version(changed_at: Option<DateTime<Utc>>, record: &Value) -> String {
    let time = changed_at.map_or_else(
        || "undated".to_owned(),
        |time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
    );
    let mut text = String::new();
    canonical(record, &mut text);
    let hash = Sha256::digest(text.as_bytes());
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{time}-{}", &digits[..DIGITS])
}

/// JSON without spaces, with sorted members: the same text for any order that the service sends.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<_> = members.keys().collect();
            names.sort_unstable();
            text.push('{');
            for name in names {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                canonical(&members[name], text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_version_depends_on_content_and_time_but_not_on_order() {
        let time = "2026-01-02T03:04:05.1234567Z".parse().ok();
        let one = version(
            time,
            &json!({"id": "1", "tags": ["a", "b"], "x": {"k": 1, "j": 2}}),
        );
        let other: Value =
            serde_json::from_str(r#"{"x": {"j": 2, "k": 1}, "tags": ["a", "b"], "id": "1"}"#)
                .unwrap();
        assert_eq!(one, version(time, &other));
        assert!(one.starts_with("2026-01-02T03:04:05.123456700Z-"), "{one}");
        for changed in [
            json!({"id": "1", "tags": ["b", "a"], "x": {"k": 1, "j": 2}}),
            json!({"id": "1", "tags": ["a", "b"], "x": {"k": 1}}),
        ] {
            assert_ne!(one, version(time, &changed));
        }
        assert_ne!(one, version(None, &other));
        assert!(!version(None, &other).contains('/'));
    }
}
