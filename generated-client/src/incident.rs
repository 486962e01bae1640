//! A handle for one incident, with what people do to it: assign, resolve, reopen, tag, comment, follow merges.

use std::ops::Deref;

use crate::Client;
use graph_client_runtime::{Error, Page, Unreadable};

use crate::query::IncidentProperty;
use crate::resolution::Resolution;
use crate::types::{AlertComment, Incident, IncidentCommentCreate, IncidentStatus, IncidentUpdate};

/// The most merges in a row that are followed.
const MOST_MERGES: usize = 16;

impl Client {
    /// Returns a handle for one incident, with the verbs of [`IncidentHandle`]. Sends nothing.
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
    /// let incident = client.incident("2972395").following_merges();
    /// incident.assign("triage@example.com").await?;
    /// incident.add_tags(["Demo"]).await?;
    /// let resolution = Resolution::new(AlertClassification::TruePositive, AlertDetermination::MultiStagedAttack)
    ///     .comment("contained; passwords were reset");
    /// let resolved = incident.resolve(resolution).await?;
    /// if let Some(last) = resolved.merged_from().last() {
    ///     println!("{last} was merged into {}", resolved.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn incident(&self, incident_id: impl Into<String>) -> IncidentHandle<'_> {
        IncidentHandle {
            client: self,
            id: incident_id.into(),
            follows_merges: false,
        }
    }
}

/// A handle for one incident; see [`Client::incident`].
#[derive(Debug, Clone)]
pub struct IncidentHandle<'a> {
    client: &'a Client,
    id: String,
    follows_merges: bool,
}

/// An incident that was read or written, and the merged incidents that led to it; it dereferences to [`Incident`].
#[derive(Debug, Clone, PartialEq)]
pub struct FoundIncident {
    incident: Incident,
    merged_from: Vec<String>,
}

impl FoundIncident {
    /// Returns the incident.
    #[must_use]
    pub fn into_incident(self) -> Incident {
        self.incident
    }

    /// Returns the ids of the merged incidents, from the requested one to the last before this one. Empty if none was
    /// merged, or if merges are not followed.
    #[must_use]
    pub fn merged_from(&self) -> &[String] {
        &self.merged_from
    }
}

impl Deref for FoundIncident {
    type Target = Incident;

    fn deref(&self) -> &Incident {
        &self.incident
    }
}

