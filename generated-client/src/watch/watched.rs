//! The types that can be watched: incidents and alerts, each with its listing and its times.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use graph_client_runtime::generated_code::{CallFuture, Wire};
use graph_client_runtime::pages::{Follow, Pages};
use graph_client_runtime::{Operation, Page};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Client;
use crate::query::{
    AlertFilter, AlertProperty, DateField, Filter, IncidentFilter, IncidentProperty, Order,
};
use crate::requests::{ListAlerts, ListIncidents};
use crate::types::{Alert, Incident};

/// The most items on a page; the service allows no more incidents.
const PAGE: u32 = 50;

/// A type that a [`Watcher`](super::Watcher) can watch: incidents and alerts.
pub trait Watched: Listed {
    /// The enumeration of the type's properties.
    type Property: Copy;

    /// The JSON name of a property.
    #[doc(hidden)]
    fn name_of(property: Self::Property) -> &'static str;
}

impl Watched for Incident {
    type Property = IncidentProperty;

    fn name_of(property: IncidentProperty) -> &'static str {
        property.as_str()
    }
}

impl Watched for Alert {
    type Property = AlertProperty;

    fn name_of(property: AlertProperty) -> &'static str {
        property.as_str()
    }
}

/// A type with a listing, and what a watcher reads of its items. This trait is sealed.
pub trait Listed:
    Wire + Serialize + DeserializeOwned + Debug + Clone + PartialEq + Default + Send + Sync + 'static
{
    /// The word for an item in messages.
    const NAME: &'static str;
    #[doc(hidden)]
    const OPERATION: &'static Operation;
    #[doc(hidden)]
    const FOLLOW: Follow<Self>;

    #[doc(hidden)]
    fn id(&self) -> &str;
    #[doc(hidden)]
    fn created(&self) -> Option<DateTime<Utc>>;
    #[doc(hidden)]
    fn updated(&self) -> Option<DateTime<Utc>>;
    #[doc(hidden)]
    fn last_updated() -> DateField;
    #[doc(hidden)]
    fn list(client: &Client, question: Question) -> CallFuture<'_, Page<Self>>;
}

/// The query of a listing.
#[derive(Debug)]
pub struct Question {
    pub(super) filter: Option<Filter>,
    pub(super) order: Order,
    /// Whether one item is requested instead of a page.
    pub(super) is_single: bool,
}

impl Question {
    fn top(&self) -> u32 {
        match self.is_single {
            true => 1,
            false => PAGE,
        }
    }
}

/// Lists all pages. The pages own their client, so that a watcher can keep them.
pub(super) fn pages<T: Listed>(client: &Client, question: Question) -> Pages<'static, T> {
    let (core, client) = (client.core().clone(), client.clone());
    let first = Box::pin(async move { T::list(&client, question).await });
    Pages::new(core, T::OPERATION, T::FOLLOW, first)
}

/// Implements [`Listed`] with the request, the method and the filter that were generated for a type.
macro_rules! listed {
    ($type:ty = $name:literal, $request:ident, $list:ident, $filter:ident) => {
        impl Listed for $type {
            const NAME: &'static str = $name;
            const OPERATION: &'static Operation = &$request::OPERATION;
            const FOLLOW: Follow<Self> = $request::follow;

            fn id(&self) -> &str {
                &self.id
            }

            fn created(&self) -> Option<DateTime<Utc>> {
                self.created_date_time
            }

            fn updated(&self) -> Option<DateTime<Utc>> {
                self.last_update_date_time
            }

            fn last_updated() -> DateField {
                $filter::last_update_date_time()
            }

            fn list(client: &Client, question: Question) -> CallFuture<'_, Page<Self>> {
                let request = client.$list().top(question.top());
                let mut request = request.orderby([question.order]);
                if let Some(filter) = question.filter {
                    request = request.filter(filter);
                }
                request.into_future()
            }
        }
    };
}

listed!(
    Incident = "incident",
    ListIncidents,
    list_incidents,
    IncidentFilter
);
listed!(Alert = "alert", ListAlerts, list_alerts, AlertFilter);
