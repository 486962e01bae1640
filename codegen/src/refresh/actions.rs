//! Actions and functions that are bound to the types of the fragment.

use std::collections::BTreeSet;

use crate::csdl::schemas::{mapping, text};
use crate::csdl::{ServiceOperation, TypeReference, short_name};
use crate::edit::Edit;
use crate::load::{Node, Value};

use super::fragment::SchemaView;
use super::reach;
use super::shape::ComparedType;
use super::{Comparison, Difference, Refresh, UNWRITTEN, UpstreamPlace};

impl<'a> Refresh<'a> {
    pub(super) fn actions(&self, found: &mut Comparison) {
        let mut told: BTreeSet<String> = BTreeSet::new();
        for operation in &self.metadata.operations {
            let Some(binding) = &operation.binding else {
                continue;
            };
            if let Some((_, node)) = self.known_action(operation, binding) {
                self.action(operation, node, found);
                continue;
            }
            // The fragment does not cover actions of an entity that no operation reads.
            let schema = self.pairs.schema_of.get(&binding.name);
            let path = schema.and_then(|schema| self.path_to(schema, binding.is_collection));
            if let Some(path) = path {
                let difference = self.missing_action(operation, &path);
                if told.insert(difference.subject.clone()) {
                    found.differences.push(difference);
                }
            }
        }
    }

    /// The operation of the fragment that calls an action: its path ends with the action's full name, or with its short
    /// name below the entity that the action is bound to.
    fn known_action(
        &self,
        action: &ServiceOperation,
        binding: &TypeReference,
    ) -> Option<(&'a str, &'a Node)> {
        let method = if action.is_function { "get" } else { "post" };
        let mut operations = reach::operations(self.document).into_iter();
        let found = operations.find(|(path, known, _)| {
            let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
            let last = last.split('(').next().unwrap_or_default();
            let is_short = last == short_name(&action.name) && self.is_bound_at(parent, binding);
            *known == method && (last == action.name || is_short)
        });
        found.map(|(path, _, node)| (path, node))
    }

    /// Whether a path leads to the entity that an action is bound to: by what a read of it returns, or by the
    /// metadata's containers.
    fn is_bound_at(&self, path: &str, binding: &TypeReference) -> bool {
        let read = self.read_at(path);
        let item = read.as_deref().and_then(|read| self.item_of(read)).or(read);
        let is_read = item.is_some_and(|schema| {
            self.pairs
                .type_of
                .get(&schema)
                .is_some_and(|type_| *type_ == binding.name)
        });
        is_read
            || crate::csdl::describe::entity_at(self.metadata, path).as_deref()
                == Some(&binding.name)
    }

    /// The shortest path that reads an entity, or a list of it.
    fn path_to(&self, schema: &str, is_collection: bool) -> Option<String> {
        let operations = reach::operations(self.document).into_iter();
        operations
            .filter(|(_, method, _)| *method == "get")
            .filter(|(_, _, node)| {
                let returned = reach::named_success(self.document, node);
                returned.is_some_and(|returned| match is_collection {
                    true => self.item_of(&returned).as_deref() == Some(schema),
                    false => returned == schema,
                })
            })
            .map(|(path, ..)| path)
            .min_by_key(|path| (path.matches('/').count(), path.len()))
            .map(str::to_owned)
    }

    /// The schema of the items of a page.
    fn item_of(&self, page: &str) -> Option<String> {
        let value = self.views.get(page)?.node.get("properties")?.get("value")?;
        let (shape, _) = ComparedType::of_schema(self.document, value);
        matches!(shape, ComparedType::List(_)).then(|| shape.name().map(str::to_owned))?
    }

    fn missing_action(&self, action: &ServiceOperation, path: &str) -> Difference {
        let method = if action.is_function { "GET" } else { "POST" };
        let parameters: Vec<String> = action
            .parameters
            .iter()
            .map(|parameter| {
                let optional = if parameter.optional { "?" } else { "" };
                format!(
                    "{}{optional}: {}",
                    parameter.name,
                    self.shown(&self.expected_of(&parameter.type_))
                )
            })
            .collect();
        let returns = match &action.returns {
            Some((returns, _)) => format!(" → {}", self.shown(&self.expected_of(returns))),
            None => String::new(),
        };
        Difference {
            kind: "operation-added",
            subject: format!("{method} {}/{}", without_names(path), action.name),
            from: None,
            to: Some(format!("({}){returns}", parameters.join(", "))),
            upstream: self.place(&action.name, action.position),
            pointer: format!("#/paths/{}", crate::load::escape(path)),
            // The metadata has neither permissions nor clouds: a person must add them.
            edits: Vec::new(),
            remark: "add it with its permissions, roles and clouds, or record the decision to leave it out"
                .to_owned(),
        }
    }

    fn action(&self, action: &ServiceOperation, node: &'a Node, found: &mut Comparison) {
        let body = node
            .get("requestBody")
            .and_then(|body| reach::named_content(self.document, body))
            .and_then(|body| self.views.get(&body));
        if let Some(view) = body {
            found.compared.insert(self.short(&view.name));
            self.action_body(action, view, found);
        }
        let returned = reach::named_success(self.document, node);
        if let (Some(returned), Some((upstream, _))) = (returned, &action.returns) {
            self.returns(action, &returned, upstream, found);
        }
    }

