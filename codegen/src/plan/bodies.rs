//! Plans request bodies: content that must not be sent cannot be built, or is refused before it is sent.

use crate::model::{Object, Property, Schema, Shape};

use super::Planner;
use super::body_functions::Draft;
use super::docs::{self, Docs, described};
use super::item::{BodyCheck, BodyField, BodyForm, BodyItem, FieldItem, Presence};
use super::rust_type::RustType;
use super::scope::Scope;

impl Planner<'_> {
    pub(super) fn bodies(&self) -> Vec<BodyItem> {
        let mut planned = Vec::new();
        for (name, forms) in &self.roles.bodies {
            let (Some(schema), Some(object)) = (self.model.schema(name), self.model.object(name))
            else {
                continue;
            };
            for form in forms {
                planned.push(self.body(schema, object, *form));
            }
        }
        planned.sort_by(|left: &BodyItem, right| left.name.cmp(&right.name));
        planned
    }

    fn body(&self, schema: &Schema, object: &Object, form: BodyForm) -> BodyItem {
        let mut names = Scope::default();
        let mut fields: Vec<(BodyField, &Property)> = self
            .body_properties(schema, object, form)
            .into_iter()
            .map(|property| {
                (
                    self.body_field(schema, property, form, &mut names),
                    property,
                )
            })
            .collect();
        fields.sort_by(|left, right| left.0.field.name.cmp(&right.0.field.name));
        let guarded = fields
            .iter()
            .any(|(_, property)| self.is_guarded(&property.shape));
        let checks = self.checks(object, form, &fields);
        let functions = Draft {
            planner: self,
            form,
            fields: &fields,
            guarded,
        }
        .functions(names);
        let docs = Docs::texts([
            described(&schema.description, "schema", &schema.name).as_str(),
            match form {
                BodyForm::Patch => "A property that is left out of the request keeps its value.",
                BodyForm::Whole => "",
                BodyForm::Replacement => {
                    "It replaces the whole value: a property that is left out of the request loses its value, or gets \
                     the service's default."
                }
            },
        ]);
        BodyItem {
            name: self.body_name(&schema.type_name, form),
            schema: schema.name.clone(),
            form,
            guarded,
            minimum: object.minimum_properties.unwrap_or_default(),
            functions,
            checks,
            docs,
            deprecated: schema.deprecated,
            origin: schema.origin.clone(),
            fields: fields.into_iter().map(|(field, _)| field).collect(),
        }
    }

    /// The properties that a caller may write: if the service also sends the object, without those that only the
    /// service sets.
    fn body_properties<'p>(
        &'p self,
        schema: &Schema,
        object: &'p Object,
        form: BodyForm,
    ) -> Vec<&'p Property> {
        let mut properties = self.model.all_properties(object);
        if self.is_sent_too(schema) {
            properties.retain(|property| !property.read_only && !property.key);
        }
        if form == BodyForm::Patch {
            // Navigation targets are changed at their own path.
            let is_shared = self.is_sent_too(schema);
            properties.retain(|property| !(property.immutable || is_shared && property.navigation));
        }
        properties
    }

    /// Whether the service also sends values of a body's schema.
    fn is_sent_too(&self, schema: &Schema) -> bool {
        !self.roles.only_bodies.contains(&schema.type_name)
    }

    fn body_field(
        &self,
        schema: &Schema,
        property: &Property,
        form: BodyForm,
        names: &mut Scope,
    ) -> BodyField {
        // The type of an object follows from its location; a service that needs it to be named has a constant.
        let is_annotation = property.name.starts_with("@odata.");
        let is_demanded = property.required && !is_annotation;
        let presence = match (form, &property.constant) {
            (BodyForm::Whole | BodyForm::Replacement, Some(constant)) => {
                Presence::Constant(constant.clone())
            }
            (BodyForm::Whole | BodyForm::Replacement, None) if is_demanded => Presence::Required,
            (BodyForm::Patch, _) if self.can_be_cleared(schema, property) => Presence::Changed,
            _ => Presence::Optional,
        };
        let value = self.value_type(&property.shape);
        let rust_type = match presence {
            Presence::Constant(_) => RustType::Known("&'static str"),
            // A required null is a value of its own.
            Presence::Required if property.nullable => value.option(),
            Presence::Required => value,
            Presence::Changed => value.change(),
            Presence::Optional => value.option(),
        };
        let field = FieldItem {
            name: names.claim([property.field_name.as_str()], "_"),
            wire: property.name.clone(),
            rust_type,
            nullable: property.nullable,
            docs: docs::property(property),
            origin: property.origin.clone(),
        };
        BodyField { field, presence }
    }

    /// Whether null can be sent. If the service also sends values of the schema, a reference does not say in
    /// Microsoft's text whether it is nullable, and null is the only way to clear it.
    fn can_be_cleared(&self, schema: &Schema, property: &Property) -> bool {
        let is_reference = matches!(property.shape, Shape::Named(_));
        let may_be_null = property.nullable || (is_reference && self.is_sent_too(schema));
        property.clearable.unwrap_or(may_be_null)
    }

    fn checks(
        &self,
        object: &Object,
        form: BodyForm,
        fields: &[(BodyField, &Property)],
    ) -> Vec<BodyCheck> {
        let mut checks = Vec::new();
        if form == BodyForm::Patch {
            checks.push(BodyCheck::ChangesSomething);
        }
        for (field, property) in fields {
            let name = &field.field.name;
            if self.is_guarded(&property.shape) {
                checks.push(BodyCheck::Guarded(name.clone()));
            }
            if let Some(maximum) = property.maximum_length
                && property.shape == Shape::Text
                && !matches!(field.presence, Presence::Constant(_))
            {
                checks.push(BodyCheck::Characters(name.clone(), maximum));
            }
            if property.filled
                && property.shape == Shape::Text
                && !matches!(field.presence, Presence::Constant(_))
            {
                checks.push(BodyCheck::Filled(name.clone()));
            }
            if let Some(minimum) = property.minimum_items
                && matches!(property.shape, Shape::List(_))
            {
                checks.push(BodyCheck::Items(name.clone(), minimum));
            }
        }
        let named = |(wire, members): &(String, Vec<String>)| {
            let field = fields.iter().find(|(field, _)| field.field.wire == *wire);
            field.map(|(field, _)| (field.field.name.clone(), members.clone()))
        };
        checks.extend(object.conflicts.iter().filter_map(|conflict| {
            let sides: Option<Vec<_>> = conflict.iter().map(named).collect();
            sides.map(BodyCheck::Conflict)
        }));
        checks
    }
}
