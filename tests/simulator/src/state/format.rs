//! The format of a state file: a header, and a line for each write, with checksums.
//!
//! ```text
//! graph-incidents-simulator-state 2 {"seed":0,"incidents":0} 00000000000000000002 1f0a…
//! 8c0b… 1 [{"incident":{…}}]
//! 77e1… 2 [{"incident":{…}},{"incident":{…},"alerts":[…]}]
//! ```
//!
//! The header identifies the initial tenant, and says how many writes were acknowledged: it is overwritten in place
//! once they are on disk. Lines are numbered, so that missing or repeated ones are detected.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::object::Object;

/// The start of a state file.
pub(super) const MAGIC: &str = "graph-incidents-simulator-state ";

/// The only version that is written.
const VERSION: &str = "2 ";

/// The number of digits of the writes in the header.
const COUNT: usize = 20;

/// The identity of the initial tenant: a file belongs to it only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Origin {
    pub(crate) seed: u64,
    pub(crate) incidents: u64,
    /// The version of the generator: another one generates another tenant from the same seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) generator: Option<u32>,
    /// The checksum of the initial file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<u32>,
}

impl Origin {
    /// Returns a description.
    pub(super) fn described(&self) -> String {
        match self.from {
            Some(from) => format!("--from a file with the checksum {from:08x}"),
            None if self.incidents == 0 => format!("the reference data of --seed {}", self.seed),
            None => format!("--seed {} and --incidents {}", self.seed, self.incidents),
        }
    }
}

/// A write: the state after it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Entry {
    Incident(IncidentEntry),
    Entity(EntityEntry),
}

/// An incident after a write.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncidentEntry {
    pub(crate) incident: Object,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alerts: Option<Vec<Object>>,
}

/// An entity after a write; none if it was deleted.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct EntityEntry {
    pub(crate) collection: String,
    pub(crate) id: String,
    pub(crate) version: u64,
    pub(crate) entity: Option<Object>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<String>,
    /// In base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<String>,
}

/// The content of a line, already serialized.
pub(crate) struct Kept(pub(super) Vec<u8>);

impl Kept {
    pub(crate) fn incident(incident: &[u8], alerts: Option<&[Bytes]>) -> Self {
        let mut json = br#"[{"incident":"#.to_vec();
        json.extend_from_slice(incident);
        if let Some(alerts) = alerts {
            json.extend_from_slice(br#","alerts":["#);
            json.extend_from_slice(&alerts.join(&b','));
            json.push(b']');
        }
        json.extend_from_slice(b"}]");
        Self(json)
    }

    pub(crate) fn entity(entry: &EntityEntry) -> Self {
        // Strings and numbers can always be serialized.
        Self(serde_json::to_vec(&[entry]).unwrap_or_default())
    }
}

/// The header of a file with a number of writes, with its line feed.
pub(super) fn header(origin: &Origin, count: u64) -> String {
    // Numbers can always be serialized.
    let origin = serde_json::to_string(origin).unwrap_or_default();
    let checked = format!("{MAGIC}{VERSION}{origin} {count:0COUNT$}");
    format!("{checked} {:08x}\n", crc32fast::hash(checked.as_bytes()))
}

/// The content of a header.
pub(super) fn read_header(line: &[u8]) -> Result<(Origin, u64), String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    let rest = text.strip_prefix(MAGIC).ok_or_else(|| {
        if text.starts_with("{\"format\":1,") {
            "it has format 1, which has no checksums".to_owned()
        } else {
            "it is not the header of a state file".to_owned()
        }
    })?;
    let (checked, sum) = text
        .rsplit_once(' ')
        .ok_or_else(|| "it is cut".to_owned())?;
    if sum != format!("{:08x}", crc32fast::hash(checked.as_bytes())) {
        return Err("its checksum does not fit".to_owned());
    }
    let rest = rest
        .strip_prefix(VERSION)
        .ok_or_else(|| "it has another format than 2".to_owned())?;
    let mut parts = rest.rsplitn(3, ' ').skip(1);
    let count = parts.next().and_then(|count| count.parse().ok());
    let origin = parts
        .next()
        .and_then(|origin| serde_json::from_str(origin).ok());
    origin
        .zip(count)
        .ok_or_else(|| "it cannot be read".to_owned())
}

/// A line for a write, with its line feed.
pub(super) fn line(number: u64, json: &[u8]) -> Vec<u8> {
    let mut checked = format!("{number} ").into_bytes();
    checked.extend_from_slice(json);
    let mut line = format!("{:08x} ", crc32fast::hash(&checked)).into_bytes();
    line.append(&mut checked);
    line.push(b'\n');
    line
}

/// The number and the incidents of a line.
pub(super) fn read_line(line: &[u8]) -> Result<(u64, Vec<Entry>), String> {
    let cut = || "it is cut".to_owned();
    let (sum, checked) = line.split_at_checked(9).ok_or_else(cut)?;
    if sum != format!("{:08x} ", crc32fast::hash(checked)).as_bytes() {
        return Err("its checksum does not fit".to_owned());
    }
    let place = checked
        .iter()
        .position(|byte| *byte == b' ')
        .ok_or_else(cut)?;
    let (number, json) = checked.split_at(place);
    let number = std::str::from_utf8(number)
        .ok()
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| "it has no number".to_owned())?;
    let entries = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    Ok((number, entries))
}
