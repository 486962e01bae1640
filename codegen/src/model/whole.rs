//! Facts about a whole description, collected before a part of it is selected: names do not depend on the selection.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::{Document, Node, Value, unescape};
use crate::names;

use super::wire::METHODS;

/// The names of a whole description, and the uses of its schemas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Whole {
    /// Rust types by component name.
    pub type_names: BTreeMap<String, String>,
    /// Rust methods by path and method in lower case.
    pub method_names: BTreeMap<(String, String), String>,
    /// Components with references other than as the body of a request, by Rust type.
    pub shared: BTreeSet<String>,
    /// Components that are bodies of requests, by Rust type, with the methods that send them in upper case.
    pub bodies: BTreeMap<String, BTreeSet<String>>,
}

impl Whole {
    /// Reads a description before anything is removed from it.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let mut whole = Self {
            type_names: type_names(document),
            method_names: method_names(document),
            ..Self::default()
        };
        let mut walk = Walk::default();
        walk.part(&document.root);
        for name in &walk.shared {
            whole.shared.extend(whole.type_names.get(name).cloned());
        }
        let paths = document.root.get("paths").map(Node::entries);
        for path in paths.unwrap_or_default() {
            for entry in path.node.entries() {
                let is_method = METHODS.contains(&entry.key.as_str());
                let body = is_method.then(|| body_of(document, &entry.node)).flatten();
                let Some(body) = body else {
                    continue;
                };
                // An update of a polymorphic value has a type of its own for each subtype.
                let of_types = (entry.key == "patch").then(|| types_of(document, &body));
                for name in of_types.into_iter().flatten().chain([body]) {
                    if let Some(name) = whole.type_names.get(&name) {
                        let methods = whole.bodies.entry(name.clone()).or_default();
                        methods.insert(entry.key.to_uppercase());
                    }
                }
            }
        }
        whole
    }
}

/// The component of an operation's body.
fn body_of(document: &Document, operation: &Node) -> Option<String> {
    let body = operation.get("requestBody")?;
    let body = match body.get("$ref").and_then(Node::as_str) {
        Some(reference) => document.resolve(reference)?,
        None => body,
    };
    let media = body.get("content")?.entries().iter();
    media
        .filter_map(|media| media.node.get("schema"))
        .find_map(component)
}

/// The components that a discriminator tells apart, unless the one that has the discriminator is among them.
fn types_of(document: &Document, base: &str) -> Vec<String> {
    let schemas = document.root.pointer("/components/schemas");
    let Some(schema) = schemas.and_then(|schemas| schemas.get(base)) else {
        return Vec::new();
    };
    let parts = schema.get("allOf").and_then(Node::as_sequence);
    let mut parts = parts.unwrap_or_default().iter().chain([schema]);
    let discriminator = parts.find_map(|part| part.get("discriminator"));
    let mapping = discriminator.and_then(|discriminator| discriminator.get("mapping"));
    let targets = mapping.map(Node::entries).unwrap_or_default().iter();
    let names = targets.filter_map(|entry| {
        let target = entry.node.as_str()?;
        let name = target.strip_prefix("#/components/schemas/");
        Some(name.map_or_else(|| target.to_owned(), unescape))
    });
    let names: Vec<String> = names.collect();
    match names.iter().any(|name| name == base) {
        true => Vec::new(),
        false => names,
    }
}

/// The component that a schema refers to.
fn component(schema: &Node) -> Option<String> {
    let reference = schema.get("$ref")?.as_str()?;
    reference
        .strip_prefix("#/components/schemas/")
        .map(unescape)
}

/// Collects the components that are used other than as a body.
#[derive(Default)]
struct Walk {
    shared: BTreeSet<String>,
}

impl Walk {
    fn part(&mut self, node: &Node) {
        match &node.value {
            Value::Sequence(items) => items.iter().for_each(|item| self.part(item)),
            Value::Mapping(entries) => {
                for entry in entries {
                    match entry.key.as_str() {
                        "requestBody" | "requestBodies" => self.body(&entry.node),
                        "example" | "examples" | "default" | "enum" => {}
                        "schemas" => {
                            let schemas = entry.node.entries().iter();
                            schemas.for_each(|schema| self.component(&schema.node));
                        }
                        "properties" => self.properties(&entry.node),
                        _ => self.part(&entry.node),
                    }
                }
                self.shared.extend(component(node));
            }
            _ => {}
        }
    }

    /// A property may have the name of a keyword.
    fn properties(&mut self, node: &Node) {
        let properties = node.entries().iter();
        properties.for_each(|property| self.part(&property.node));
    }

    /// A reference to the whole body is not another use; references within it are.
    fn body(&mut self, node: &Node) {
        for entry in node.entries() {
            match (entry.key.as_str(), component(&entry.node)) {
                ("schema", Some(_)) | ("$ref", _) => {}
                ("schema", None) => self.part(&entry.node),
                _ => self.body(&entry.node),
            }
        }
    }

    /// A component that is a schema; a subtype's reference to its base does not use a value of the base.
    fn component(&mut self, node: &Node) {
        for entry in node.entries() {
            match entry.key.as_str() {
                "allOf" => {
                    let parts = entry.node.as_sequence().unwrap_or_default();
                    let own = parts.iter().filter(|part| component(part).is_none());
                    own.for_each(|part| self.component(part));
                    // A lone `allOf: [$ref]` is another name for the type.
                    if let [only] = parts {
                        self.shared.extend(component(only));
                    }
                }
                "example" | "examples" | "default" | "enum" => {}
                "properties" => self.properties(&entry.node),
                _ => self.part(&entry.node),
            }
        }
        self.shared.extend(component(node));
    }
}

