//! Conditions, orders and selections for listing incidents, with the types of their properties.
//!
//! What they make is text for `$filter`, `$orderby`, `$select` and `$expand`; the setters of
//! [`ListIncidents`](crate::requests::ListIncidents) take it as they take any text.
//!
//! # Examples
//!
//! ```
//! use graph_incidents::query::{Filter, IncidentProperty};
//! use graph_incidents::types::{AlertSeverity, IncidentStatus};
//!
//! # fn example(client: &graph_incidents::Client) {
//! let open_and_serious = Filter::status()
//!     .eq(IncidentStatus::Active)
//!     .and(Filter::severity().any_of([AlertSeverity::High, AlertSeverity::Medium]))
//!     .and(Filter::assigned_to().is_null());
//! assert_eq!(
//!     open_and_serious.as_str(),
//!     "status eq 'active' and (severity eq 'high' or severity eq 'medium') and assignedTo eq null"
//! );
//! let request = client
//!     .list_incidents()
//!     .filter(open_and_serious)
//!     .orderby([IncidentProperty::LastUpdateDateTime.ascending()])
//!     .select([IncidentProperty::Id, IncidentProperty::DisplayName])
//!     .top(50);
//! # drop(request);
//! # }
//! ```

mod filter;
mod property;

pub use filter::{DateField, EnumField, Filter, TextField};
pub use property::{IncidentProperty, Order};
