//! `incidents evidence`: hosts, users, addresses and hashes of incidents as flat rows, each once.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::records::record;
use crate::connect::Connection;
use crate::exit::Failure;
use crate::ids::Ids;
use crate::output::Output;
use crate::output::table::Column;

/// What a row shows.
pub(crate) static COLUMNS: [Column; 5] = [
    Column::text("TYPE", "type"),
    Column::text("VALUE", "value"),
    Column::text("VERDICT", "verdict"),
    Column::text("ALERT", "alertId"),
    Column::text("INCIDENT", "incidentId"),
];

/// Where the values lie in evidence: the type of the row, and the path to the value.
const VALUES: [(&str, &[&str]); 15] = [
    ("host", &["deviceDnsName"]),
    ("host", &["hostName"]),
    ("user", &["userAccount", "userPrincipalName"]),
    ("user", &["userAccount", "accountName"]),
    ("mailbox", &["primaryAddress"]),
    ("mailbox", &["recipientEmailAddress"]),
    ("address", &["ipAddress"]),
    ("address", &["senderIp"]),
    ("url", &["url"]),
    ("hash", &["fileDetails", "sha256"]),
    ("hash", &["fileDetails", "sha1"]),
    ("hash", &["imageFile", "sha256"]),
    ("hash", &["imageFile", "sha1"]),
    ("file", &["fileDetails", "fileName"]),
    ("process", &["processCommandLine"]),
];

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  incidents evidence 2972395
  incidents evidence 2972395 --type host --json value
  incidents list --open --json id | incidents evidence --format csv")]
pub(crate) struct Options {
    #[command(flatten)]
    ids: Ids,
    /// Only rows of these types
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = ["host", "user", "mailbox", "address", "url", "hash", "file", "process"])]
    types: Vec<String>,
}

/// Shows evidence.
pub(crate) async fn run(
    connection: &Connection,
    options: &Options,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let mut found = Vec::new();
    for id in options.ids.read()? {
        let mut alerts = Vec::new();
        let mut items = connection.client.list_incident_alerts(&id).items();
        while let Some(alert) = items.next().await {
            alerts.push(record(&alert?)?);
        }
        found.extend(rows(&id, &alerts));
    }
    if !options.types.is_empty() {
        found.retain(|row| options.types.iter().any(|wanted| row["type"] == **wanted));
    }
    output.list(&found, &COLUMNS)?;
    Ok(ExitCode::SUCCESS)
}

/// The rows of an incident's alerts: each value once, with the first alert that has it.
pub(crate) fn rows(incident_id: &str, alerts: &[Value]) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for alert in alerts {
        for evidence in alert["evidence"].as_array().into_iter().flatten() {
            for (kind, path) in VALUES {
                let value = path
                    .iter()
                    .try_fold(evidence, |value, name| value.get(name));
                let Some(value) = value
                    .and_then(Value::as_str)
                    .filter(|value| !value.is_empty())
                else {
                    continue;
                };
                if seen.insert((kind, value.to_owned())) {
                    rows.push(json!({
                        "type": kind,
                        "value": value,
                        "verdict": evidence["verdict"],
                        "alertId": alert["id"],
                        "incidentId": incident_id,
                    }));
                }
            }
        }
    }
    rows
}
