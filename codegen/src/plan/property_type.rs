//! The Rust type of a value: only this file decides the type of a property.

use crate::model::{Kind, Property, Shape};

use super::Planner;
use super::rust_type::RustType;

impl Planner<'_> {
    /// The type of a value that is present.
    pub(super) fn value_type(&self, shape: &Shape) -> RustType {
        match shape {
            Shape::Text => RustType::TEXT,
            Shape::Boolean => RustType::Known("bool"),
            Shape::Integer32 => RustType::Known("i32"),
            Shape::Integer64 => RustType::Known("i64"),
            Shape::Number => RustType::Known("f64"),
            Shape::DateTime => RustType::date_time(),
            Shape::Uuid => RustType::Known("Uuid"),
            Shape::Any => RustType::Known("runtime::Value"),
            Shape::List(item) => self.value_type(item).list(),
            Shape::Named(name) => self.named_type(name),
        }
    }

    fn named_type(&self, name: &str) -> RustType {
        let planned = RustType::Planned(name.to_owned());
        match self.model.schema(name).map(|schema| &schema.kind) {
            Some(Kind::Page(item)) => self.value_type(item).page(),
            Some(Kind::Open) => RustType::Known("JsonMap"),
            Some(Kind::Enumeration(enumeration)) if enumeration.flags => {
                RustType::Generic("runtime::Flags", vec![planned])
            }
            Some(_) => planned,
            None => RustType::Known("runtime::Value"),
        }
    }

    /// The type of the field for a property of `owner`.
    ///
    /// In what the service sends, only a string that identifies its object is required.
    pub(super) fn field_type(&self, owner: &str, property: &Property) -> RustType {
        let value = self.value_type(&property.shape);
        match &property.shape {
            Shape::Text if property.key => value,
            Shape::Named(held) if self.boxes.is_boxed(owner, held) => value.boxed().option(),
            _ => value.option(),
        }
    }

    /// Whether a value can be a member that must not be sent by accident.
    pub(super) fn is_guarded(&self, shape: &Shape) -> bool {
        let schema = shape.named().and_then(|name| self.model.schema(name));
        schema.is_some_and(|schema| match &schema.kind {
            Kind::Enumeration(enumeration) => enumeration
                .members
                .iter()
                .any(|member| member.guarded.is_some()),
            _ => false,
        })
    }

    /// Whether a type is an enumeration whose values can be several members.
    pub(super) fn is_flags(&self, name: &str) -> bool {
        let schema = self.model.schema(name);
        schema.is_some_and(
            |schema| matches!(&schema.kind, Kind::Enumeration(enumeration) if enumeration.flags),
        )
    }
}
