//! Plans the queries of listings: the properties of an entity by name, and conditions on them.

use crate::model::{Kind, Property, Schema, Shape};
use crate::names;

use super::Planner;
use super::docs::Docs;
use super::item::{Action, FunctionItem, PropertyName, QueryItem, Receiver};
use super::rust_type::RustType;
use super::scope::Scope;

impl Planner<'_> {
    /// Entities that can be filtered or ordered by a property, according to the document.
    pub(super) fn queries(&self) -> Vec<QueryItem> {
        let objects = self.model.schemas.values().filter_map(|schema| {
            let object = self.model.object(&schema.type_name)?;
            if !self.roles.has_type(&schema.type_name) {
                return None;
            }
            let properties = self.model.flattened(object);
            let is_asked = |property: &&Property| property.filterable || property.orderable;
            // Inherited properties matter for a type that is listed.
            let is_meant = object.properties.iter().any(|own| is_asked(&own))
                || properties.iter().any(is_asked) && self.is_listed(&schema.type_name);
            is_meant.then(|| self.query(schema, &properties))
        });
        objects.collect()
    }

    /// Whether a response is a page of that type.
    fn is_listed(&self, entity: &str) -> bool {
        let mut kinds = self.model.schemas.values().map(|schema| &schema.kind);
        kinds.any(|kind| matches!(kind, Kind::Page(item) if item.named() == Some(entity)))
    }

    fn query(&self, schema: &Schema, properties: &[&Property]) -> QueryItem {
        let entity = &schema.type_name;
        let mut variants = Scope::default();
        let mut functions = Scope::default();
        // Annotations such as `@odata.type` are always sent.
        let own = properties.iter().filter(|one| !one.name.contains('@'));
        let names = own.clone().map(|property| PropertyName {
            variant: variants.claim([names::variant_name(&property.name).as_str()], ""),
            wire: property.name.clone(),
            filterable: property.filterable,
            orderable: property.orderable,
            docs: Docs::own([match (property.filterable, property.orderable) {
                (true, true) => format!("`{}`: can be filtered and ordered by.", property.name),
                (true, false) => format!("`{}`: can be filtered by.", property.name),
                (false, true) => format!("`{}`: can be ordered by.", property.name),
                (false, false) => format!("`{}`.", property.name),
            }]),
            origin: property.origin.clone(),
        });
        let names: Vec<PropertyName> = names.collect();
        let filterable = own.filter(|property| property.filterable);
        let filters = filterable.filter_map(|property| {
            let name = functions.claim([property.field_name.as_str()], "_");
            self.filter(property, name)
        });
        QueryItem {
            entity: entity.clone(),
            properties: self.names.property_type(entity),
            filter: self.names.filter_type(entity),
            names,
            functions: filters.collect(),
            origin: schema.origin.clone(),
        }
    }

    fn filter(&self, property: &Property, name: String) -> Option<FunctionItem> {
        let plain = |value: RustType| RustType::Generic("runtime::PlainField", vec![value]);
        let returns = match &property.shape {
            Shape::Text => RustType::Known("runtime::TextField"),
            Shape::DateTime => RustType::Known("runtime::DateField"),
            Shape::Named(member) if self.is_enumeration(member) => RustType::Generic(
                "runtime::EnumField",
                vec![RustType::Planned(member.clone())],
            ),
            Shape::Boolean | Shape::Integer32 | Shape::Integer64 | Shape::Number | Shape::Uuid => {
                plain(self.value_type(&property.shape))
            }
            // The lint has refused it.
            Shape::Named(_) | Shape::List(_) | Shape::Any => return None,
        };
        Some(FunctionItem {
            name,
            receiver: Receiver::None,
            arguments: Vec::new(),
            returns,
            action: Action::FilterBy(property.name.clone()),
            docs: Docs::own([format!("Filters by `{}`.", property.name)]),
            deprecated: property.deprecated,
        })
    }

    fn is_enumeration(&self, name: &str) -> bool {
        self.model.schema(name).is_some_and(|schema| {
            matches!(schema.kind, Kind::Enumeration(_)) && !self.is_flags(name)
        })
    }
}
