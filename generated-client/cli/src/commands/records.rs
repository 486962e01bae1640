//! Records of the service as JSON, and the columns of tables.

use serde::Serialize;
use serde_json::Value;

use crate::exit::Failure;
use crate::output::table::Column;

/// The columns of a list of incidents.
pub(crate) static INCIDENTS: [Column; 6] = [
    Column::text("ID", "id"),
    Column::severity("SEVERITY", "severity"),
    Column::text("STATUS", "status"),
    Column::time("CHANGED", "lastUpdateDateTime"),
    Column::text("OWNER", "assignedTo"),
    Column::text("TITLE", "displayName"),
];

/// The rows of one incident.
pub(crate) static INCIDENT: [Column; 15] = [
    Column::text("id", "id"),
    Column::text("title", "displayName"),
    Column::severity("severity", "severity"),
    Column::text("status", "status"),
    Column::text("merged into", "redirectIncidentId"),
    Column::text("owner", "assignedTo"),
    Column::text("classification", "classification"),
    Column::text("determination", "determination"),
    Column::text("tags", "customTags"),
    Column::text("system tags", "systemTags"),
    Column::time("created", "createdDateTime"),
    Column::time("changed", "lastUpdateDateTime"),
    Column::text("changed by", "lastModifiedBy"),
    Column::text("summary", "summary"),
    Column::text("page", "incidentWebUrl"),
];

/// The columns of a list of alerts.
pub(crate) static ALERTS: [Column; 6] = [
    Column::text("ID", "id"),
    Column::severity("SEVERITY", "severity"),
    Column::text("STATUS", "status"),
    Column::text("SOURCE", "serviceSource"),
    Column::time("CREATED", "createdDateTime"),
    Column::text("TITLE", "title"),
];

/// The rows of one alert.
pub(crate) static ALERT: [Column; 14] = [
    Column::text("id", "id"),
    Column::text("title", "title"),
    Column::text("incident", "incidentId"),
    Column::severity("severity", "severity"),
    Column::text("status", "status"),
    Column::text("owner", "assignedTo"),
    Column::text("classification", "classification"),
    Column::text("determination", "determination"),
    Column::text("category", "category"),
    Column::text("techniques", "mitreTechniques"),
    Column::text("source", "serviceSource"),
    Column::time("created", "createdDateTime"),
    Column::time("changed", "lastUpdateDateTime"),
    Column::text("page", "alertWebUrl"),
];

/// The columns of a list of comments.
pub(crate) static COMMENTS: [Column; 3] = [
    Column::time("WHEN", "createdDateTime"),
    Column::text("WHO", "createdByDisplayName"),
    Column::text("COMMENT", "comment"),
];

/// A value as JSON, with everything that the service sent.
pub(crate) fn record(value: &(impl Serialize + ?Sized)) -> Result<Value, Failure> {
    serde_json::to_value(value)
        .map_err(|error| Failure::other(format!("failed to write JSON: {error}")))
}
