//! Which operation a method and a path name.

use axum::http::{Method, StatusCode};

use crate::error::Refusal;

/// An operation, with the ids that stood in its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    ListIncidents,
    CountIncidents,
    MergeIncidents,
    GetIncident(String),
    UpdateIncident(String),
    CreateComment(String),
    ListAlerts(String),
    GetAlert(String, String),
}

/// Paths below the version segment, and the methods that they take.
pub(crate) fn route(method: &Method, segments: &[String]) -> Result<Route, Refusal> {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (allowed, route) = match segments.as_slice() {
        ["security", "incidents"] => ("GET", Route::ListIncidents),
        ["security", "incidents", "$count"] => ("GET", Route::CountIncidents),
        [
            "security",
            "incidents",
            "microsoft.graph.security.mergeIncidents",
        ] => ("POST", Route::MergeIncidents),
        ["security", "incidents", id] if method == Method::PATCH => {
            ("GET, PATCH", Route::UpdateIncident((*id).to_owned()))
        }
        ["security", "incidents", id] => ("GET, PATCH", Route::GetIncident((*id).to_owned())),
        ["security", "incidents", id, "comments"] => {
            ("POST", Route::CreateComment((*id).to_owned()))
        }
        ["security", "incidents", id, "alerts"] => ("GET", Route::ListAlerts((*id).to_owned())),
        ["security", "incidents", id, "alerts", alert] => (
            "GET",
            Route::GetAlert((*id).to_owned(), (*alert).to_owned()),
        ),
        _ => {
            return Err(Refusal::bad_request(format!(
                "resource not found for the segment '{}'",
                segments.last().unwrap_or(&"")
            )));
        }
    };
    if allowed.split(", ").any(|name| name == method.as_str()) {
        return Ok(route);
    }
    Err(Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "MethodNotAllowed",
        format!("{method} is not offered here, only {allowed}"),
    )
    .allowing(allowed))
}

impl Route {
    /// The names of all operations.
    #[cfg(test)]
    pub(crate) const OPERATIONS: [&str; 8] = [
        "listIncidents",
        "countIncidents",
        "mergeIncidents",
        "getIncident",
        "updateIncident",
        "createIncidentComment",
        "listIncidentAlerts",
        "getIncidentAlert",
    ];

    /// The incident that the path names.
    pub(crate) fn incident(&self) -> Option<&str> {
        match self {
            Self::ListIncidents | Self::CountIncidents | Self::MergeIncidents => None,
            Self::GetIncident(id)
            | Self::UpdateIncident(id)
            | Self::CreateComment(id)
            | Self::ListAlerts(id)
            | Self::GetAlert(id, _) => Some(id),
        }
    }

    /// The operation's name in the ledger and in the log.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::ListIncidents => "listIncidents",
            Self::CountIncidents => "countIncidents",
            Self::MergeIncidents => "mergeIncidents",
            Self::GetIncident(_) => "getIncident",
            Self::UpdateIncident(_) => "updateIncident",
            Self::CreateComment(_) => "createIncidentComment",
            Self::ListAlerts(_) => "listIncidentAlerts",
            Self::GetAlert(..) => "getIncidentAlert",
        }
    }
}
