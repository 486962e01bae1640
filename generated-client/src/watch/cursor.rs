//! Where a watcher stands: a boundary in time, what was seen at it, and what is remembered of incidents.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Change;
use crate::types::Incident;
use graph_client_runtime::JsonMap;

/// How many incidents are remembered.
const REMEMBER: usize = 1_000;

/// Where a [`Watcher`](super::Watcher) stands. It can be serialised with serde, or written and read as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    version: u32,
    /// Everything before it has been seen.
    pub(super) boundary: Option<DateTime<Utc>>,
    /// What was seen at the boundary and, where the watcher looks back, before it.
    seen: BTreeMap<String, Seen>,
    /// What incidents were when they were seen last.
    known: HashMap<String, Known>,
    pub(super) remember: usize,
}

/// A version of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Seen {
    at: DateTime<Utc>,
    /// Of its text: two versions can have the same time.
    fingerprint: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Known {
    at: DateTime<Utc>,
    incident: JsonMap,
}

impl Default for Cursor {
    fn default() -> Self {
        Self {
            version: 1,
            boundary: None,
            seen: BTreeMap::new(),
            known: HashMap::new(),
            remember: REMEMBER,
        }
    }
}

impl Cursor {
    /// The last time that was seen; everything before it has been.
    #[must_use]
    pub fn boundary(&self) -> Option<DateTime<Utc>> {
        self.boundary
    }

    /// Where a round begins.
    pub(super) fn from(&self, boundary: DateTime<Utc>, overlap: Duration) -> DateTime<Utc> {
        let overlap = TimeDelta::from_std(overlap).unwrap_or(TimeDelta::MAX);
        boundary
            .checked_sub_signed(overlap)
            .unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Takes a version of an incident; gives what changed, unless it has been seen.
    pub(super) fn take(&mut self, incident: Incident) -> Option<Change> {
        let json = match serde_json::to_value(&incident) {
            Ok(Value::Object(json)) => json,
            // Objects are written as objects.
            _ => JsonMap::new(),
        };
        let at = incident
            .last_update_date_time
            .or(self.boundary)
            .unwrap_or_default();
        let version = Seen {
            at,
            fingerprint: fingerprint(&json),
        };
        if self.seen.insert(incident.id.clone(), version) == Some(version) {
            return None;
        }
        Some(self.change(incident, json, at))
    }

    /// Moves the boundary forward: everything before it has been seen. What will not be asked for again is forgotten.
    pub(super) fn move_to(&mut self, time: DateTime<Utc>, overlap: Duration) {
        if self.boundary.is_none_or(|boundary| time > boundary) {
            self.boundary = Some(time);
            let from = self.from(time, overlap);
            self.seen.retain(|_, seen| seen.at >= from);
        }
    }

    fn change(&mut self, incident: Incident, json: JsonMap, at: DateTime<Utc>) -> Change {
        let before = self.known.remove(&incident.id);
        let properties = before
            .as_ref()
            .map(|before| differing(&before.incident, &json))
            .unwrap_or_default();
        if self.remember > 0 {
            self.forget();
            self.known
                .insert(incident.id.clone(), Known { at, incident: json });
        }
        Change {
            before: before
                .and_then(|before| serde_json::from_value(Value::Object(before.incident)).ok()),
            after: incident,
            properties,
        }
    }

    /// Forgets the incidents that have not changed for the longest time, so that one more fits.
    fn forget(&mut self) {
        while self.known.len() >= self.remember {
            let oldest = self.known.iter().min_by_key(|(_, known)| known.at);
            let Some(id) = oldest.map(|(id, _)| id.clone()) else {
                return;
            };
            self.known.remove(&id);
        }
    }
}

/// The names of properties that are not the same.
fn differing(before: &JsonMap, after: &JsonMap) -> Vec<String> {
    let mut names: Vec<String> = before
        .iter()
        .filter(|(name, value)| after.get(*name) != Some(value))
        .map(|(name, _)| name.clone())
        .chain(
            after
                .keys()
                .filter(|name| !before.contains_key(*name))
                .cloned(),
        )
        .collect();
    names.sort_unstable();
    names
}

/// FNV-1a of the text: the same in every version and on every machine, because it is saved.
fn fingerprint(json: &JsonMap) -> u64 {
    let text = serde_json::to_vec(json).unwrap_or_default();
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A cursor as text: JSON in one line.
impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&text)
    }
}

