//! Plans bodies of requests: what must not be sent cannot be built, or is refused before it is sent.

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
            .body_properties(schema, object)
            .into_iter()
            .map(|property| (self.body_field(property, form, &mut names), property))
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
        let keeps = "A property that is left out of the request keeps its value.";
        let docs = Docs::texts([
            described(&schema.description, "schema", &schema.name).as_str(),
            if form == BodyForm::Patch { keeps } else { "" },
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

    /// What a caller may write: of an object that the service sends as well, not what only the service sets.
    fn body_properties<'p>(&'p self, schema: &Schema, object: &'p Object) -> Vec<&'p Property> {
        let mut properties = self.model.struct_properties(&schema.type_name, object);
        if !self.roles.only_bodies.contains(&schema.type_name) {
            properties.retain(|property| !property.read_only && !property.key);
        }
        properties
    }

    fn body_field(&self, property: &Property, form: BodyForm, names: &mut Scope) -> BodyField {
        let presence = match (form, &property.constant) {
            (BodyForm::Whole, Some(constant)) => Presence::Constant(constant.clone()),
            (BodyForm::Whole, None) if property.required => Presence::Required,
            (BodyForm::Patch, _) if property.nullable => Presence::Changed,
            _ => Presence::Optional,
        };
        let value = self.value_type(&property.shape);
        let rust_type = match presence {
            Presence::Constant(_) => RustType::Known("&'static str"),
            // A null that has to be sent is a value of its own.
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

    fn checks(
        &self,
        object: &Object,
        form: BodyForm,
        fields: &[(BodyField, &Property)],
    ) -> Vec<BodyCheck> {
        let mut checks = Vec::new();
        if form == BodyForm::Patch && object.minimum_properties.is_some_and(|count| count > 0) {
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
