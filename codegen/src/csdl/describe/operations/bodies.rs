//! The schemas of bodies and pages, and of failures.

use std::collections::BTreeMap;

use crate::csdl::metadata::{ServiceOperation, TypeProperty, TypeReference};
use crate::csdl::schemas::{
    Schemas, boolean, integer, mapping, named, reference_to, sequence, text,
};
use crate::diagnostic::Position;
use crate::load::Node;

/// The schema of a failure's body.
pub(super) const ERROR: &str = "GraphErrorResponse";

/// The schemas that were needed so far.
pub(super) struct Bodies<'s, 'm> {
    schemas: &'s Schemas<'m>,
    found: BTreeMap<String, Node>,
}

impl<'s, 'm> Bodies<'s, 'm> {
    pub(super) fn new(schemas: &'s Schemas<'m>) -> Self {
        Self {
            schemas,
            found: BTreeMap::new(),
        }
    }

    /// All of them, with the schemas of failures unless there are no operations that could fail.
    pub(super) fn finish(mut self, is_empty: bool) -> Vec<(String, Node)> {
        if !is_empty {
            self.found.extend(errors(super::super::START));
        }
        self.found.into_iter().collect()
    }

    /// A page of a list.
    pub(super) fn page(&mut self, item: &str) -> String {
        let name = format!("{item}Collection");
        let at = super::super::START;
        let items = mapping(at, vec![("$ref", reference_to(at, item))]);
        let value = mapping(at, vec![("type", text(at, "array")), ("items", items)]);
        let link = mapping(
            at,
            vec![
                ("type", text(at, "string")),
                ("nullable", boolean(at, true)),
            ],
        );
        let count = mapping(
            at,
            vec![("type", text(at, "integer")), ("format", text(at, "int64"))],
        );
        let properties = mapping(
            at,
            vec![
                ("value", value),
                ("@odata.nextLink", link),
                ("@odata.count", count),
            ],
        );
        let page = mapping(
            at,
            vec![("type", text(at, "object")), ("properties", properties)],
        );
        self.found.insert(name.clone(), page);
        name
    }

    /// What an update may change: all that neither the service sets nor the creation fixed. Nothing where there is no
    /// such property.
    pub(super) fn update(&mut self, type_: &str) -> Option<String> {
        let metadata = self.schemas.metadata;
        let name = format!("{type_}Update");
        let properties = self.writable(type_, |target| !metadata.is_immutable(target));
        if properties.is_empty() {
            return None;
        }
        let body = closed(super::super::START, properties, Vec::new(), true);
        self.found.insert(name.clone(), body);
        Some(name)
    }

    /// What a new entity may say.
    pub(super) fn create(&mut self, type_: &str) -> String {
        let name = format!("{type_}Create");
        let properties = self.writable(type_, |_| true);
        let has_any = !properties.is_empty();
        let body = closed(super::super::START, properties, Vec::new(), has_any);
        self.found.insert(name.clone(), body);
        name
    }

    fn writable(&self, type_: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, Node)> {
        let metadata = self.schemas.metadata;
        let lineage = metadata.lineage(type_);
        let keys: Vec<&String> = lineage
            .iter()
            .filter_map(|owner| owner.structured())
            .flat_map(|own| &own.key)
            .collect();
        let mut properties: BTreeMap<String, Node> = BTreeMap::new();
        for owner in lineage.iter().rev() {
            for property in owner
                .structured()
                .map(|own| &own.properties)
                .into_iter()
                .flatten()
            {
                let target = format!("{}/{}", owner.name, property.name);
                let is_written = !property.is_navigation
                    && !keys.contains(&&property.name)
                    && !metadata.is_computed(&target)
                    && is_wanted(&target);
                if is_written {
                    properties.insert(property.name.clone(), self.property(&owner.name, property));
                }
            }
        }
        properties.into_iter().collect()
    }

