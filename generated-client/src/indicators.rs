//! Evidence as flat rows: hosts, users, addresses, files, processes, hashes, URLs and mailboxes.

use std::collections::HashMap;
use std::fmt;

use graph_client_runtime::{JsonMap, Value};
use serde::Serialize;

use crate::types::{Alert, EvidenceVerdict, Incident};

/// A host, user, address or other thing that evidence names.
///
/// # Examples
///
/// ```
/// use graph_incidents::IndicatorKind;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
/// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
/// let incident = client.incident("2972395").with_alerts().await?;
/// for row in incident.indicators() {
///     println!("{},{},{:?},{}", row.kind, row.value, row.verdict, row.alert_id);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Indicator {
    /// The kind of thing.
    #[serde(rename = "type")]
    pub kind: IndicatorKind,
    /// The name, path, command line, address, hash or URL, as the evidence has it.
    pub value: String,
    /// The verdict on the evidence; the worst one if several pieces of the alert's evidence name it.
    pub verdict: Option<EvidenceVerdict>,
    /// The id of the alert that has the evidence.
    #[serde(rename = "alertId")]
    pub alert_id: String,
    /// The type of the evidence, and the property that holds it, such as `deviceEvidence/deviceDnsName`.
    pub source: String,
}

/// The kind of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum IndicatorKind {
    /// A device, by its DNS name, or by its host name if it has no DNS name.
    Host,
    /// An account, by its user principal name, or by domain and account name.
    User,
    /// An IP address.
    Address,
    /// A hash of a file.
    Hash,
    /// A URL.
    Url,
    /// An email address.
    Mailbox,
    /// A file, by its path, or by its name if its folder is unknown.
    File,
    /// A process, by its command line, or by its executable.
    Process,
}

impl IndicatorKind {
    /// The kinds that this version knows.
    pub const ALL: &'static [Self] = &[
        Self::Host,
        Self::User,
        Self::Address,
        Self::Hash,
        Self::Url,
        Self::Mailbox,
        Self::File,
        Self::Process,
    ];

    /// Returns the serialized name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::User => "user",
            Self::Address => "address",
            Self::Hash => "hash",
            Self::Url => "url",
            Self::Mailbox => "mailbox",
            Self::File => "file",
            Self::Process => "process",
        }
    }

    /// Whether two values that differ only in letter case are the same thing. URLs, paths and command lines are not.
    fn ignores_case(self) -> bool {
        !matches!(self, Self::Url | Self::File | Self::Process)
    }
}

impl fmt::Display for IndicatorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl Alert {
    /// Returns what the alert's evidence names, each thing once. Only URLs, paths and command lines are case-sensitive.
    ///
    /// Evidence of an unknown type is searched for the same properties.
    #[must_use]
    pub fn indicators(&self) -> Vec<Indicator> {
        let mut rows = Rows {
            alert_id: &self.id,
            found: Vec::new(),
            places: HashMap::new(),
        };
        for evidence in self.evidence() {
            if let Ok(Value::Object(evidence)) = serde_json::to_value(evidence) {
                let tag = text(&evidence, "@odata.type").unwrap_or("evidence");
                let name = tag.rsplit('.').next().unwrap_or(tag);
                rows.object(name, &evidence, None);
            }
        }
        rows.found
    }
}

impl Incident {
    /// Returns what the evidence of its alerts names, each thing once per alert; `None` if the alerts were not loaded.
    #[must_use]
    pub fn indicators(&self) -> Option<Vec<Indicator>> {
        let alerts = self.alerts.as_ref()?;
        Some(alerts.iter().flat_map(Alert::indicators).collect())
    }
}

struct Rows<'a> {
    alert_id: &'a str,
    found: Vec<Indicator>,
    /// The position of each thing in `found`.
    places: HashMap<(IndicatorKind, String), usize>,
}

