//! The members that a successful response must have, so that a response without them is an error and not an empty
//! value.

use super::{Content, Kind, Model, Operation, Property, Shape};

/// What the body of a successful response must contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promised {
    /// Nothing that the document specifies.
    Anything,
    /// A list in `value`.
    List,
    /// These members, as strings: the keys of an entity.
    Keys(Vec<String>),
    /// At least one of these members, with a value: the result of an action.
    AnyOf(Vec<String>),
}

impl Model {
    /// Determines what a successful response of an operation must contain.
    #[must_use]
    pub fn promised(&self, operation: &Operation) -> Promised {
        let Content::Json(Shape::Named(name)) = &operation.success.content else {
            return Promised::Anything;
        };
        let Some(schema) = self.schema(name) else {
            return Promised::Anything;
        };
        let object = match &schema.kind {
            Kind::Page(_) => return Promised::List,
            Kind::Object(object) => object,
            Kind::Enumeration(_) | Kind::Open => return Promised::Anything,
        };
        let properties = self.flattened(object);
        let names = |wanted: fn(&Property) -> bool| -> Vec<String> {
            let wanted = properties.iter().filter(|property| wanted(property));
            wanted.map(|property| property.name.clone()).collect()
        };
        let keys = names(|property| property.key && property.shape == Shape::Text);
        let others = names(|property| !property.name.starts_with('@'));
        match (keys.is_empty(), others.is_empty()) {
            (false, _) => Promised::Keys(keys),
            (true, false) => Promised::AnyOf(others),
            (true, true) => Promised::Anything,
        }
    }
}