    fn property(&self, owner: &str, property: &TypeProperty) -> Node {
        self.schemas.property(owner, property, false)
    }

    /// The parameters of an action.
    pub(super) fn of_action(&mut self, action: &ServiceOperation) -> String {
        let name = format!("{}Request", action.name);
        let mut properties = Vec::new();
        let mut required = Vec::new();
        for parameter in &action.parameters {
            let at = parameter.position;
            let mut entries = self.schemas.value(&parameter.type_, at);
            // What has to be sent is sent with a value.
            if parameter.optional && parameter.nullable {
                entries.push(("nullable", boolean(at, true)));
            }
            properties.push((parameter.name.clone(), mapping(at, entries)));
            if !parameter.optional {
                required.push(text(at, &parameter.name));
            }
        }
        let body = closed(action.position, properties, required, false);
        self.found.insert(name.clone(), body);
        name
    }

    /// What an action returns that has no schema of its own: `value` with it.
    pub(super) fn value_of(
        &mut self,
        action: &ServiceOperation,
        returns: &TypeReference,
    ) -> String {
        let name = format!("{}Response", action.name);
        let at = action.position;
        let value = mapping(at, self.schemas.value(returns, at));
        let properties = mapping(at, vec![("value", value)]);
        let response = mapping(
            at,
            vec![("type", text(at, "object")), ("properties", properties)],
        );
        self.found.insert(name.clone(), response);
        name
    }
}

/// A body that takes nothing but what it declares.
fn closed(
    at: Position,
    properties: Vec<(String, Node)>,
    required: Vec<Node>,
    refuses_nothing: bool,
) -> Node {
    let mut entries = vec![
        ("type", text(at, "object")),
        ("additionalProperties", boolean(at, false)),
    ];
    if refuses_nothing {
        entries.push(("minProperties", integer(at, 1)));
    }
    if !required.is_empty() {
        entries.push(("required", sequence(at, required)));
    }
    entries.push(("properties", named(at, properties)));
    mapping(at, entries)
}

/// The body of a failure, as every service of OData sends it.
fn errors(at: Position) -> Vec<(String, Node)> {
    let texts = |names: &[&'static str]| -> Vec<(&'static str, Node)> {
        let one = |name: &&'static str| {
            let entries = vec![
                ("type", text(at, "string")),
                ("nullable", boolean(at, true)),
            ];
            (*name, mapping(at, entries))
        };
        names.iter().map(one).collect()
    };
    let object = |properties: Vec<(&str, Node)>| {
        let entries = vec![
            ("type", text(at, "object")),
            ("properties", mapping(at, properties)),
        ];
        mapping(at, entries)
    };
    let one = |name: &str, nullable: bool| {
        let reference = mapping(at, vec![("$ref", reference_to(at, name))]);
        let mut entries = vec![("allOf", sequence(at, vec![reference]))];
        if nullable {
            entries.push(("nullable", boolean(at, true)));
        }
        mapping(at, entries)
    };
    let mut error = texts(&["code", "message", "target"]);
    let detail = mapping(at, vec![("$ref", reference_to(at, "GraphErrorDetail"))]);
    let details = vec![
        ("type", text(at, "array")),
        ("items", detail),
        ("nullable", boolean(at, true)),
    ];
    error.push(("details", mapping(at, details)));
    error.push(("innerError", one("GraphInnerError", true)));
    let mut inner = texts(&["date", "request-id", "client-request-id"]);
    inner.push((
        "@odata.type",
        mapping(at, vec![("type", text(at, "string"))]),
    ));
    vec![
        (
            ERROR.to_owned(),
            object(vec![("error", one("GraphError", false))]),
        ),
        ("GraphError".to_owned(), object(error)),
        (
            "GraphErrorDetail".to_owned(),
            object(texts(&["code", "message", "target"])),
        ),
        ("GraphInnerError".to_owned(), object(inner)),
    ]
}
