//! A walk through JSON along the contract: every member, list, scalar and object is met with what it is.

use serde_json::Value;

use crate::contract::{Contract, Enumeration, Schema, Shape};
use crate::object::Object;

/// What happens to each part that is met; by default nothing.
pub(crate) trait Visitor {
    fn member(&mut self, _enumeration: &Enumeration, _value: &mut Value) {}
    fn scalar(&mut self, _shape: &Shape, _value: &mut Value) {}
    /// Before what it holds is met.
    fn property(&mut self, _name: &str, _shape: &Shape, _value: &mut Value) {}
    /// Once the items were met.
    fn list(&mut self, _value: &mut Value) {}
    /// Once the properties were met.
    fn object(&mut self, _schema: &str, _object: &mut Object) {}
}

/// Meets all parts of an object of a schema.
pub(crate) fn walk(
    contract: &Contract,
    schema: &str,
    object: &mut Object,
    visitor: &mut impl Visitor,
) {
    if let Some(shape) = contract.shape_of(schema, object) {
        for (key, value) in object.iter_mut() {
            if let Some(property) = shape.properties.get(key) {
                visitor.property(key, &property.shape, value);
                step(contract, &property.shape, value, visitor);
            }
        }
    }
    visitor.object(schema, object);
}

fn step(contract: &Contract, shape: &Shape, value: &mut Value, visitor: &mut impl Visitor) {
    if value.is_null() {
        return;
    }
    match shape {
        Shape::Array { items } => {
            for item in value.as_array_mut().into_iter().flatten() {
                step(contract, items, item, visitor);
            }
            visitor.list(value);
        }
        Shape::Ref { r#ref } => match (contract.schemas.get(r#ref), value) {
            (Some(Schema::Enum(enumeration)), value) => visitor.member(enumeration, value),
            (_, Value::Object(object)) => walk(contract, r#ref, object, visitor),
            _ => {}
        },
        scalar => visitor.scalar(scalar, value),
    }
}
