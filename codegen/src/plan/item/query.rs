//! The properties of an entity by which a listing is selected, filtered and ordered.

use crate::model::Origin;
use crate::plan::docs::Docs;

use super::FunctionItem;

/// What a listing of an entity can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryItem {
    /// The entity.
    pub entity: String,
    /// The enum of its properties.
    pub properties: String,
    /// The type that has the conditions.
    pub filter: String,
    /// The properties, by name.
    pub names: Vec<PropertyName>,
    /// A condition for each property that can be filtered by.
    pub functions: Vec<FunctionItem>,
    /// The schema that it is made from.
    pub origin: Origin,
}

impl QueryItem {
    /// Returns the properties that the service filters by.
    #[must_use]
    pub fn filterable(&self) -> Vec<&PropertyName> {
        self.names.iter().filter(|one| one.filterable).collect()
    }

    /// Returns the properties that the service orders by. None where the document is silent about orders.
    #[must_use]
    pub fn orderable(&self) -> Vec<&PropertyName> {
        self.names.iter().filter(|one| one.orderable).collect()
    }
}

/// A property by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyName {
    /// The variant.
    pub variant: String,
    /// Its name on the wire.
    pub wire: String,
    /// Whether the service filters by it.
    pub filterable: bool,
    /// Whether the service orders by it.
    pub orderable: bool,
    /// Its documentation.
    pub docs: Docs,
    /// The property.
    pub origin: Origin,
}