impl IncidentHandle<'_> {
    /// Follows merges when reading and writing.
    ///
    /// Writing then costs one more request, which finds the incident that this one was merged into. At most 16 merges in a
    /// row are followed; a cycle is an error. [`FoundIncident::merged_from`] lists the incidents on the way.
    #[must_use]
    pub fn following_merges(mut self) -> Self {
        self.follows_merges = true;
        self
    }

    /// Reads the incident.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::get_incident`], and an error if merges form a cycle.
    pub async fn get(&self) -> Result<FoundIncident, Error> {
        let mut way = Way::new(self);
        loop {
            let incident = self.client.get_incident(way.here()).send().await?;
            if let Some(reached) = way.step(incident)? {
                return Ok(reached);
            }
        }
    }

    /// Changes the incident.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::update_incident`], and an error if merges form a cycle.
    pub async fn update(&self, update: &IncidentUpdate) -> Result<FoundIncident, Error> {
        let mut way = self.way_to_the_end().await?;
        loop {
            // The incident may be merged meanwhile: the response says so, and repeating an update does no harm.
            let incident = self
                .client
                .update_incident(way.here(), update)
                .send()
                .await?;
            if let Some(reached) = way.step(incident)? {
                return Ok(reached);
            }
        }
    }

    /// Assigns the incident to somebody.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`].
    pub async fn assign(&self, owner: impl Into<String>) -> Result<FoundIncident, Error> {
        self.update(&IncidentUpdate::new().assigned_to(owner)).await
    }

    /// Removes the owner.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`].
    pub async fn unassign(&self) -> Result<FoundIncident, Error> {
        self.update(&IncidentUpdate::new().clear_assigned_to())
            .await
    }

    /// Resolves the incident: sets status, classification, determination and comment in one update.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`]. A comment that is too long is refused before anything is sent.
    pub async fn resolve(&self, resolution: Resolution) -> Result<FoundIncident, Error> {
        self.update(&resolution.into_update()).await
    }

    /// Sets the status back to active; classification and determination stay.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::update`].
    pub async fn reopen(&self) -> Result<FoundIncident, Error> {
        self.update(&IncidentUpdate::new().status(IncidentStatus::Active))
            .await
    }

    /// Adds tags and keeps the others. Adds no tag twice, and writes nothing if the incident has them all.
    ///
    /// The service only replaces whole lists, so this method reads first. If somebody else changes the tags between
    /// reading and writing, the last writer wins, and nobody notices.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::get`] and [`Self::update`].
    pub async fn add_tags(
        &self,
        tags: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<FoundIncident, Error> {
        let new: Vec<String> = tags.into_iter().map(Into::into).collect();
        self.change_tags(|tags| {
            for tag in new {
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
        })
        .await
    }

    /// Removes tags and keeps the others. Writes nothing if the incident has none of them. Has the same race as
    /// [`Self::add_tags`].
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::get`] and [`Self::update`].
    pub async fn remove_tags(
        &self,
        tags: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<FoundIncident, Error> {
        let gone: Vec<String> = tags
            .into_iter()
            .map(|tag| tag.as_ref().to_owned())
            .collect();
        self.change_tags(|tags| tags.retain(|tag| !gone.contains(tag)))
            .await
    }

    pub(crate) fn client(&self) -> &Client {
        self.client
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    async fn change_tags(
        &self,
        change: impl FnOnce(&mut Vec<String>),
    ) -> Result<FoundIncident, Error> {
        let before = self.get().await?;
        if let Some(tags) = unreadable(&before.incident, IncidentProperty::CustomTags) {
            return Err(Error::refused(format!(
                "the tags of {} cannot be decoded, so writing tags would lose them: {tags}",
                before.id
            )));
        }
        let mut tags = before.custom_tags().to_vec();
        change(&mut tags);
        if tags == before.custom_tags() {
            return Ok(before);
        }
        let handle = IncidentHandle {
            client: self.client,
            id: before.id.clone(),
            follows_merges: self.follows_merges,
        };
        let mut after = handle
            .update(&IncidentUpdate::new().custom_tags(tags))
            .await?;
        let mut merged_from = before.merged_from;
        merged_from.append(&mut after.merged_from);
        Ok(FoundIncident {
            merged_from,
            ..after
        })
    }

    /// Appends a comment and returns all comments. It is never sent twice after an ambiguous failure; see
    /// [`RetryPolicy`](crate::RetryPolicy).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Client::create_incident_comment`], and an error if merges form a cycle.
    pub async fn comment(&self, text: impl Into<String>) -> Result<Page<AlertComment>, Error> {
        let way = self.way_to_the_end().await?;
        let comment = IncidentCommentCreate::new(text);
        self.client
            .create_incident_comment(way.here(), &comment)
            .send()
            .await
    }

    /// Returns the id of the incident that this one was merged into; its own id if merges are not followed.
    pub(crate) async fn here(&self) -> Result<String, Error> {
        let way = self.way_to_the_end().await?;
        Ok(way.here().to_owned())
    }

    /// Finds the incident that this one was merged into, if merges are followed.
    async fn way_to_the_end(&self) -> Result<Way, Error> {
        let mut way = Way::new(self);
        if !self.follows_merges {
            return Ok(way);
        }
        let needed = [
            IncidentProperty::Id,
            IncidentProperty::Status,
            IncidentProperty::RedirectIncidentId,
        ];
        loop {
            let incident = self
                .client
                .get_incident(way.here())
                .select(needed)
                .send()
                .await?;
            if way.step(incident)?.is_some() {
                return Ok(way);
            }
        }
    }
}

/// The incidents on the way along merges.
struct Way {
    follows_merges: bool,
    /// All ids so far; the last one is the current incident.
    ids: Vec<String>,
}

impl Way {
    fn new(handle: &IncidentHandle<'_>) -> Self {
        Self {
            follows_merges: handle.follows_merges,
            ids: vec![handle.id.clone()],
        }
    }

    fn here(&self) -> &str {
        self.ids.last().map_or("", String::as_str)
    }

    /// Goes on to the incident that this one was merged into, or returns it if it was not merged.
    fn step(&mut self, incident: Incident) -> Result<Option<FoundIncident>, Error> {
        if self.follows_merges
            && let Some(target) = unreadable(&incident, IncidentProperty::RedirectIncidentId)
        {
            return Err(Error::refused(format!(
                "cannot tell whether {} was merged into another incident: {target}",
                self.here()
            )));
        }
        let target = incident
            .redirect_incident_id
            .as_deref()
            .filter(|target| !target.is_empty());
        let target = match target {
            Some(target) if self.follows_merges => target.to_owned(),
            _ => {
                let passed = self.ids.split_last().map_or(&[][..], |(_, passed)| passed);
                return Ok(Some(FoundIncident {
                    merged_from: passed.to_vec(),
                    incident,
                }));
            }
        };
        let ids = self.ids.join(" → ");
        if self.ids.contains(&target) {
            return Err(Error::limit(format!(
                "merges form a cycle: {ids} → {target}"
            )));
        }
        if self.ids.len() > MOST_MERGES {
            return Err(Error::limit(format!(
                "more than {MOST_MERGES} merges in a row: {ids}"
            )));
        }
        self.ids.push(target);
        Ok(None)
    }
}

/// The value of a property that could not be decoded.
fn unreadable(incident: &Incident, property: IncidentProperty) -> Option<Unreadable<'_>> {
    let name = property.as_str();
    incident.unreadable().find(|found| found.property == name)
}
