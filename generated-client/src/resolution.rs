//! How an incident or an alert is resolved: the verdict and a comment.

use crate::types::{
    AlertClassification, AlertDetermination, AlertStatus, AlertUpdate, IncidentStatus,
    IncidentUpdate,
};

/// A resolution of an incident or an alert.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Resolution {
    classification: AlertClassification,
    determination: AlertDetermination,
    comment: Option<String>,
}

impl Resolution {
    /// Creates a resolution with a classification and a determination.
    pub fn new(classification: AlertClassification, determination: AlertDetermination) -> Self {
        Self {
            classification,
            determination,
            comment: None,
        }
    }

    /// Sets the reason, of up to 30,000 characters. A longer comment is refused, since the service would truncate it
    /// silently.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    pub(crate) fn comment_text(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    pub(crate) fn into_alert_update(self) -> AlertUpdate {
        AlertUpdate::new()
            .status(AlertStatus::Resolved)
            .classification(self.classification)
            .determination(self.determination)
    }

    pub(crate) fn into_update(self) -> IncidentUpdate {
        let update = IncidentUpdate::new()
            .status(IncidentStatus::Resolved)
            .classification(self.classification)
            .determination(self.determination);
        match self.comment {
            Some(comment) => update.resolving_comment(comment),
            None => update,
        }
    }
}