impl Rows<'_> {
    fn object(&mut self, source: &str, object: &JsonMap, verdict: Option<&EvidenceVerdict>) {
        let own = text(object, "verdict").map(EvidenceVerdict::from);
        let verdict = own.as_ref().or(verdict);
        // One row for a device or an account, by the best of its names.
        for (kind, names) in [
            (
                IndicatorKind::Host,
                &["deviceDnsName", "hostName", "deviceName"][..],
            ),
            (IndicatorKind::User, &["userPrincipalName", "upn"]),
        ] {
            if let Some((name, value)) = first(object, names) {
                self.row(kind, value.to_owned(), format!("{source}/{name}"), verdict);
            }
        }
        if first(object, &["userPrincipalName", "upn"]).is_none()
            && let Some((name, account)) = first(object, &["accountName"])
        {
            let domain = text(object, "domainName").map(|domain| format!("{domain}\\"));
            let value = format!("{}{account}", domain.unwrap_or_default());
            self.row(
                IndicatorKind::User,
                value,
                format!("{source}/{name}"),
                verdict,
            );
        }
        if let Some((name, file)) = file_of(object) {
            let source = format!("{source}/{name}");
            self.row(IndicatorKind::File, file, source, verdict);
        }
        if let Some((name, process)) = process_of(object) {
            let source = format!("{source}/{name}");
            self.row(IndicatorKind::Process, process, source, verdict);
        }
        let is_hash = object.contains_key("algorithm");
        for (name, value) in object {
            let kind = match name.as_str() {
                "value" if is_hash => Some(IndicatorKind::Hash),
                name => kind_of(name),
            };
            let values = match value {
                Value::Array(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                match (value, kind) {
                    (Value::String(value), Some(kind)) if !value.trim().is_empty() => {
                        let source = format!("{source}/{name}");
                        self.row(kind, value.trim().to_owned(), source, verdict);
                    }
                    (Value::Object(inner), _) => {
                        self.object(&format!("{source}/{name}"), inner, verdict);
                    }
                    _ => {}
                }
            }
        }
    }

    fn row(
        &mut self,
        kind: IndicatorKind,
        value: String,
        source: String,
        verdict: Option<&EvidenceVerdict>,
    ) {
        let key = match kind.ignores_case() {
            true => (kind, value.to_lowercase()),
            false => (kind, value.clone()),
        };
        if let Some(row) = self
            .places
            .get(&key)
            .and_then(|place| self.found.get_mut(*place))
        {
            if badness(verdict) > badness(row.verdict.as_ref()) {
                row.verdict = verdict.cloned();
            }
            return;
        }
        self.places.insert(key, self.found.len());
        self.found.push(Indicator {
            kind,
            value,
            verdict: verdict.cloned(),
            alert_id: self.alert_id.to_owned(),
            source,
        });
    }
}

/// The kind of thing that a property of this name holds.
fn kind_of(property: &str) -> Option<IndicatorKind> {
    Some(match property {
        "ipAddress" | "lastIpAddress" | "lastExternalIpAddress" | "ipInterfaces" | "senderIp" => {
            IndicatorKind::Address
        }
        "md5" | "sha1" | "sha256" | "sha256Ac" => IndicatorKind::Hash,
        "url" | "urls" => IndicatorKind::Url,
        "primaryAddress"
        | "recipientEmailAddress"
        | "emailAddress"
        | "senderFromAddress"
        | "email"
        | "sender"
        | "recipient"
        | "submitter"
        | "recipients"
        | "suspiciousRecipients" => IndicatorKind::Mailbox,
        _ => return None,
    })
}

/// The file that an object names, with the property that names it.
fn file_of(object: &JsonMap) -> Option<(&'static str, String)> {
    match (text(object, "filePath"), text(object, "fileName")) {
        // The path is that of the folder; in some evidence it is that of the file itself.
        (Some(path), Some(name)) if last_part(path).eq_ignore_ascii_case(name) => {
            Some(("filePath", path.to_owned()))
        }
        (Some(folder), Some(name)) => {
            let separator = if folder.contains('\\') { '\\' } else { '/' };
            let folder = folder.trim_end_matches(separator);
            Some(("fileName", format!("{folder}{separator}{name}")))
        }
        (Some(path), None) => Some(("filePath", path.to_owned())),
        (None, Some(name)) => Some(("fileName", name.to_owned())),
        (None, None) => None,
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The process that an object describes, with the property that names it best.
fn process_of(object: &JsonMap) -> Option<(&'static str, String)> {
    if let Some(line) = text(object, "processCommandLine") {
        return Some(("processCommandLine", line.to_owned()));
    }
    object.get("processId")?;
    let (_, file) = file_of(object.get("imageFile")?.as_object()?)?;
    Some(("imageFile", file))
}

/// The rank of a verdict; an unknown verdict is worse than none.
fn badness(verdict: Option<&EvidenceVerdict>) -> u8 {
    match verdict {
        None => 0,
        Some(EvidenceVerdict::NoThreatsFound) => 1,
        Some(EvidenceVerdict::Suspicious) => 3,
        Some(EvidenceVerdict::Malicious) => 4,
        Some(_) => 2,
    }
}

fn first<'a>(object: &'a JsonMap, names: &[&'static str]) -> Option<(&'static str, &'a str)> {
    let mut found = names
        .iter()
        .filter_map(|name| Some((*name, text(object, name)?)));
    found.next()
}

fn text<'a>(object: &'a JsonMap, name: &str) -> Option<&'a str> {
    let text = object.get(name)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}
