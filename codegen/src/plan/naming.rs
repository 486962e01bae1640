//! Names of types without a schema: shared properties of a union, bodies, requests.

use std::collections::BTreeMap;

use crate::model::{Model, Operation};
use crate::names;

use super::Planner;
use super::item::BodyForm;
use super::roles::Roles;
use super::scope::Scope;

/// The struct that holds the shared properties of a union's types, if that name is free.
#[must_use]
pub fn base_type_name(type_name: &str) -> String {
    format!("{type_name}Base")
}

/// The unique names of types. Schemas come first: each keeps its name in the model.
#[derive(Debug, Clone, Default)]
pub(super) struct TypeNames {
    bases: BTreeMap<String, String>,
    bodies: BTreeMap<(String, BodyForm), String>,
    /// By path and method in lower case.
    requests: BTreeMap<(String, String), String>,
    queries: BTreeMap<String, (String, String)>,
}

impl TypeNames {
    pub(super) fn of(model: &Model, roles: &Roles) -> Self {
        let mut scope = Scope::default();
        // Types of the whole description keep their names, whatever is selected.
        for name in model.schemas.keys().chain(model.whole.type_names.values()) {
            scope.take(name);
        }
        let mut type_names = Self::default();
        for name in model
            .schemas
            .keys()
            .filter(|name| model.is_polymorphic(name))
        {
            let base = base_type_name(name);
            let base = scope.claim([base.as_str(), format!("{name}Shared").as_str()], "");
            type_names.bases.insert(name.clone(), base);
        }
        for (name, forms) in roles.bodies_of_whole(model) {
            for form in &forms {
                let is_alone = roles.only_bodies.contains(&name) && forms.len() == 1;
                let body = match is_alone {
                    true => name.clone(),
                    false => body_name(&name, *form, &mut scope),
                };
                type_names.bodies.insert((name.clone(), *form), body);
            }
        }
        let operations = model.operations.iter();
        let mut methods = model.whole.method_names.clone();
        methods.extend(operations.map(|operation| {
            let place = (operation.path.clone(), operation.method.to_lowercase());
            (place, operation.method_name.clone())
        }));
        for (place, method_name) in methods {
            let name = names::type_name(&method_name);
            let request = scope.claim([name.as_str(), format!("{name}Request").as_str()], "");
            type_names.requests.insert(place, request);
        }
        for name in model.schemas.keys() {
            let asked = model.object(name).is_some_and(|object| {
                let mut properties = model.flattened(object).into_iter();
                properties.any(|property| property.filterable || property.orderable)
            });
            if asked {
                let mut of = |suffix: &str| scope.claim([format!("{name}{suffix}").as_str()], "");
                let names = (of("Property"), of("Filter"));
                type_names.queries.insert(name.clone(), names);
            }
        }
        type_names
    }
}

impl TypeNames {
    /// The enum of an entity's properties.
    pub(super) fn property_type(&self, entity: &str) -> String {
        let names = self.queries.get(entity);
        names.map_or_else(|| format!("{entity}Property"), |(name, _)| name.clone())
    }

    /// The type that has the conditions over an entity's properties.
    pub(super) fn filter_type(&self, entity: &str) -> String {
        let names = self.queries.get(entity);
        names.map_or_else(|| format!("{entity}Filter"), |(_, name)| name.clone())
    }
}

/// The body of an object that also has a type of its own.
fn body_name(name: &str, form: BodyForm, scope: &mut Scope) -> String {
    let suffix = match form {
        BodyForm::Patch => "Update",
        BodyForm::Whole => "Create",
        BodyForm::Replacement => "Replacement",
    };
    let short = format!("{name}{suffix}");
    scope.claim([short.as_str(), format!("{short}Body").as_str()], "")
}

impl Planner<'_> {
    /// The struct that holds the properties that the types of a union share.
    pub(super) fn base_name(&self, union: &str) -> String {
        let name = self.names.bases.get(union);
        name.cloned().unwrap_or_else(|| base_type_name(union))
    }

    /// The type of a body.
    pub(super) fn body_name(&self, schema: &str, form: BodyForm) -> String {
        let name = self.names.bodies.get(&(schema.to_owned(), form));
        name.cloned().unwrap_or_else(|| schema.to_owned())
    }

    /// The type of a request.
    pub(super) fn request_name(&self, operation: &Operation) -> String {
        let place = (operation.path.clone(), operation.method.to_lowercase());
        let name = self.names.requests.get(&place);
        name.cloned()
            .unwrap_or_else(|| names::type_name(&operation.method_name))
    }
}
