//! The library's face: the handle to a running simulator.

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

/// A running simulator. Dropping it stops it: no new connections, open ones end after their response.
pub struct Simulator {
    pub(crate) service: Arc<Service>,
    pub(crate) address: SocketAddr,
    pub(crate) base_url: String,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) serving: Option<JoinHandle<()>>,
}

impl Simulator {
    /// A simulator with the reference data, on any free port.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of the beta version, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Scheme and authority, without a trailing slash: `http://127.0.0.1:…`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A bearer token of an application that is granted everything; it never expires.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.service.own_token
    }

    /// A new token of the application with these roles only.
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

    /// A new token on behalf of a person, with these scopes only.
    #[must_use]
    pub fn user_token<S: Into<String>>(
        &self,
        user: &str,
        scopes: impl IntoIterator<Item = S>,
        lifetime: Option<Duration>,
    ) -> String {
        self.issue(Some(user.to_owned()), scopes, lifetime)
    }

    /// Makes every token invalid, [`Simulator::token`]'s too: calls get 401 from now on.
    pub fn revoke_tokens(&self) {
        self.service.tokens.revoke();
    }

    /// Other roles of the application that signs in, from its next token on: tokens that were issued before keep theirs.
    ///
    /// So a role that was granted a moment ago shows only in a new token, as with the service.
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

    /// Ends every refresh token: a device has to be signed in again.
    pub fn revoke_refresh_tokens(&self) {
        self.service.endpoint.revoke_refresh_tokens();
    }

    /// The token of another identity provider that the application trusts, for workload identity: a client assertion that
    /// needs no secret.
    #[must_use]
    pub fn federated_token(&self) -> &str {
        self.service.endpoint.settings.assertions.federated()
    }

    /// Where the managed identity of a machine gets its tokens (IMDS): the address in the place of
    /// `http://169.254.169.254`.
    #[must_use]
    pub fn machine_identity_url(&self) -> String {
        format!("{}/metadata/identity/oauth2/token", self.origin())
    }

    /// Where the managed identity of an app gets its tokens (App Service): the value of `IDENTITY_ENDPOINT`.
    #[must_use]
    pub fn app_identity_url(&self) -> String {
        format!("{}/msi/token", self.origin())
    }

    /// What an app has to show there: the value of `IDENTITY_HEADER`.
    #[must_use]
    pub fn app_identity_header(&self) -> &str {
        &self.service.endpoint.identity_header
    }

    /// Where tokens are handed out: for client credentials, device codes and refresh tokens.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/{TENANT}/oauth2/v2.0/token", self.origin())
    }

    /// Where device codes are handed out.
    #[must_use]
    pub fn device_code_url(&self) -> String {
        format!("{}/{TENANT}/oauth2/v2.0/devicecode", self.origin())
    }

    /// The tenant's id.
    #[must_use]
    pub fn tenant_id(&self) -> &str {
        TENANT
    }

    /// The id of the application that may sign in.
    #[must_use]
    pub fn client_id(&self) -> &str {
        APPLICATION
    }

    /// The secret of the application that may sign in.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        SECRET
    }

    /// The person at the other device signs in, or declines; `false` when nobody waits for that code.
    pub fn decide_device_code(&self, user_code: &str, approved: bool) -> bool {
        self.service.endpoint.decide(user_code, approved)
    }

    /// Every request and every write since the start.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.service.ledger
    }

    /// The last 1,000 exchanges as JSON, within [`Builder::remembered_bytes`], for [`Builder::replay`] and for bug reports: tokens are left out, and the names and
    /// mail addresses of people are replaced. Look through it before you pass it on.
    #[must_use]
    pub fn recording(&self) -> Value {
        json!(self.service.exchanges.recording())
    }

    /// What goes wrong on demand.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.service.faults
    }

    /// The habits of the service.
    #[must_use]
    pub fn profile(&self) -> Profile {
        (*self.service.profile()).clone()
    }

    /// Other habits, from the next request on. A page size of 0 is taken as 1: a page without items would end every list.
    pub fn set_profile(&self, mut profile: Profile) {
        profile.page_size = profile.page_size.max(1);
        profile.alert_page_size = profile.alert_page_size.max(1);
        *self.service.profile.write() = Arc::new(profile);
    }

    /// Forgets all calls that count for throttling.
    pub fn reset_throttling(&self) {
        self.service.throttle.reset();
        self.service.hunting.reset();
    }

    /// An incident as it is stored, without its alerts.
    #[must_use]
    pub fn incident(&self, id: &str) -> Option<Value> {
        self.service.store.object(id).map(Value::Object)
    }

    /// The alerts of an incident, as they are stored.
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

    /// The ids of all incidents, newest first.
    #[must_use]
    pub fn incident_ids(&self) -> Vec<String> {
        self.service.store.ids()
    }

    /// How many incidents there are.
    #[must_use]
    pub fn incident_count(&self) -> usize {
        self.service.store.len()
    }

    /// Adds an incident with its alerts, or replaces the one of that id. What is not an object with a text `id`, or has a
    /// time outside of the years 1 to 9999, is refused with `false`.
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

    /// Puts an entity into a collection of the contract, such as `/users` or `/users/1/messages`, or replaces the one of its
    /// `id`; `false` when it is not an object with a text `id`, or the contract has no such collection.
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

    /// The entities of a collection, in the order in which they came in.
    #[must_use]
    pub fn entities(&self, collection: &str) -> Vec<Value> {
        let items = self.service.entities.all(collection);
        items
            .into_iter()
            .map(|item| Value::Object(item.object))
            .collect()
    }

    /// Gives that result whenever exactly its query is run; it replaces one that was recorded for the query before.
    pub fn record_hunting(&self, result: HuntingResult) {
        self.service.record_hunting(&result);
    }

    /// An alert as it is stored.
    #[must_use]
    pub fn alert(&self, id: &str) -> Option<Value> {
        let text = self.service.store.alert(id, Freshness::NOW)?;
        Some(Value::Object(parsed(&text)))
    }

    /// The service itself changes properties of an incident; `false` when there is no such incident, or the change names
    /// another `id` or a time outside of the years 1 to 9999.
    ///
    /// Unless the change says otherwise, `lastModifiedBy` becomes the service's own name. With a state file, it is on
    /// disk once any later write is acknowledged.
    pub fn change(&self, id: &str, change: Value) -> bool {
        let Value::Object(change) = change else {
            return false;
        };
        self.service.change(id, &change)
    }

    /// What was recovered of a damaged state file; none where it was intact.
    #[must_use]
    pub fn recovery(&self) -> Option<&Recovery> {
        self.service.recovery.as_ref()
    }

    /// Stops, and returns once no connection is accepted any more.
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
