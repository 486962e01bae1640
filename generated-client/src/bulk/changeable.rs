//! The types that can be updated in bulk: incidents and alerts, each by its own operation.

use std::fmt::Debug;

use graph_client_runtime::generated_code::{Call as _, CallFuture, Request, Wire};
use graph_client_runtime::{Error, Operation};

use crate::Client;
use crate::requests::{UpdateAlert, UpdateIncident};
use crate::types::{Alert, AlertUpdate, Incident, IncidentUpdate};

/// A type that [`UpdateMany`](super::UpdateMany) can update: incidents and alerts.
pub trait Updatable: Changeable {}

impl Updatable for Incident {}

impl Updatable for Alert {}

/// How one item of many is updated. This trait is sealed.
pub trait Changeable: Wire + Debug + Send + Unpin + 'static {
    /// The update of one item.
    type Update: Debug + Clone + Send + Sync + Unpin + 'static;

    #[doc(hidden)]
    const OPERATION: &'static Operation;

    #[doc(hidden)]
    fn request(client: &Client, id: &str, update: &Self::Update) -> Result<Request, Error>;

    #[doc(hidden)]
    fn update<'c>(
        client: &'c Client,
        id: &'c str,
        update: &'c Self::Update,
    ) -> CallFuture<'c, Self>;
}

impl Changeable for Incident {
    type Update = IncidentUpdate;

    const OPERATION: &'static Operation = &UpdateIncident::OPERATION;

    fn request(client: &Client, id: &str, update: &IncidentUpdate) -> Result<Request, Error> {
        client.update_incident(id, update).request()
    }

    fn update<'c>(
        client: &'c Client,
        id: &'c str,
        update: &'c IncidentUpdate,
    ) -> CallFuture<'c, Self> {
        client.update_incident(id, update).into_future()
    }
}

impl Changeable for Alert {
    type Update = AlertUpdate;

    const OPERATION: &'static Operation = &UpdateAlert::OPERATION;

    fn request(client: &Client, id: &str, update: &AlertUpdate) -> Result<Request, Error> {
        client.update_alert(id, update).request()
    }

    fn update<'c>(
        client: &'c Client,
        id: &'c str,
        update: &'c AlertUpdate,
    ) -> CallFuture<'c, Self> {
        client.update_alert(id, update).into_future()
    }
}
