//! One incident and what people do with it: assign, resolve, reopen, tag, comment; merges are followed where asked.

use std::ops::Deref;

use crate::Client;
use graph_client_runtime::{Error, Page, Unreadable};

use crate::query::IncidentProperty;
use crate::resolution::Resolution;
use crate::types::{AlertComment, Incident, IncidentCommentCreate, IncidentStatus, IncidentUpdate};

/// More merges in a row than this are not followed.
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

/// An incident that was read or written, and the merged ones that led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundIncident {
    incident: Incident,
    merged_from: Vec<String>,
}

impl FoundIncident {
    /// The incident as it is now.
    #[must_use]
    pub fn into_incident(self) -> Incident {
        self.incident
    }

    /// The numbers of the incidents that were merged, from the one that was asked for to the last before this one.
    /// Empty where none was, or where merges are not followed.
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
    /// Follows merges, for reading and for writing.
    ///
    /// Writing then costs one more request, which looks where the incident is. At most 16 merges in a row are
    /// followed; a cycle is an error. [`FoundIncident::merged_from`] says which incidents led there.
    #[must_use]
    pub fn following_merges(mut self) -> Self {
        self.follows_merges = true;
        self
    }

    /// Reads the incident.
    ///
    /// # Errors
    ///
    /// Those of [`Client::get_incident`]; merges that form a cycle.
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
    /// Those of [`Client::update_incident`]; merges that form a cycle.
    pub async fn update(&self, update: &IncidentUpdate) -> Result<FoundIncident, Error> {
        let mut way = self.way_to_the_end().await?;
        loop {
            // It may be merged in the meantime: the response says so, and an update can be repeated without harm.
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

    /// Makes somebody the owner.
    ///
    /// # Errors
    ///
    /// Those of [`Self::update`].
    pub async fn assign(&self, owner: impl Into<String>) -> Result<FoundIncident, Error> {
        self.update(&IncidentUpdate::new().assigned_to(owner)).await
    }

    /// Takes the owner away.
    ///
    /// # Errors
    ///
    /// Those of [`Self::update`].
    pub async fn unassign(&self) -> Result<FoundIncident, Error> {
        self.update(&IncidentUpdate::new().clear_assigned_to())
            .await
    }

    /// Resolves the incident: status, classification, determination and comment in one update.
    ///
    /// # Errors
    ///
    /// Those of [`Self::update`]; a comment that is too long.
    pub async fn resolve(&self, resolution: Resolution) -> Result<FoundIncident, Error> {
        self.update(&resolution.into_update()).await
    }

    /// Makes the incident active again; classification and determination stay.
    ///
    /// # Errors
    ///
    /// Those of [`Self::update`].
    pub async fn reopen(&self) -> Result<FoundIncident, Error> {
        self.update(&IncidentUpdate::new().status(IncidentStatus::Active))
            .await
    }

    /// Adds tags and keeps the others. Tags that are there already are not added twice; where all are, nothing is
    /// written.
    ///
    /// The service knows only whole lists, so this reads first. There is no way to notice that somebody else has
    /// changed the tags between the reading and the writing: the last writer wins.
    ///
    /// # Errors
    ///
    /// Those of [`Self::get`] and [`Self::update`].
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

    /// Removes tags and keeps the others; the race is that of [`Self::add_tags`]. Where none is there, nothing is
    /// written.
    ///
    /// # Errors
    ///
    /// Those of [`Self::get`] and [`Self::update`].
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
    /// Those of [`Client::create_incident_comment`]; merges that form a cycle.
    pub async fn comment(&self, text: impl Into<String>) -> Result<Page<AlertComment>, Error> {
        let way = self.way_to_the_end().await?;
        let comment = IncidentCommentCreate::new(text);
        self.client
            .create_incident_comment(way.here(), &comment)
            .send()
            .await
    }

    /// The number of the incident as it is now; the one that was asked for where merges are not followed.
    pub(crate) async fn here(&self) -> Result<String, Error> {
        let way = self.way_to_the_end().await?;
        Ok(way.here().to_owned())
    }

    /// Looks where the incident is now, if merges are followed.
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

/// The way along merges.
struct Way {
    follows_merges: bool,
    /// All numbers so far; the last one is where it is now.
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

    /// Goes on to where an incident was merged into, or ends there.
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

/// What came in place of a property, where it does not fit the property's type.
fn unreadable(incident: &Incident, property: IncidentProperty) -> Option<Unreadable<'_>> {
    let name = property.as_str();
    incident.unreadable().find(|found| found.property == name)
}
