//! The document outside of the schemas: its paths, operations, parameters, contents and components.

use std::collections::BTreeMap;

use crate::load::{Node, Value};
use crate::model::METHODS;

use super::{Rewriter, child, set};

/// The default dialect of schemas in OpenAPI 3.1; that of 3.2 ends in its own version.
const DIALECT: &str = "https://spec.openapis.org/oas/3.";

/// Maps from free names to parts.
const BY_NAME: [&str; 10] = [
    "responses",
    "headers",
    "content",
    "callbacks",
    "links",
    "examples",
    "encoding",
    "parameters",
    "requestBodies",
    "variables",
];

impl Rewriter {
    pub(super) fn document(&mut self, root: &mut Node) {
        self.leave_out(root, "webhooks", "#", "a client receives no calls");
        root.remove("$self");
        if let Some(dialect) = root.get("jsonSchemaDialect") {
            let is_default = dialect
                .as_str()
                .is_some_and(|dialect| dialect.starts_with(DIALECT));
            match is_default {
                true => drop(root.remove("jsonSchemaDialect")),
                false => {
                    let position = dialect.position;
                    let message =
                        "JSON Schema dialects other than OpenAPI's are not supported".to_owned();
                    self.refuse(
                        position,
                        "#/jsonSchemaDialect",
                        message,
                        "write them in OpenAPI's dialect",
                    );
                }
            }
        }
        if let Some(info) = root.get_mut("info") {
            info.remove("summary");
            if let Some(license) = info.get_mut("license") {
                license.remove("identifier");
            }
        }
        annotations(root, "servers", &["name"]);
        annotations(root, "tags", &["summary", "parent", "kind"]);
        self.inline_path_items(root);
        if let Some(paths) = root.get_mut("paths") {
            self.paths(paths);
        }
        if let Some(components) = root.get_mut("components") {
            self.components(components);
        }
    }

    /// A reference to a path component is replaced by the path: 3.0 has no path components.
    fn inline_path_items(&mut self, root: &mut Node) {
        let components = root
            .get_mut("components")
            .and_then(|components| components.remove("pathItems"));
        let items: BTreeMap<String, Node> = components
            .iter()
            .flat_map(Node::entries)
            .map(|entry| {
                (
                    child("#/components/pathItems", &entry.key),
                    entry.node.clone(),
                )
            })
            .collect();
        let paths = root
            .get_mut("paths")
            .map(Node::entries_mut)
            .unwrap_or_default();
        for path in paths {
            let reference = path.node.get("$ref").and_then(Node::as_str);
            if let Some(item) = reference.and_then(|reference| items.get(reference)) {
                let item = item.clone();
                path.node.remove("$ref");
                let position = path.node.position;
                for entry in item.entries() {
                    if path.node.get(&entry.key).is_none() {
                        set(
                            &mut path.node,
                            &entry.key,
                            entry.node.value.clone(),
                            position,
                        );
                    }
                }
            }
        }
    }

    fn paths(&mut self, paths: &mut Node) {
        for path in paths.entries_mut() {
            let pointer = child("#/paths", &path.key);
            let reason = "methods that OpenAPI 3.0 does not have are not supported";
            self.leave_out(&mut path.node, "query", &pointer, reason);
            self.leave_out(&mut path.node, "additionalOperations", &pointer, reason);
            for entry in path.node.entries_mut() {
                let pointer = child(&pointer, &entry.key);
                if METHODS.contains(&entry.key.as_str())
                    && let Some(responses) = entry.node.get_mut("responses")
                {
                    describe(responses);
                }
                self.part(&mut entry.node, &pointer);
            }
        }
    }

    fn components(&mut self, components: &mut Node) {
        self.leave_out(
            components,
            "mediaTypes",
            "#/components",
            "shared media types are not supported",
        );
        for section in components.entries_mut() {
            let pointer = child("#/components", &section.key);
            match section.key.as_str() {
                "schemas" => {
                    for schema in section.node.entries_mut() {
                        self.schema(&mut schema.node, &child(&pointer, &schema.key));
                    }
                }
                "securitySchemes" => {
                    for scheme in section.node.entries_mut() {
                        scheme.node.remove("oauth2MetadataUrl");
                        scheme.node.remove("deprecated");
                    }
                }
                name => {
                    if name == "responses" {
                        describe(&mut section.node);
                    }
                    for part in section.node.entries_mut() {
                        self.part(&mut part.node, &child(&pointer, &part.key));
                    }
                }
            }
        }
    }

    /// A part that is not a schema.
    fn part(&mut self, node: &mut Node, pointer: &str) {
        if let Value::Sequence(items) = &mut node.value {
            for (index, item) in items.iter_mut().enumerate() {
                self.part(item, &format!("{pointer}/{index}"));
            }
            return;
        }
        self.refuse_parts(node, pointer);
        for entry in node.entries_mut() {
            let inner = child(pointer, &entry.key);
            match (entry.key.as_str(), &mut entry.node.value) {
                ("schema", _) => self.schema(&mut entry.node, &inner),
                ("example" | "value", _) => {}
                (name, Value::Mapping(named)) if BY_NAME.contains(&name) => {
                    for named in named {
                        self.part(&mut named.node, &child(&inner, &named.key));
                    }
                }
                (name, _) if name.starts_with("x-") => {}
                (_, Value::Mapping(_) | Value::Sequence(_)) => self.part(&mut entry.node, &inner),
                _ => {}
            }
        }
        // The forms of an example in 3.2; examples are not read.
        node.remove("dataValue");
        node.remove("serializedValue");
    }

    fn refuse_parts(&mut self, node: &Node, pointer: &str) {
        for (key, what, help) in [
            (
                "itemSchema",
                "a stream of items",
                "describe the whole with `schema`",
            ),
            (
                "itemEncoding",
                "an encoding of items",
                "describe the whole with `schema`",
            ),
            (
                "prefixEncoding",
                "an encoding by position",
                "describe the whole with `schema`",
            ),
        ] {
            if let Some(entry) = node.entry(key) {
                let message = format!("`{key}` ({what}) is not supported");
                self.refuse(entry.key_position, &child(pointer, key), message, help);
            }
        }
        if let Some(location) = node
            .get("in")
            .filter(|location| location.as_str() == Some("querystring"))
        {
            let message = "a parameter that is the whole query string is not supported".to_owned();
            self.refuse(
                location.position,
                &child(pointer, "in"),
                message,
                "describe its parts, `in: query`",
            );
        }
    }
}

/// In 3.2, a response needs no description.
fn describe(responses: &mut Node) {
    for response in responses.entries_mut() {
        let is_bare =
            response.node.get("description").is_none() && response.node.get("$ref").is_none();
        if is_bare && !response.key.starts_with("x-") {
            let position = response.node.position;
            set(
                &mut response.node,
                "description",
                Value::String(String::new()),
                position,
            );
        }
    }
}

/// Removes descriptive keywords from the items of a list.
fn annotations(root: &mut Node, list: &str, keywords: &[&str]) {
    if let Some(Value::Sequence(items)) = root.get_mut(list).map(|list| &mut list.value) {
        for item in items {
            for keyword in keywords {
                item.remove(keyword);
            }
        }
    }
}
