//! Plans polymorphic types: an enum over all types, their shared properties, and each type.

use crate::model::{Discriminator, Kind, Property, Schema, Shape};
use crate::names;

use super::Planner;
use super::docs::{self, Docs, described};
use super::item::{
    Action, FunctionItem, PropertyAccess, Receiver, Sharing, StructItem, UnionItem, VariantItem,
};
use super::scope::Scope;

impl Planner<'_> {
    pub(super) fn unions(&self) -> Vec<UnionItem> {
        let mut modules = Scope::default();
        for taken in super::MODULES {
            modules.take(taken);
        }
        let schemas = self.model.schemas.values();
        let planned = schemas.filter_map(|schema| match &schema.kind {
            Kind::Object(object)
                if self.model.is_polymorphic(&schema.type_name)
                    && !self.roles.errors.contains(&schema.type_name) =>
            {
                let discriminator = object.discriminator.as_ref()?;
                Some(self.union(schema, discriminator, &mut modules))
            }
            _ => None,
        });
        planned.collect()
    }

    fn union(
        &self,
        schema: &Schema,
        discriminator: &Discriminator,
        modules: &mut Scope,
    ) -> UnionItem {
        let name = schema.type_name.clone();
        // A family within another one shares what the outer one does.
        let outer = self.model.object(&name).and_then(|object| {
            let outer = self.model.polymorphic_base(object)?;
            self.model.schema(outer)
        });
        let family = outer.unwrap_or(schema);
        let base_name = self.base_name(&family.type_name);
        let base = self.structure(&base_name, family, Sharing::Base);
        UnionItem {
            is_inner: outer.is_some(),
            module: modules.claim([names::method_name(&name).as_str()], "_"),
            discriminator: discriminator.property.clone(),
            functions: self.shared_properties(family, &base),
            variants: self.variants(&name, discriminator),
            subtypes: self.subtypes(&name, &base_name),
            base,
            docs: Docs::texts([described(&schema.description, "schema", &schema.name)]),
            deprecated: schema.deprecated,
            origin: schema.origin.clone(),
            name,
        }
    }

    /// The types in the order of their names, each with the first of its tags.
    pub(super) fn variants(&self, union: &str, discriminator: &Discriminator) -> Vec<VariantItem> {
        let mut types: Vec<(&str, &str, &Schema)> = discriminator
            .mapping
            .iter()
            .filter_map(|(tag, target)| {
                let schema = self.model.schema(target)?;
                // No value is of a type that only others extend.
                let is_a_type = !self.model.is_polymorphic(&schema.type_name);
                is_a_type.then_some((schema.type_name.as_str(), tag.as_str(), schema))
            })
            .collect();
        types.sort_by_key(|(type_name, ..)| *type_name);
        types.dedup_by_key(|(type_name, ..)| *type_name);
        let mut names = Scope::default();
        names.take("Other");
        let variants = types
            .into_iter()
            .map(|(type_name, tag, schema)| VariantItem {
                name: names.claim([variant_name(union, type_name).as_str(), type_name], ""),
                type_name: type_name.to_owned(),
                tag: tag.to_owned(),
                docs: Docs::texts([described(&schema.description, "schema", type_name)]),
            });
        variants.collect()
    }

    fn subtypes(&self, union: &str, base: &str) -> Vec<StructItem> {
        let schemas = self.model.schemas.values().filter(|schema| {
            matches!(&schema.kind, Kind::Object(object)
                if self.model.polymorphic_base(object) == Some(union))
                && !self.model.is_polymorphic(&schema.type_name)
        });
        let extends = || Sharing::Extends(base.to_owned());
        schemas
            .map(|schema| self.structure(&schema.type_name, schema, extends()))
            .collect()
    }

    /// Accessors on the enum for every property that its types share.
    fn shared_properties(&self, schema: &Schema, base: &StructItem) -> Vec<FunctionItem> {
        let Some(object) = self.model.object(&schema.type_name) else {
            return Vec::new();
        };
        let properties = self.model.struct_properties(&schema.type_name, object);
        let accessors = properties.into_iter().filter_map(|property| {
            let field = base
                .fields
                .iter()
                .find(|field| field.wire == property.name)?;
            Some(self.shared_property(property, &field.name))
        });
        accessors.collect()
    }

    fn shared_property(&self, property: &Property, field: &str) -> FunctionItem {
        let value = || self.value_type(&property.shape);
        let (returns, access) = match &property.shape {
            Shape::List(item) => (
                self.value_type(item).slice().reference(),
                PropertyAccess::List,
            ),
            Shape::Text if property.key => (
                super::RustType::Known("str").reference().option(),
                PropertyAccess::Key,
            ),
            Shape::Text => (
                super::RustType::Known("str").reference().option(),
                PropertyAccess::Text,
            ),
            Shape::Boolean
            | Shape::Integer32
            | Shape::Integer64
            | Shape::Number
            | Shape::DateTime
            | Shape::Uuid => (value().option(), PropertyAccess::Copy),
            Shape::Named(_) | Shape::Any => {
                (value().reference().option(), PropertyAccess::Reference)
            }
        };
        FunctionItem {
            name: field.to_owned(),
            receiver: Receiver::Reference,
            arguments: Vec::new(),
            returns,
            action: Action::Shared(field.to_owned(), access),
            docs: docs::property(property),
            deprecated: false,
        }
    }
}

/// `UserEvidence` of `AlertEvidence` is `User`.
fn variant_name(union: &str, type_name: &str) -> String {
    use heck::ToSnakeCase as _;
    let snake = union.to_snake_case();
    let last_word = names::type_name(snake.rsplit('_').next().unwrap_or_default());
    match type_name.strip_suffix(&last_word) {
        Some(short)
            if short.starts_with(|c: char| c.is_ascii_uppercase())
                && !matches!(short, "Other" | "Self") =>
        {
            short.to_owned()
        }
        _ => type_name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::variant_name;

    #[test]
    fn variants_drop_the_word_that_all_types_of_a_union_share() {
        assert_eq!(
            variant_name("AlertEvidence", "IoTDeviceEvidence"),
            "IoTDevice"
        );
        assert_eq!(variant_name("AlertEvidence", "Evidence"), "Evidence");
        assert_eq!(
            variant_name("AlertEvidence", "SomethingElse"),
            "SomethingElse"
        );
    }
}
