//! A cursor as a string: JSON in one line, with a version and a checksum.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::super::watched::Watched;
use super::Cursor;
use super::known::{Known, Past};
use super::seen::{Seen, Version, fnv};

const VERSION: u32 = 2;
/// What a cursor watches if it does not say so.
const INCIDENTS: &str = "incident";

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    version: u32,
    checksum: String,
    #[serde(borrow)]
    cursor: &'a RawValue,
}

/// Read first, to distinguish another version from damage.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct State<'a> {
    /// Absent for incidents, as in the first cursors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    watches: Option<Cow<'a, str>>,
    boundary: Option<DateTime<Utc>>,
    began: Option<DateTime<Utc>>,
    remember: usize,
    forgotten: Option<DateTime<Utc>>,
    /// For each version, 16 digits of the hash and 16 of the time.
    seen: String,
    #[serde(borrow)]
    known: Vec<Remembered<'a>>,
}

#[derive(Serialize, Deserialize)]
struct Remembered<'a> {
    id: String,
    at: DateTime<Utc>,
    created: Option<DateTime<Utc>>,
    #[serde(borrow)]
    incident: &'a RawValue,
}

fn checksum(text: &str) -> String {
    format!("{:016x}", fnv(text.as_bytes()))
}

impl<T: Watched> fmt::Display for Cursor<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known.iter().map(|(id, past)| {
            Ok(Remembered {
                id: id.clone(),
                at: past.at,
                created: past.created,
                incident: serde_json::from_str(&past.text)?,
            })
        });
        let known: Result<_, serde_json::Error> = known.collect();
        let state = State {
            watches: (T::NAME != INCIDENTS).then_some(T::NAME.into()),
            boundary: self.boundary,
            began: self.began,
            remember: self.known.limit(),
            forgotten: self.known.forgotten(),
            seen: self
                .seen
                .iter()
                .map(|(hash, at)| format!("{hash:016x}{:016x}", at.cast_unsigned()))
                .collect(),
            known: known.map_err(|_| fmt::Error)?,
        };
        let state = serde_json::value::to_raw_value(&state).map_err(|_| fmt::Error)?;
        let text = serde_json::to_string(&Envelope {
            version: VERSION,
            checksum: checksum(state.get()),
            cursor: &state,
        });
        formatter.write_str(&text.map_err(|_| fmt::Error)?)
    }
}

/// The reason why a string is not a cursor: it is damaged, or of a version or type that cannot be read.
#[derive(Debug)]
pub struct CursorError(String);

impl fmt::Display for CursorError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for CursorError {}

fn damaged(reason: impl fmt::Display) -> CursorError {
    CursorError(format!(
        "invalid cursor: {reason}; start again with `since` and the last saved time"
    ))
}

impl<T: Watched> FromStr for Cursor<T> {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let versioned: Versioned = serde_json::from_str(text).map_err(damaged)?;
        if versioned.version != VERSION {
            return Err(CursorError(format!(
                "unsupported cursor version {}; this crate reads version {VERSION}",
                versioned.version
            )));
        }
        let envelope: Envelope<'_> = serde_json::from_str(text).map_err(damaged)?;
        if envelope.checksum != checksum(envelope.cursor.get()) {
            return Err(damaged("the checksum does not match"));
        }
        let state: State<'_> = serde_json::from_str(envelope.cursor.get()).map_err(damaged)?;
        let watches = state.watches.as_deref().unwrap_or(INCIDENTS);
        if watches != T::NAME {
            return Err(CursorError(format!(
                "the cursor belongs to a watcher of {watches}s, not of {}s",
                T::NAME
            )));
        }
        let mut seen = Seen::default();
        for version in state.seen.as_bytes().chunks(32) {
            seen.push(version_of(version).ok_or_else(|| damaged("a version cannot be decoded"))?);
        }
        let mut known = Known::restore(state.remember, state.forgotten);
        for one in state.known {
            let past = Past {
                at: one.at,
                created: one.created,
                text: one.incident.get().to_owned(),
            };
            known.insert(one.id, past);
        }
        Ok(Self {
            boundary: state.boundary,
            began: state.began,
            seen,
            known,
            watches: PhantomData,
        })
    }
}

fn version_of(digits: &[u8]) -> Option<Version> {
    let digits = std::str::from_utf8(digits).ok()?;
    let (hash, at) = digits.split_at_checked(16)?;
    let at = u64::from_str_radix(at, 16).ok()?.cast_signed();
    Some((u64::from_str_radix(hash, 16).ok()?, at))
}

impl<T: Watched> Serialize for Cursor<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Watched> Deserialize<'de> for Cursor<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