/// A text is no cursor, or one of a version that this crate does not know.
#[derive(Debug)]
pub struct CursorError(String);

impl fmt::Display for CursorError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for CursorError {}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let cursor: Self = serde_json::from_str(text)
            .map_err(|error| CursorError(format!("this is no cursor: {error}")))?;
        if cursor.version != 1 {
            return Err(CursorError(format!(
                "the cursor has version {}, and this crate knows version 1",
                cursor.version
            )));
        }
        Ok(cursor)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn incident(id: &str, second: u32, summary: &str) -> Incident {
        serde_json::from_value(json!({
            "id": id,
            "lastUpdateDateTime": format!("2026-01-01T00:00:{second:02}.1234567Z"),
            "summary": summary,
        }))
        .unwrap()
    }

    fn take(cursor: &mut Cursor, id: &str, second: u32, summary: &str) -> Option<Change> {
        let incident = incident(id, second, summary);
        let time = incident.last_update_date_time.unwrap();
        let change = cursor.take(incident);
        cursor.move_to(time, Duration::ZERO);
        change
    }

    #[test]
    fn what_was_seen_at_the_boundary_is_not_seen_again() {
        let mut cursor = Cursor::default();
        assert!(take(&mut cursor, "1", 1, "a").is_some());
        assert!(take(&mut cursor, "2", 1, "a").is_some());
        assert!(take(&mut cursor, "1", 1, "a").is_none());
        // Another version with the same time is another version.
        assert!(take(&mut cursor, "2", 1, "b").is_some());
        assert!(take(&mut cursor, "3", 2, "a").is_some());
        assert!(take(&mut cursor, "3", 2, "a").is_none());
        assert_eq!(
            cursor.seen.len(),
            1,
            "what lies before the boundary is not asked for again"
        );
    }

    #[test]
    fn a_change_says_what_was_and_which_properties_differ() {
        let mut cursor = Cursor::default();
        assert!(take(&mut cursor, "1", 1, "a").unwrap().is_new());
        let change = take(&mut cursor, "1", 2, "b").unwrap();
        assert_eq!(change.properties, ["lastUpdateDateTime", "summary"]);
        assert_eq!(change.before.unwrap().summary.as_deref(), Some("a"));
        assert_eq!(change.after.summary.as_deref(), Some("b"));
    }

    #[test]
    fn a_cursor_survives_its_text() {
        let mut cursor = Cursor::default();
        take(&mut cursor, "1", 1, "a");
        take(&mut cursor, "2", 1, "b");
        let mut read: Cursor = cursor.to_string().parse().unwrap();
        assert_eq!(read, cursor);
        assert!(take(&mut read, "1", 1, "a").is_none());
        assert_eq!(
            take(&mut read, "2", 3, "c")
                .unwrap()
                .before
                .unwrap()
                .summary
                .as_deref(),
            Some("b")
        );
        assert!("{}".parse::<Cursor>().is_err());
        let newer = cursor.to_string().replace("\"version\":1", "\"version\":2");
        assert!(
            newer
                .parse::<Cursor>()
                .unwrap_err()
                .to_string()
                .contains("version 2")
        );
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let mut cursor = Cursor {
            remember: 2,
            ..Cursor::default()
        };
        for (id, second) in [("1", 1), ("2", 2), ("3", 3)] {
            take(&mut cursor, id, second, "a");
        }
        assert_eq!(cursor.known.len(), 2);
        assert!(take(&mut cursor, "1", 4, "b").unwrap().is_new());
        assert!(!take(&mut cursor, "3", 5, "b").unwrap().is_new());
    }
}
