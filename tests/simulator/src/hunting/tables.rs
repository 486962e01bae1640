//! The tables of queries: `AlertInfo` has the alerts, `AlertEvidence` a row for each item of their evidence.

use serde_json::Value;

use super::Mistake;
use super::table::{Cell, ColumnType, Table, TableColumn};
use super::timespan::Range;
use crate::object::{Object, text_of};
use crate::time::Ticks;

/// Columns of both tables, with the properties of an alert.
const OF_ALERTS: [(&str, &str); 6] = [
    ("AlertId", "id"),
    ("Title", "title"),
    ("Category", "category"),
    ("Severity", "severity"),
    ("ServiceSource", "serviceSource"),
    ("DetectionSource", "detectionSource"),
];

/// Columns of evidence, each with the possible paths of its property.
const OF_EVIDENCE: [(&str, &[&str]); 18] = [
    ("DeviceName", &["deviceDnsName", "hostName"]),
    ("DeviceId", &["mdeDeviceId"]),
    ("FileName", &["fileDetails/fileName", "imageFile/fileName"]),
    (
        "FolderPath",
        &["fileDetails/filePath", "imageFile/filePath"],
    ),
    ("SHA1", &["fileDetails/sha1", "imageFile/sha1"]),
    ("SHA256", &["fileDetails/sha256", "imageFile/sha256"]),
    ("ProcessCommandLine", &["processCommandLine"]),
    ("AccountName", &["userAccount/accountName"]),
    ("AccountDomain", &["userAccount/domainName"]),
    ("AccountSid", &["userAccount/userSid"]),
    ("AccountObjectId", &["userAccount/azureAdUserId"]),
    ("AccountUpn", &["userAccount/userPrincipalName"]),
    ("RemoteIP", &["ipAddress"]),
    ("RemoteUrl", &["url"]),
    ("EmailSubject", &["subject"]),
    ("NetworkMessageId", &["networkMessageId"]),
    ("Application", &["appId", "displayName"]),
    ("RegistryKey", &["registryKey"]),
];

/// The path of a file's size.
const SIZES: [&str; 2] = ["fileDetails/fileSize", "imageFile/fileSize"];

/// Returns the table with a name, with the rows in a range of time.
pub(super) fn named(
    name: &str,
    at: usize,
    alerts: &[Object],
    range: Range,
) -> Result<Table, Mistake> {
    let with_evidence = match name {
        "AlertInfo" => false,
        "AlertEvidence" => true,
        other => {
            return Err(Mistake::new(
                at,
                format!(
                    "Semantic error: there is no table named '{other}': the simulator has AlertInfo, AlertEvidence and \
                     what was recorded for an exact query"
                ),
            ));
        }
    };
    let mut rows = Vec::new();
    for alert in alerts {
        let time = text_of(alert, "createdDateTime").and_then(Ticks::parse);
        let Some(time) = time.filter(|time| range.has(*time)) else {
            continue;
        };
        let row = row_of(alert, time);
        if !with_evidence {
            rows.push(row);
            continue;
        }
        let items = alert.get("evidence").and_then(Value::as_array);
        for item in items.into_iter().flatten() {
            rows.push(row.iter().cloned().chain(cells(item)).collect());
        }
    }
    Ok(Table {
        columns: columns(with_evidence),
        rows,
    })
}

fn columns(with_evidence: bool) -> Vec<TableColumn> {
    let column = |name: &str, kind| TableColumn {
        name: name.to_owned(),
        kind,
    };
    let mut columns = vec![column("Timestamp", ColumnType::Time)];
    columns.extend(
        OF_ALERTS
            .iter()
            .map(|(name, _)| column(name, ColumnType::Text)),
    );
    columns.push(column("AttackTechniques", ColumnType::Dynamic));
    if with_evidence {
        columns.push(column("EntityType", ColumnType::Text));
        columns.extend(
            OF_EVIDENCE
                .iter()
                .map(|(name, _)| column(name, ColumnType::Text)),
        );
        columns.push(column("FileSize", ColumnType::Number));
        columns.push(column("AdditionalFields", ColumnType::Dynamic));
    }
    columns
}

fn row_of(alert: &Object, time: Ticks) -> Vec<Cell> {
    let mut row = vec![Cell::Time(time)];
    row.extend(OF_ALERTS.iter().map(|(name, property)| {
        let text = text_of(alert, property).unwrap_or_default();
        // D: hunting writes `Medium` where an alert has `medium`.
        Cell::Text(match *name {
            "Severity" => capital(text),
            _ => text.to_owned(),
        })
    }));
    let techniques = alert.get("mitreTechniques").cloned();
    row.push(techniques.map_or(Cell::Null, Cell::Dynamic));
    row
}

fn cells(item: &Value) -> Vec<Cell> {
    let kind = item.get("@odata.type").and_then(Value::as_str);
    let kind = kind
        .and_then(|tag| tag.rsplit('.').next())
        .unwrap_or_default();
    let kind = kind.strip_suffix("Evidence").unwrap_or(kind);
    let mut cells = vec![Cell::Text(capital(kind))];
    cells.extend(OF_EVIDENCE.iter().map(|(_, paths)| {
        let text = paths.iter().find_map(|path| at(item, path)?.as_str());
        Cell::Text(text.unwrap_or_default().to_owned())
    }));
    let size = SIZES.iter().find_map(|path| at(item, path)?.as_i64());
    cells.push(size.map_or(Cell::Null, Cell::Number));
    cells.push(Cell::Dynamic(item.clone()));
    cells
}

fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('/')
        .try_fold(value, |value, name| value.get(name))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
