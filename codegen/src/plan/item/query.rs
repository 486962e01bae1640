//! The properties of an entity that a listing can select, filter by and order by.

use crate::model::Origin;
use crate::plan::docs::Docs;

use super::FunctionItem;

/// What a listing of an entity can select, filter by and order by.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryItem {
    /// The entity.
    pub entity: String,
    /// The enum of its properties.
    pub properties: String,
    /// The type with the conditions.
    pub filter: String,
    /// The properties, by name.
    pub names: Vec<PropertyName>,
    /// A condition for each filterable property.
    pub functions: Vec<FunctionItem>,
    /// The schema in the document.
    pub origin: Origin,
}

impl QueryItem {
    /// Returns the filterable properties.
    #[must_use]
    pub fn filterable(&self) -> Vec<&PropertyName> {
        self.names.iter().filter(|one| one.filterable).collect()
    }

    /// Returns the orderable properties; `None` if the document does not mention orders.
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
    /// Whether it is filterable.
    pub filterable: bool,
    /// Whether it is orderable.
    pub orderable: bool,
    /// Its documentation.
    pub docs: Docs,
    /// The property in the document.
    pub origin: Origin,
}