    fn action_body(
        &self,
        action: &ServiceOperation,
        view: &SchemaView<'a>,
        found: &mut Comparison,
    ) {
        let short = self.short(&view.name);
        let required: Vec<&str> = view
            .parts
            .iter()
            .filter_map(|(_, part)| part.get("required")?.as_sequence())
            .flatten()
            .filter_map(Node::as_str)
            .collect();
        let own = view.properties();
        for parameter in &action.parameters {
            let subject = format!("{short}.{}", parameter.name);
            let place = self.place(
                &format!("{}/{}", action.name, parameter.name),
                parameter.position,
            );
            let Some((_, pointer, node)) = own.iter().find(|(name, ..)| *name == parameter.name)
            else {
                found
                    .differences
                    .push(self.parameter_added(parameter, subject, place, view));
                continue;
            };
            found.differences.extend(self.retyped(
                &subject,
                &parameter.type_,
                &place,
                pointer,
                node,
            ));
            let (_, nullable) = ComparedType::of_schema(self.document, node);
            if nullable && !parameter.nullable {
                found.differences.push(self.null_refused(
                    subject.clone(),
                    place.clone(),
                    pointer,
                    node,
                ));
            }
            let is_required = required.contains(&parameter.name.as_str());
            // Optional parameters are marked as such; nullable ones need not be sent either.
            if is_required && parameter.optional {
                found
                    .differences
                    .push(optional(view, subject, place, &parameter.name));
            }
        }
        self.parameters_removed(action, view, found);
    }

    /// Reports a parameter that the fragment's body lacks.
    fn parameter_added(
        &self,
        parameter: &crate::csdl::ServiceParameter,
        subject: String,
        upstream: UpstreamPlace,
        view: &SchemaView<'a>,
    ) -> Difference {
        let mut keys = self.schemas.value(&parameter.type_, parameter.position);
        keys.push(("description", text(parameter.position, UNWRITTEN)));
        let parent = view.properties_pointer();
        let edits = parent.map(|parent| Edit::Insert {
            parent,
            key: parameter.name.clone(),
            node: mapping(parameter.position, keys),
            after: None,
        });
        let mut edits: Vec<Edit> = edits.into_iter().collect();
        if !parameter.optional {
            edits.extend(required_edit(view, &parameter.name));
        }
        Difference {
            kind: "property-added",
            subject,
            from: None,
            to: Some(self.shown(&self.expected_of(&parameter.type_))),
            upstream,
            pointer: view.pointer.clone(),
            edits,
            remark: String::new(),
        }
    }

    /// Reports properties of the body that are not parameters of the action.
    fn parameters_removed(
        &self,
        action: &ServiceOperation,
        view: &SchemaView<'a>,
        found: &mut Comparison,
    ) {
        let short = self.short(&view.name);
        for (name, pointer, node) in &view.properties() {
            if !action
                .parameters
                .iter()
                .any(|parameter| parameter.name == *name)
            {
                let (shape, _) = ComparedType::of_schema(self.document, node);
                found.differences.push(Difference {
                    kind: "property-removed",
                    subject: format!("{short}.{name}"),
                    from: Some(self.shown(&shape)),
                    to: None,
                    upstream: self.place(&action.name, action.position),
                    pointer: pointer.clone(),
                    edits: vec![Edit::Remove {
                        pointer: pointer.clone(),
                    }],
                    remark: String::new(),
                });
            }
        }
    }

    fn returns(
        &self,
        action: &ServiceOperation,
        returned: &str,
        upstream: &TypeReference,
        found: &mut Comparison,
    ) {
        let expected = self.expected_of(upstream);
        let is_same = match upstream.is_collection {
            true => self.item_of(returned).as_deref() == expected.name(),
            false => expected.name() == Some(returned),
        };
        let is_defined = self.metadata.types.contains_key(&upstream.name);
        if is_same || !is_defined {
            return;
        }
        found.differences.push(Difference {
            kind: "response-type-changed",
            subject: action.name.clone(),
            from: Some(self.short(returned)),
            to: Some(self.shown(&expected)),
            upstream: self.place(&action.name, action.position),
            pointer: format!("#/components/schemas/{}", crate::load::escape(returned)),
            edits: Vec::new(),
            remark: String::new(),
        });
    }
}

/// Makes a property of a body required.
fn required_edit(view: &SchemaView<'_>, name: &str) -> Option<Edit> {
    let (pointer, part) = view
        .parts
        .iter()
        .find(|(_, part)| part.get("required").is_some())?;
    let at = part.get("required")?.position;
    Some(Edit::InsertItem {
        list: format!("{pointer}/required"),
        node: text(at, name),
        after: None,
    })
}

fn optional(
    view: &SchemaView<'_>,
    subject: String,
    upstream: super::UpstreamPlace,
    name: &str,
) -> Difference {
    let found = view.parts.iter().find_map(|(pointer, part)| {
        let items = part.get("required")?.as_sequence()?;
        let index = items
            .iter()
            .position(|item| matches!(&item.value, Value::String(text) if text == name))?;
        Some(match items.len() {
            1 => format!("{pointer}/required"),
            _ => format!("{pointer}/required/{index}"),
        })
    });
    Difference {
        kind: "property-required-changed",
        subject,
        from: Some("required".to_owned()),
        to: Some("optional".to_owned()),
        upstream,
        pointer: view.pointer.clone(),
        edits: found
            .map(|pointer| Edit::Remove { pointer })
            .into_iter()
            .collect(),
        remark: String::new(),
    }
}

/// A path without the names of its parameters, as in a review.
fn without_names(path: &str) -> String {
    let segments =
        path.split('/').map(
            |segment| match segment.starts_with('{') && segment.ends_with('}') {
                true => "{}",
                false => segment,
            },
        );
    segments.collect::<Vec<_>>().join("/")
}
