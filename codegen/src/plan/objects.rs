//! Plans structs for the objects that the service sends.

use crate::model::{Kind, Property, Schema, Shape};
use crate::names;

use super::Planner;
use super::docs::{self, Docs, described};
use super::item::{Action, FieldItem, FunctionItem, Receiver, Sharing, StructItem};
use super::rust_type::RustType;
use super::scope::Scope;

impl Planner<'_> {
    /// Objects that are types of their own: bodies, errors and the types of unions are planned elsewhere.
    pub(super) fn objects(&self) -> Vec<StructItem> {
        let schemas = self.model.schemas.values().filter(|schema| {
            let name = &schema.type_name;
            let Kind::Object(object) = &schema.kind else {
                return false;
            };
            self.roles.has_type(name)
                && !self.model.is_polymorphic(name)
                && self.model.polymorphic_base(object).is_none()
        });
        let planned = schemas.map(|schema| {
            let mut item = self.structure(&schema.type_name, schema, Sharing::Alone);
            item.functions.extend(self.narrowing(schema, &item));
            item
        });
        planned.collect()
    }

    /// A struct with an accessor for each of its lists.
    pub(super) fn structure(&self, name: &str, schema: &Schema, sharing: Sharing) -> StructItem {
        let properties = match self.model.object(&schema.type_name) {
            Some(object) => self.model.struct_properties(&schema.type_name, object),
            None => Vec::new(),
        };
        let mut names = Scope::default();
        let mut lists = Vec::new();
        let mut fields: Vec<FieldItem> = properties
            .into_iter()
            .map(|property| {
                let field = self.field(&schema.type_name, property, &mut names);
                lists.extend(self.list_accessor(property, &field));
                field
            })
            .collect();
        fields.sort_by(|left, right| left.name.cmp(&right.name));
        lists.sort_by(|left, right| left.name.cmp(&right.name));
        let description = match sharing {
            Sharing::Base => format!(
                "The properties that all types of `{}` share.",
                schema.type_name
            ),
            _ => described(&schema.description, "schema", &schema.type_name),
        };
        StructItem {
            name: name.to_owned(),
            schema: schema.name.clone(),
            sharing,
            fields,
            functions: lists,
            docs: Docs::texts([description]),
            deprecated: schema.deprecated,
            origin: schema.origin.clone(),
        }
    }

    fn field(&self, owner: &str, property: &Property, names: &mut Scope) -> FieldItem {
        FieldItem {
            name: names.claim([property.field_name.as_str()], "_"),
            wire: property.name.clone(),
            rust_type: self.field_type(owner, property),
            nullable: property.nullable,
            docs: docs::property(property),
            origin: property.origin.clone(),
        }
    }

    /// An absent, null or empty list reads the same.
    fn list_accessor(&self, property: &Property, field: &FieldItem) -> Option<FunctionItem> {
        let Shape::List(item) = &property.shape else {
            return None;
        };
        let items = self.value_type(item).slice().reference();
        if property.navigation {
            return Some(FunctionItem {
                name: field.name.clone(),
                receiver: Receiver::Reference,
                arguments: Vec::new(),
                returns: items.option(),
                action: Action::LoadedItems(field.name.clone()),
                docs: Docs::texts([format!(
                    "Returns the items of `{}`; `None` if they were not requested, which does not mean that there are none.",
                    property.name
                )]),
                deprecated: false,
            });
        }
        Some(FunctionItem {
            name: field.name.clone(),
            receiver: Receiver::Reference,
            arguments: Vec::new(),
            returns: items,
            action: Action::ListItems(field.name.clone()),
            docs: Docs::texts([format!(
                "Returns the items of `{}`; empty if it is absent or null.",
                property.name
            )]),
            deprecated: false,
        })
    }

    /// Conversions from a base that is complete by itself to its subtypes.
    fn narrowing(&self, schema: &Schema, item: &StructItem) -> Vec<FunctionItem> {
        let Kind::Object(object) = &schema.kind else {
            return Vec::new();
        };
        let Some(discriminator) = &object.discriminator else {
            return Vec::new();
        };
        let tag_field = item
            .fields
            .iter()
            .find(|field| field.wire == discriminator.property);
        let Some(field) = tag_field else {
            return Vec::new();
        };
        let mut names = Scope::default();
        let subtypes = discriminator.mapping.iter().filter(|(_, target)| {
            **target != schema.type_name && self.model.object(target).is_some()
        });
        // Two tags of one type would give two functions with the same name.
        let mut targets: Vec<&String> = subtypes.map(|(_, target)| target).collect();
        targets.sort();
        targets.dedup();
        let functions = targets.into_iter().map(|target| {
            let of_target = discriminator.mapping.iter();
            let of_target = of_target.filter(|(_, other)| self.model.is_a(other, target));
            let name = format!("to_{}", names::method_name(target));
            FunctionItem {
                name: names.claim([name.as_str()], "_"),
                receiver: Receiver::Reference,
                arguments: Vec::new(),
                returns: RustType::Planned(target.clone()).option(),
                action: Action::Narrow {
                    field: field.name.clone(),
                    tags: of_target.map(|(tag, _)| tag.clone()).collect(),
                },
                docs: Docs::own([format!(
                    "Decodes the value as [`{target}`] if `{}` says that it is one. The properties that only such a\nvalue has are in `additional_properties` of this one.",
                    discriminator.property
                )]),
                deprecated: false,
            }
        });
        functions.collect()
    }
}
