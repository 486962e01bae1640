//! The operations of entities: those of every set, and the actions and functions bound to it.

mod bodies;
mod parts;

use std::collections::BTreeSet;

use heck::{ToLowerCamelCase as _, ToUpperCamelCase as _};

use crate::csdl::annotation::Expression;
use crate::csdl::metadata::{Metadata, ServiceOperation, TypeReference, short_name};
use crate::csdl::schemas::{Schemas, mapping, named, reference_to, text};
use crate::load::Node;

use super::path::{self, EntityPath};
use bodies::Bodies;
pub(super) use parts::responses;

/// The actions and functions bound to the entities of the paths, each with the index of its path.
pub(super) fn bound<'m>(
    metadata: &'m Metadata,
    places: &[EntityPath],
) -> Vec<(usize, &'m ServiceOperation)> {
    let mut found = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let lineage = metadata.lineage(&place.type_);
        for operation in &metadata.operations {
            let is_bound = operation.binding.as_ref().is_some_and(|binding| {
                lineage.iter().any(|type_| type_.name == binding.name)
                    && (place.is_set || !binding.is_collection)
            });
            if is_bound {
                found.push((index, operation));
            }
        }
    }
    found
}

struct Describer<'s, 'm> {
    schemas: &'s Schemas<'m>,
    bodies: Bodies<'s, 'm>,
    /// Methods by path.
    paths: Vec<(String, Vec<(String, Node)>)>,
    ids: BTreeSet<String>,
}

/// The paths, and the schemas that only their bodies and pages need.
pub(super) fn describe(
    schemas: &Schemas<'_>,
    places: &[EntityPath],
    actions: &[(usize, &ServiceOperation)],
    left_out: &mut Vec<String>,
) -> (Node, Vec<(String, Node)>) {
    let mut describer = Describer {
        schemas,
        bodies: Bodies::new(schemas),
        paths: Vec::new(),
        ids: BTreeSet::new(),
    };
    for place in places {
        describer.entity(place, left_out);
    }
    for (index, operation) in actions {
        if let Some(place) = places.get(*index) {
            describer.action(place, operation, left_out);
        }
    }
    let at = super::START;
    let mut paths = describer.paths;
    paths.sort_by(|left, right| left.0.cmp(&right.0));
    let paths = paths
        .into_iter()
        .map(|(path, methods)| (path, named(at, methods)));
    let paths = named(at, paths.collect());
    (paths, describer.bodies.finish(places.is_empty()))
}

impl Describer<'_, '_> {
    fn metadata(&self) -> &Metadata {
        self.schemas.metadata
    }

    /// Whether annotations rule out an operation.
    fn is_ruled_out(&self, place: &EntityPath, term: &str, property: &str) -> bool {
        let term = format!("Org.OData.Capabilities.V1.{term}");
        [&place.target, &place.type_].into_iter().any(|target| {
            let value = self.metadata().annotation(target, &term);
            let value = value.map(|value| value.get(property).unwrap_or(value));
            value.and_then(Expression::as_bool) == Some(false)
        })
    }

    fn entity(&mut self, place: &EntityPath, left_out: &mut Vec<String>) {
        let mut item = place.clone();
        if place.is_set {
            self.list_and_create(place, left_out);
            if item.push_key(self.schemas.metadata).is_none() {
                left_out.push(format!("{}: its items have no key", place.path));
                return;
            }
        }
        self.one_entity(place, &item, left_out);
    }

    /// The operations of a set: list, create, count.
    fn list_and_create(&mut self, place: &EntityPath, left_out: &mut Vec<String>) {
        let type_ = short_name(&place.type_).to_upper_camel_case();
        let segment = place.path.rsplit('/').next().unwrap_or_default();
        let plural = segment.to_upper_camel_case();
        let page = self.bodies.page(&place.type_);
        let id = format!("list{plural}");
        self.add(&place.path, "get", &id, place, None, Some(&page), true);
        if self.is_ruled_out(place, "InsertRestrictions", "Insertable") {
            let path = &place.path;
            left_out.push(format!("POST {path}: the service cannot create items here"));
        } else {
            let body = self.bodies.create(&place.type_);
            let (id, of) = (format!("create{type_}"), Some(place.type_.as_str()));
            self.add(&place.path, "post", &id, place, Some(&body), of, false);
        }
        if !self.is_ruled_out(place, "CountRestrictions", "Countable") {
            self.count(place, &plural);
        }
    }

    /// The operations of one entity: read, update, delete.
    fn one_entity(&mut self, place: &EntityPath, item: &EntityPath, left_out: &mut Vec<String>) {
        let type_ = short_name(&place.type_).to_upper_camel_case();
        let of = Some(place.type_.as_str());
        let id = format!("get{type_}");
        self.add(&item.path, "get", &id, item, None, of, false);
        if !self.is_ruled_out(place, "UpdateRestrictions", "Updatable") {
            let id = format!("update{type_}");
            match self.bodies.update(&place.type_) {
                Some(body) => self.add(&item.path, "patch", &id, item, Some(&body), of, false),
                None => left_out.push(format!(
                    "PATCH {}: it has no property that can be changed",
                    item.path
                )),
            }
        }
        if place.is_set && !self.is_ruled_out(place, "DeleteRestrictions", "Deletable") {
            let id = format!("delete{type_}");
            self.add(&item.path, "delete", &id, item, None, None, false);
        }
    }

