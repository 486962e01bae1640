//! The properties of an incident by name: to select, to order by, to expand.

use std::fmt;

macro_rules! properties {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// A property of an incident.
        ///
        /// A test holds the list against the fragment.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum IncidentProperty {
            $(
                #[doc = concat!("`", $name, "`.")]
                $variant,
            )*
        }

        impl IncidentProperty {
            /// All of them, in the order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

properties! {
    Alerts = "alerts",
    AssignedTo = "assignedTo",
    Classification = "classification",
    Comments = "comments",
    CreatedDateTime = "createdDateTime",
    CustomTags = "customTags",
    Description = "description",
    Determination = "determination",
    DisplayName = "displayName",
    Id = "id",
    IncidentWebUrl = "incidentWebUrl",
    LastModifiedBy = "lastModifiedBy",
    LastUpdateDateTime = "lastUpdateDateTime",
    PriorityScore = "priorityScore",
    RecommendedActions = "recommendedActions",
    RecommendedHuntingQueries = "recommendedHuntingQueries",
    RedirectIncidentId = "redirectIncidentId",
    ResolvingComment = "resolvingComment",
    Severity = "severity",
    Status = "status",
    Summary = "summary",
    SystemTags = "systemTags",
    TenantId = "tenantId",
}

impl IncidentProperty {
    /// The smallest, the earliest, the first in the alphabet first.
    #[must_use]
    pub const fn ascending(self) -> Order {
        Order {
            property: self,
            descending: false,
        }
    }

    /// The largest, the latest, the last in the alphabet first.
    #[must_use]
    pub const fn descending(self) -> Order {
        Order {
            property: self,
            descending: true,
        }
    }
}

impl fmt::Display for IncidentProperty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl From<IncidentProperty> for String {
    fn from(property: IncidentProperty) -> Self {
        property.as_str().to_owned()
    }
}

/// What to order a listing by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    property: IncidentProperty,
    descending: bool,
}

impl fmt::Display for Order {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.descending { "desc" } else { "asc" };
        write!(formatter, "{} {direction}", self.property)
    }
}

impl From<Order> for String {
    fn from(order: Order) -> Self {
        order.to_string()
    }
}
