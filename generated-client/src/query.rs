//! Typed conditions, orders and selections for listings.
//!
//! They produce the strings for `$filter`, `$orderby`, `$select` and `$expand`; the setters of
//! [`ListIncidents`](crate::requests::ListIncidents) and other listings take these or any string. [`IncidentFilter`] and
//! [`AlertFilter`] have a function for each property that the service can filter by, generated from the fragment;
//! [`Filter::raw`] takes any other condition.
//!
//! # Examples
//!
//! ```
//! use graph_incidents::query::{IncidentFilter, IncidentProperty};
//! use graph_incidents::types::{AlertSeverity, IncidentStatus};
//!
//! # fn example(client: &graph_incidents::Client) {
//! let active_and_serious = IncidentFilter::status()
//!     .eq(IncidentStatus::Active)
//!     .and(IncidentFilter::severity().at_least(AlertSeverity::Medium))
//!     .and(IncidentFilter::assigned_to().is_null());
//! assert_eq!(
//!     active_and_serious.as_str(),
//!     "status eq 'active' and (severity eq 'medium' or severity eq 'high') and assignedTo eq null"
//! );
//! let request = client
//!     .list_incidents()
//!     .filter(active_and_serious)
//!     .orderby([IncidentProperty::LastUpdateDateTime.ascending()])
//!     .select([IncidentProperty::Id, IncidentProperty::DisplayName])
//!     .top(50);
//! # drop(request);
//! # }
//! ```

use crate::types::IncidentStatus;

pub use crate::generated::queries::*;
pub use graph_client_runtime::{DateField, EnumField, Filter, Order, PlainField, TextField};

impl IncidentFilter {
    /// Creates a condition for incidents that still need work: neither resolved nor merged into another incident.
    /// Incidents with an unknown status meet it too.
    ///
    /// ```
    /// # use graph_incidents::query::IncidentFilter;
    /// assert_eq!(IncidentFilter::open().as_str(), "status ne 'resolved' and status ne 'redirected'");
    /// ```
    pub fn open() -> Filter {
        let resolved = Self::status().ne(IncidentStatus::Resolved);
        resolved.and(Self::status().ne(IncidentStatus::Redirected))
    }
}