    fn action(
        &mut self,
        place: &EntityPath,
        action: &ServiceOperation,
        left_out: &mut Vec<String>,
    ) {
        let short = short_name(&action.name);
        let is_of_set = action
            .binding
            .as_ref()
            .is_some_and(|binding| binding.is_collection);
        let mut holder = place.clone();
        if place.is_set && !is_of_set && holder.push_key(self.schemas.metadata).is_none() {
            left_out.push(format!(
                "{}/{}: the type it is bound to has no key",
                holder.path, action.name
            ));
            return;
        }
        let (method, call) = match action.is_function {
            true => match self.call_of(&mut holder, action, left_out) {
                Some(call) => ("get", call),
                None => return,
            },
            false => ("post", action.name.clone()),
        };
        let body = match action.is_function || action.parameters.is_empty() {
            true => None,
            false => Some(self.bodies.of_action(action)),
        };
        let returns = action
            .returns
            .as_ref()
            .map(|(returns, _)| self.returned(action, returns));
        let path = format!("{}/{call}", holder.path);
        self.add(
            &path,
            method,
            short,
            &holder,
            body.as_deref(),
            returns.as_deref(),
            false,
        );
    }

    /// The path of a function: with its parameters in parentheses, each a parameter of the path. Optional ones are left
    /// out.
    fn call_of(
        &self,
        holder: &mut EntityPath,
        function: &ServiceOperation,
        left_out: &mut Vec<String>,
    ) -> Option<String> {
        let what = format!("{}/{}", holder.path, function.name);
        let mut values = Vec::new();
        for parameter in &function.parameters {
            let literal = path::literal(self.schemas.metadata, &parameter.type_);
            match literal {
                _ if parameter.optional => {
                    left_out.push(format!(
                        "{what}: its optional parameter `{}`",
                        parameter.name
                    ));
                }
                Some(literal) => {
                    let description = format!("The `{}` of the function.", parameter.name);
                    let name = holder.push(&parameter.name, description, literal.kind);
                    values.push(format!("{}={}", parameter.name, literal.written(&name)));
                }
                None => {
                    left_out.push(format!(
                        "{what}: a function whose parameter `{}` cannot be part of a path",
                        parameter.name
                    ));
                    return None;
                }
            }
        }
        Some(format!("{}({})", function.name, values.join(",")))
    }

    /// The schema of an action's result.
    fn returned(&mut self, action: &ServiceOperation, returns: &TypeReference) -> String {
        match (self.schemas.names.get(&returns.name), returns.is_collection) {
            (Some(name), false) => name.clone(),
            (Some(_), true) => self.bodies.page(&returns.name),
            (None, _) => self.bodies.value_of(action, returns),
        }
    }

    fn count(&mut self, place: &EntityPath, plural: &str) {
        let at = place.position;
        let number = mapping(
            at,
            vec![("type", text(at, "integer")), ("format", text(at, "int32"))],
        );
        let content = mapping(
            at,
            vec![("text/plain", mapping(at, vec![("schema", number)]))],
        );
        let success = mapping(
            at,
            vec![
                ("description", text(at, "The number of items.")),
                ("content", content),
            ],
        );
        let id = self.id(&format!("count{plural}"), place);
        let parameters = parts::count_parameters(at);
        let operation = parts::operation(at, &id, place, parameters, None, ("200", success));
        self.push(format!("{}/$count", place.path), "get", operation);
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one call for each row of the table of operations"
    )]
    fn add(
        &mut self,
        path: &str,
        method: &str,
        id: &str,
        place: &EntityPath,
        body: Option<&str>,
        returned: Option<&str>,
        is_list: bool,
    ) {
        let at = place.position;
        let id = self.id(id, place);
        let status = match (method, returned) {
            (_, None) => "204",
            ("post", Some(_)) if !path.contains('.') => "201",
            _ => "200",
        };
        let mut success = vec![("description", text(at, "The request succeeded."))];
        if let Some(returned) = returned {
            success.push(("content", parts::json(at, reference_to(at, returned))));
        }
        let parameters = match (method, is_list, path.contains('.')) {
            ("get", true, _) => parts::list_parameters(at),
            ("get", false, false) => parts::select_parameter(at),
            _ => Vec::new(),
        };
        let success = mapping(at, success);
        let operation = parts::operation(at, &id, place, parameters, body, (status, success));
        self.push(path.to_owned(), method, operation);
    }

    fn push(&mut self, path: String, method: &str, operation: Node) {
        match self.paths.iter_mut().find(|(known, _)| *known == path) {
            Some((_, methods)) => methods.push((method.to_owned(), operation)),
            None => self
                .paths
                .push((path, vec![(method.to_owned(), operation)])),
        }
    }

    /// A unique id: extended by the path if two would be the same.
    fn id(&mut self, wanted: &str, place: &EntityPath) -> String {
        let mut id = wanted.to_owned();
        if self.ids.contains(&id) {
            let way = place.path.replace(['/', '{', '}'], " ");
            id = format!(
                "{wanted}Of{}",
                way.to_lower_camel_case().to_upper_camel_case()
            );
        }
        while !self.ids.insert(id.clone()) {
            id.push('2');
        }
        id
    }
}
