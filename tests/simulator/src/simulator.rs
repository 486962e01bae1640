//! The handle to a running simulator.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::auth::{Caller, Grant};
use crate::builder::Builder;
use crate::entities::Item;
use crate::faults::Faults;
use crate::freshness::Freshness;
use crate::hunting::HuntingResult;
use crate::identity::{APPLICATION, SECRET, TENANT};
use crate::ledger::Ledger;
use crate::object::{parsed, text_of};
use crate::profile::Profile;
use crate::service::Service;
use crate::state::Recovery;
use crate::store::{Draft, check_times};

/// A running simulator. Dropping it stops it: it accepts no new connections, and open ones end after their response.
pub struct Simulator {
    pub(crate) service: Arc<Service>,
    pub(crate) address: SocketAddr,
    pub(crate) base_url: String,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) serving: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a simulator with the reference data on any free port.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns the address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base URL of the beta version, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns scheme and authority, without a trailing slash: `http://127.0.0.1:…`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns a bearer token of an application with all permissions; it never expires.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.service.own_token
    }

    /// Issues a token of the application with these roles only.
    ///
    /// ```
    /// # use graph_incidents_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let simulator = Simulator::builder().start().await?;
    /// let reads_only = simulator.application_token(["SecurityIncident.Read.All"], None);
    /// assert_ne!(reads_only, simulator.token());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn application_token<S: Into<String>>(
        &self,
        roles: impl IntoIterator<Item = S>,
        lifetime: Option<Duration>,
    ) -> String {
        self.issue(None, roles, lifetime)
    }

    /// Issues a token on behalf of a person with these scopes only.
    #[must_use]
    pub fn user_token<S: Into<String>>(
        &self,
        user: &str,
        scopes: impl IntoIterator<Item = S>,
        lifetime: Option<Duration>,
    ) -> String {
        self.issue(Some(user.to_owned()), scopes, lifetime)
    }

    /// Revokes every token, including [`Simulator::token`]: calls get 401 from now on.
    pub fn revoke_tokens(&self) {
        self.service.tokens.revoke();
    }

    /// Sets the roles of the application that signs in, from its next token on: issued tokens keep theirs.
    ///
    /// So a newly granted role appears only in a new token, as with the service.
    pub fn set_permissions<S: Into<String>>(&self, names: impl IntoIterator<Item = S>) {
        let names = names.into_iter().map(Into::into).collect();
        *self
            .service
            .endpoint
            .settings
            .application
            .permissions
            .write() = names;
    }

    /// Revokes every refresh token: a person must sign in again.
    pub fn revoke_refresh_tokens(&self) {
        self.service.endpoint.revoke_refresh_tokens();
    }

    /// Returns the token of another identity provider that the application trusts, for workload identity: a client
    /// assertion without a secret.
    #[must_use]
    pub fn federated_token(&self) -> &str {
        self.service.endpoint.settings.assertions.federated()
    }

    /// Returns the URL at which a machine's managed identity requests tokens (IMDS), instead of
    /// `http://169.254.169.254`.
    #[must_use]
    pub fn machine_identity_url(&self) -> String {
        format!("{}/metadata/identity/oauth2/token", self.origin())
    }

    /// Returns the URL at which an app's managed identity requests tokens (App Service): the value of
    /// `IDENTITY_ENDPOINT`.
    #[must_use]
    pub fn app_identity_url(&self) -> String {
        format!("{}/msi/token", self.origin())
    }

    /// Returns the secret that an app sends there: the value of `IDENTITY_HEADER`.
    #[must_use]
    pub fn app_identity_header(&self) -> &str {
        &self.service.endpoint.identity_header
    }

    /// Returns the URL of the token endpoint, for client credentials, device codes and refresh tokens.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/{TENANT}/oauth2/v2.0/token", self.origin())
    }

    /// Returns the URL of the device code endpoint.
    #[must_use]
    pub fn device_code_url(&self) -> String {
        format!("{}/{TENANT}/oauth2/v2.0/devicecode", self.origin())
    }

    /// Returns the tenant's id.
    #[must_use]
    pub fn tenant_id(&self) -> &str {
        TENANT
    }

    /// Returns the id of the application that can sign in.
    #[must_use]
    pub fn client_id(&self) -> &str {
        APPLICATION
    }

    /// Returns the secret of the application that can sign in.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        SECRET
    }

    /// Lets the person at the other device sign in or decline; returns `false` if no device waits with that code.
    pub fn decide_device_code(&self, user_code: &str, approved: bool) -> bool {
        self.service.endpoint.decide(user_code, approved)
    }

    /// Returns every request and every write since the start.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.service.ledger
    }

    /// Returns the last 1,000 exchanges as JSON, within [`Builder::remembered_bytes`], for [`Builder::replay`] and for bug
    /// reports: without tokens, and with the names and mail addresses of people replaced. Look through it before you share
    /// it.
    #[must_use]
    pub fn recording(&self) -> Value {
        json!(self.service.exchanges.recording())
    }

    /// Returns the faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.service.faults
    }

    /// Returns the behaviour of the service.
    #[must_use]
    pub fn profile(&self) -> Profile {
        (*self.service.profile()).clone()
    }

    /// Sets the behaviour of the service, from the next request on. A page size of 0 is taken as 1, because an empty
    /// page would end every list.
    pub fn set_profile(&self, mut profile: Profile) {
        profile.page_size = profile.page_size.max(1);
        profile.alert_page_size = profile.alert_page_size.max(1);
        *self.service.profile.write() = Arc::new(profile);
    }

    /// Resets throttling: earlier calls no longer count.
    pub fn reset_throttling(&self) {
        self.service.throttle.reset();
        self.service.hunting.reset();
    }

    /// Returns a stored incident, without its alerts.
    #[must_use]
    pub fn incident(&self, id: &str) -> Option<Value> {
        self.service.store.object(id).map(Value::Object)
    }

    /// Returns the stored alerts of an incident.
    #[must_use]
    pub fn alerts(&self, id: &str) -> Option<Vec<Value>> {
        let alerts = self.service.store.alerts(id)?;
        Some(
            alerts
                .iter()
                .map(|text| Value::Object(parsed(text)))
                .collect(),
        )
    }

    /// Returns the ids of all incidents, newest first.
    #[must_use]
    pub fn incident_ids(&self) -> Vec<String> {
        self.service.store.ids()
    }

    /// Returns the number of incidents.
    #[must_use]
    pub fn incident_count(&self) -> usize {
        self.service.store.len()
    }

    /// Adds an incident with its alerts, or replaces the one with its id. Returns `false` for a value that is not an
    /// object with a string `id`, or that has a time outside of the years 1 to 9999.
    pub fn insert(&self, incident: Value, alerts: Vec<Value>) -> bool {
        let object = |value| match value {
            Value::Object(object) => Some(object),
            _ => None,
        };
        let (Some(incident), Some(alerts)) =
            (object(incident), alerts.into_iter().map(object).collect())
        else {
            return false;
        };
        if !incident.get("id").is_some_and(Value::is_string) || check_times(&incident).is_err() {
            return false;
        }
        self.service.store.add([Draft { incident, alerts }]);
        true
    }

    /// Adds an entity to a collection of the contract, such as `/users` or `/users/1/messages`, or replaces the one
    /// with its `id`; returns `false` if it is not an object with a string `id`, or the contract has no such
    /// collection.
    pub fn put_entity(&self, collection: &str, entity: Value) -> bool {
        let Value::Object(object) = entity else {
            return false;
        };
        let Some(id) = text_of(&object, "id").map(str::to_owned) else {
            return false;
        };
        if !self.service.catalogue.knows(collection) {
            return false;
        }
        let item = Item::new(object);
        let entities = &self.service.entities;
        entities.write(collection, &id, |_| Ok(Some(item))).is_ok()
    }

    /// Returns the entities of a collection, in the order in which they were added.
    #[must_use]
    pub fn entities(&self, collection: &str) -> Vec<Value> {
        let items = self.service.entities.all(collection);
        items
            .into_iter()
            .map(|item| Value::Object(item.object))
            .collect()
    }

    /// Records the result of exactly one query; it replaces an earlier result of that query.
    pub fn record_hunting(&self, result: HuntingResult) {
        self.service.record_hunting(&result);
    }

    /// Returns a stored alert.
    #[must_use]
    pub fn alert(&self, id: &str) -> Option<Value> {
        let text = self.service.store.alert(id, Freshness::NOW)?;
        Some(Value::Object(parsed(&text)))
    }

    /// Changes properties of an incident as the service itself would; returns `false` if there is no such incident, or
    /// the change has another `id` or a time outside of the years 1 to 9999.
    ///
    /// Unless the change sets it, `lastModifiedBy` becomes the service's own name. With a state file, the change is on
    /// disk once a later write is acknowledged.
    pub fn change(&self, id: &str, change: Value) -> bool {
        let Value::Object(change) = change else {
            return false;
        };
        self.service.change(id, &change)
    }

    /// Returns what was recovered of a damaged state file; none if it was intact.
    #[must_use]
    pub fn recovery(&self) -> Option<&Recovery> {
        self.service.recovery.as_ref()
    }

    /// Stops, and returns once no new connections are accepted.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(serving) = self.serving.take() {
            serving.await.ok();
        }
    }

    fn issue<S: Into<String>>(
        &self,
        user: Option<String>,
        permissions: impl IntoIterator<Item = S>,
        lifetime: Option<Duration>,
    ) -> String {
        let caller = Caller {
            application: APPLICATION.to_owned(),
            user,
            permissions: permissions.into_iter().map(Into::into).collect(),
        };
        let grant = Grant {
            caller,
            lifetime,
            claims: None,
        };
        self.service.tokens.issue(None, grant)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}