/// Returns the Rust types of all named schemas.
fn type_names(document: &Document) -> BTreeMap<String, String> {
    let schemas = document.root.pointer("/components/schemas");
    let entries = schemas.map(Node::entries).unwrap_or_default();
    names::type_names(entries.iter().map(|entry| entry.key.as_str()))
}

/// Returns the Rust methods of all operations, by path and method. If several operations have one id, they are named by
/// method and path instead.
fn method_names(document: &Document) -> BTreeMap<(String, String), String> {
    let paths = document.root.get("paths");
    let paths = paths.map(Node::entries).unwrap_or_default();
    let mut ids: BTreeMap<(String, String), &str> = BTreeMap::new();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths {
        for entry in path.node.entries() {
            let id = entry.node.get("operationId").and_then(Node::as_str);
            if let Some(id) = id.filter(|_| METHODS.contains(&entry.key.as_str())) {
                ids.insert((path.key.clone(), entry.key.clone()), id);
                *uses.entry(id).or_default() += 1;
            }
        }
    }
    let by_place = |(path, method): &(String, String)| format!("{method} {path}");
    let is_shared = |id: &str| uses.get(id).is_some_and(|uses| *uses > 1);
    let places: Vec<String> = ids
        .iter()
        .filter(|(_, id)| is_shared(id))
        .map(|(place, _)| by_place(place))
        .collect();
    let own = ids.values().copied().filter(|id| !is_shared(id));
    let names = names::method_names(own.chain(places.iter().map(String::as_str)));
    let named = ids.iter().filter_map(|(place, id)| {
        let name = names.get(*id).or_else(|| names.get(&by_place(place)))?;
        Some((place.clone(), name.clone()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::parse;

    /// Whether a component that is the body of an operation has other uses, if a part of the description refers to it.
    fn is_shared(path_item: &str, components: &str) -> bool {
        let text = format!(
            r##"
paths:
  /boxes:
    post: {{requestBody: {{content: {{a/b: {{schema: {{$ref: "#/components/schemas/Carton"}}}}}}}}}}
    {path_item}
components:
  schemas:
    Carton: {{type: object}}
    {components}
"##
        );
        Whole::of(&parse("a.yaml", &text).unwrap())
            .shared
            .contains("Carton")
    }

    #[test]
    fn a_body_is_listed_with_the_methods_that_send_it_and_an_update_with_its_types() {
        let text = r##"
paths:
  /cartons:
    post: {requestBody: {content: {a/b: {schema: {$ref: "#/components/schemas/Base"}}}}}
    put: {requestBody: {$ref: "#/components/requestBodies/Lid"}}
    get: {requestBody: {content: {a/b: {}, a/c: {schema: {$ref: "#/components/schemas/Lid"}}}}}
    x-note: {requestBody: {content: {a/b: {schema: {$ref: "#/components/schemas/Lid"}}}}}
  /tins:
    patch: {requestBody: {content: {a/b: {schema: {$ref: "#/components/schemas/Base"}}}}}
  /kinds:
    patch: {requestBody: {content: {a/b: {schema: {$ref: "#/components/schemas/Kind"}}}}}
components:
  requestBodies:
    Lid: {content: {a/b: {schema: {$ref: "#/components/schemas/Lid"}}}}
  schemas:
    Lid: {type: object}
    Base: {allOf: [{type: object, discriminator: {propertyName: a, mapping: {tin: Tin, jar: "#/components/schemas/Jar"}}}]}
    Kind: {type: object, discriminator: {propertyName: a, mapping: {tin: Tin, kind: Kind}}}
    Tin: {type: object}
    Jar: {type: object}
"##;
        let whole = Whole::of(&parse("a.yaml", text).unwrap());
        let sent: Vec<String> = whole
            .bodies
            .iter()
            .map(|(name, methods)| {
                let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
                format!("{name} {}", methods.join(" "))
            })
            .collect();
        let expected = [
            "Base PATCH POST",
            "Jar PATCH",
            "Kind PATCH",
            "Lid GET PUT",
            "Tin PATCH",
        ];
        assert_eq!(sent, expected);
    }

    #[test]
    fn a_component_is_shared_if_anything_but_a_body_refers_to_it() {
        let reference = r##"{$ref: "#/components/schemas/Carton"}"##;
        for (part, expected) in [
            ("parameters: [{name: a, schema: #}]", true),
            (
                "get: {responses: {'200': {content: {a/b: {schema: #}}}}}",
                true,
            ),
            ("put: {requestBody: {content: {a/b: {schema: #}}}}", false),
            (
                "put: {requestBody: {content: {a/b: {schema: {items: #}}}}}",
                true,
            ),
            (
                "put: {requestBody: {content: {a/b: {schema: {anyOf: [#]}}}}}",
                true,
            ),
            (
                "parameters: [{name: a, schema: {properties: {example: #}}}]",
                true,
            ),
            ("get: {example: #}", false),
            ("get: {examples: {a: {value: #}}}", false),
        ] {
            assert_eq!(
                is_shared(&part.replace('#', reference), ""),
                expected,
                "{part}"
            );
        }
        for (part, expected) in [
            ("Tin: {properties: {box: #}}", true),
            ("Tin: {properties: {example: #}}", true),
            (
                "Tin: {properties: {box: {oneOf: [{type: string}, #]}}}",
                true,
            ),
            ("Tin: {items: #}", true),
            ("Tin: #", true),
            ("Tin: {allOf: [#]}", true),
            ("Tin: {allOf: [#, {type: object}]}", false),
            (
                "Tin: {allOf: [{type: object}, {properties: {box: #}}]}",
                true,
            ),
            ("Tin: {default: #}", false),
            ("Tin: {enum: [#]}", false),
        ] {
            assert_eq!(
                is_shared("", &part.replace('#', reference)),
                expected,
                "{part}"
            );
        }
    }
}
