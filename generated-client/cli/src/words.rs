//! The values of flags: members of the contract's enumerations.

use clap::builder::{PossibleValue, PossibleValuesParser};
use graph_incidents::types::{
    AlertClassification, AlertDetermination, AlertSeverity, AlertStatus, IncidentStatus,
};

/// The member that represents unknown ones, which nobody means.
const PLACEHOLDER: &str = "unknownFutureValue";
/// The status of merged incidents, which only the service sets; the client refuses to write it.
const REDIRECTED: &str = "redirected";

/// The statuses of incidents.
pub(crate) fn statuses() -> PossibleValuesParser {
    of(IncidentStatus::ALL.iter().map(IncidentStatus::as_str))
}

/// The statuses that a caller can set.
pub(crate) fn new_statuses() -> PossibleValuesParser {
    let members = IncidentStatus::ALL.iter().map(IncidentStatus::as_str);
    of(members.filter(|name| *name != REDIRECTED))
}

/// The statuses of alerts, except `unknown`.
pub(crate) fn alert_statuses() -> PossibleValuesParser {
    let members = AlertStatus::ALL.iter().map(AlertStatus::as_str);
    of(members.filter(|name| *name != AlertStatus::Unknown.as_str()))
}

/// The severities that have a rank.
pub(crate) fn severities() -> PossibleValuesParser {
    let members = AlertSeverity::ALL.iter().map(AlertSeverity::as_str);
    of(members.filter(|name| *name != AlertSeverity::Unknown.as_str()))
}

/// The classifications.
pub(crate) fn classifications() -> PossibleValuesParser {
    of(AlertClassification::ALL
        .iter()
        .map(AlertClassification::as_str))
}

/// The classifications that are a verdict.
pub(crate) fn verdicts() -> PossibleValuesParser {
    let members = AlertClassification::ALL
        .iter()
        .map(AlertClassification::as_str);
    of(members.filter(|name| *name != AlertClassification::Unknown.as_str()))
}

/// The determinations.
pub(crate) fn determinations() -> PossibleValuesParser {
    of(AlertDetermination::ALL
        .iter()
        .map(AlertDetermination::as_str))
}

fn of(names: impl Iterator<Item = &'static str>) -> PossibleValuesParser {
    let names = names.filter(|name| *name != PLACEHOLDER);
    names.map(PossibleValue::new).into()
}
