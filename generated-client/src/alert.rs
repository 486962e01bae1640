//! A handle for one alert, with what people do to it: assign, resolve, reopen, comment.

use graph_client_runtime::{Error, Page};

use crate::Client;
use crate::resolution::Resolution;
use crate::types::{Alert, AlertComment, AlertCommentCreate, AlertStatus, AlertUpdate};

impl Client {
    /// Returns a handle for one alert, with the verbs of [`AlertHandle`]. Sends nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use graph_incidents::Resolution;
    /// use graph_incidents::types::{AlertClassification, AlertDetermination};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
    /// # let client = graph_incidents::Client::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
    /// let alert = client.alert("da02972395637659_1");
    /// alert.assign("triage@example.com").await?;
    /// alert.comment("the tool was run manually, from a share").await?;
    /// let malware = Resolution::new(AlertClassification::TruePositive, AlertDetermination::Malware);
    /// let resolved = alert.resolve(malware).await?;
    /// assert!(resolved.resolved_date_time.is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn alert(&self, alert_id: impl Into<String>) -> AlertHandle<'_> {
        AlertHandle {
            client: self,
            id: alert_id.into(),
        }
    }
}

/// A handle for one alert; see [`Client::alert`].
///
/// An update changes neither the alert's incident nor the incident's other alerts.
#[derive(Debug, Clone)]
pub struct AlertHandle<'a> {
    client: &'a Client,
    id: String,
}

impl AlertHandle<'_> {
    /// Reads the alert, with its evidence and comments.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get_alert`].
    pub async fn get(&self) -> Result<Alert, Error> {
        self.client.get_alert(&self.id).send().await
    }

    /// Changes the alert.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::update_alert`].
    pub async fn update(&self, update: &AlertUpdate) -> Result<Alert, Error> {
        self.client.update_alert(&self.id, update).send().await
    }

    /// Assigns the alert to somebody.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`].
    pub async fn assign(&self, owner: impl Into<String>) -> Result<Alert, Error> {
        self.update(&AlertUpdate::new().assigned_to(owner)).await
    }

    /// Removes the owner.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`].
    pub async fn unassign(&self) -> Result<Alert, Error> {
        self.update(&AlertUpdate::new().clear_assigned_to()).await
    }

    /// Sets the status to in progress.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`].
    pub async fn start(&self) -> Result<Alert, Error> {
        self.update(&AlertUpdate::new().status(AlertStatus::InProgress))
            .await
    }

    /// Resolves the alert: sets status, classification and determination in one update.
    ///
    /// An update of an alert has no comment, so a second request appends that of the resolution once the alert is
    /// resolved. If the second request fails, the alert stays resolved and [`Error::operation`] is `createAlertComment`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`] and [`Self::comment`]. An empty comment is refused before anything is sent.
    pub async fn resolve(&self, resolution: Resolution) -> Result<Alert, Error> {
        let comment = resolution.comment_text().map(AlertCommentCreate::new);
        if let Some(comment) = &comment {
            graph_client_runtime::Body::check(comment)?;
        }
        let mut resolved = self.update(&resolution.into_alert_update()).await?;
        if let Some(comment) = comment {
            let comments = self.add(&comment).await?;
            resolved.comments = Some(comments.value);
        }
        Ok(resolved)
    }

    /// Sets the status back to new; classification and determination stay.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`].
    pub async fn reopen(&self) -> Result<Alert, Error> {
        self.update(&AlertUpdate::new().status(AlertStatus::New))
            .await
    }

    /// Appends a comment and returns all comments. It is never sent twice after an ambiguous failure; see
    /// [`RetryPolicy`](crate::RetryPolicy).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::create_alert_comment`].
    pub async fn comment(&self, text: impl Into<String>) -> Result<Page<AlertComment>, Error> {
        self.add(&AlertCommentCreate::new(text)).await
    }

    async fn add(&self, comment: &AlertCommentCreate) -> Result<Page<AlertComment>, Error> {
        self.client
            .create_alert_comment(&self.id, comment)
            .send()
            .await
    }
}
