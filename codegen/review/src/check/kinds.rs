//! Every keyword has a value of the right kind.

use graph_client_codegen::load::{Node, Value, escape};

use super::super::walk::Keys;
use super::Check;

/// The kind of value that a keyword must have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Text,
    Flag,
    Number,
    Mapping,
    List,
    Texts,
    Mappings,
    /// A schema: a mapping, or from 3.1 on a boolean.
    Schema,
    Schemas,
    /// The name of a type, or a list of names.
    Types,
    /// A numeric bound: a number, or a boolean up to 3.0.
    Exclusive,
}

/// The kind that each keyword of the specification requires at any location. Keywords whose kind depends on the
/// location are checked there.
const WANTED: [(&str, Wanted); 64] = [
    ("info", Wanted::Mapping),
    ("paths", Wanted::Mapping),
    ("webhooks", Wanted::Mapping),
    ("components", Wanted::Mapping),
    ("servers", Wanted::Mappings),
    ("security", Wanted::Mappings),
    ("tags", Wanted::List),
    ("summary", Wanted::Text),
    ("description", Wanted::Text),
    ("operationId", Wanted::Text),
    ("requestBody", Wanted::Mapping),
    ("deprecated", Wanted::Flag),
    ("content", Wanted::Mapping),
    ("schema", Wanted::Schema),
    ("itemSchema", Wanted::Schema),
    ("headers", Wanted::Mapping),
    ("links", Wanted::Mapping),
    ("callbacks", Wanted::Mapping),
    ("encoding", Wanted::Mapping),
    ("contentType", Wanted::Text),
    ("style", Wanted::Text),
    ("explode", Wanted::Flag),
    ("allowReserved", Wanted::Flag),
    ("allowEmptyValue", Wanted::Flag),
    ("schemas", Wanted::Mapping),
    ("requestBodies", Wanted::Mapping),
    ("securitySchemes", Wanted::Mapping),
    ("pathItems", Wanted::Mapping),
    ("flows", Wanted::Mapping),
    ("scopes", Wanted::Mapping),
    ("bearerFormat", Wanted::Text),
    ("type", Wanted::Types),
    ("format", Wanted::Text),
    ("nullable", Wanted::Flag),
    ("readOnly", Wanted::Flag),
    ("writeOnly", Wanted::Flag),
    ("properties", Wanted::Mapping),
    ("patternProperties", Wanted::Mapping),
    ("additionalProperties", Wanted::Schema),
    ("unevaluatedProperties", Wanted::Schema),
    ("propertyNames", Wanted::Schema),
    ("items", Wanted::Schema),
    ("prefixItems", Wanted::Schemas),
    ("contains", Wanted::Schema),
    ("not", Wanted::Schema),
    ("if", Wanted::Schema),
    ("then", Wanted::Schema),
    ("else", Wanted::Schema),
    ("allOf", Wanted::Schemas),
    ("oneOf", Wanted::Schemas),
    ("anyOf", Wanted::Schemas),
    ("enum", Wanted::List),
    ("discriminator", Wanted::Mapping),
    ("mapping", Wanted::Mapping),
    ("propertyName", Wanted::Text),
    ("pattern", Wanted::Text),
    ("minimum", Wanted::Number),
    ("maximum", Wanted::Number),
    ("exclusiveMinimum", Wanted::Exclusive),
    ("exclusiveMaximum", Wanted::Exclusive),
    ("multipleOf", Wanted::Number),
    ("maxLength", Wanted::Number),
    ("minLength", Wanted::Number),
    ("uniqueItems", Wanted::Flag),
];

const SIZES: [&str; 5] = [
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
];

/// The names of types.
const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// Maps whose values are mappings, whatever their names are.
const MAPS_OF_MAPPINGS: [&str; 15] = [
    "paths",
    "webhooks",
    "responses",
    "content",
    "headers",
    "links",
    "callbacks",
    "encoding",
    "parameters",
    "requestBodies",
    "securitySchemes",
    "pathItems",
    "variables",
    "mediaTypes",
    "additionalOperations",
];

/// Maps whose values are schemas.
const MAPS_OF_SCHEMAS: [&str; 5] = [
    "properties",
    "patternProperties",
    "schemas",
    "$defs",
    "dependentSchemas",
];

impl<'a> Check<'a> {
    /// Checks every node that is not data. `key` is the key of the node.
    pub(super) fn kinds(&mut self, node: &'a Node, keys: Keys, key: &str, pointer: &mut String) {
        if keys == Keys::Data {
            return;
        }
        let length = pointer.len();
        match &node.value {
            Value::Mapping(entries) => {
                for entry in entries {
                    pointer.push('/');
                    pointer.push_str(&escape(&entry.key));
                    match keys {
                        Keys::Keywords => {
                            self.keyword(&entry.key, &entry.node, key, pointer);
                            self.parts_are_whole(&entry.key, &entry.node, pointer);
                        }
                        _ => self.named(key, &entry.key, &entry.node, pointer),
                    }
                    let below = match (keys, key) {
                        // The type of a security scheme is not the type of a schema.
                        (Keys::Names, "securitySchemes") => "securitySchemes",
                        _ => entry.key.as_str(),
                    };
                    self.kinds(&entry.node, keys.below(&entry.key), below, pointer);
                    pointer.truncate(length);
                }
            }
            Value::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                    self.kinds(item, keys.of_items(key), "", pointer);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn keyword(&mut self, key: &str, node: &'a Node, parent: &str, pointer: &str) {
        let wanted = match (key, parent) {
            ("type", "securitySchemes") => Some(Wanted::Text),
            // The top-level keys of another file are names of its own choice.
            ("parameters" | "responses", _) if pointer.contains('\u{1}') => None,
            ("parameters", _) => {
                match pointer.starts_with("#/components/parameters") || parent == "components" {
                    true => Some(Wanted::Mapping),
                    false => (!pointer.contains("/links/")).then_some(Wanted::Mappings),
                }
            }
            ("required", _) => match node.value {
                Value::Bool(_) => None,
                _ => Some(Wanted::Texts),
            },
            ("responses", _) => Some(Wanted::Mapping),
            (key, _) if SIZES.contains(&key) => Some(Wanted::Number),
            // The values that a link passes on are data.
            ("requestBody", _) if pointer.contains("/links/") => None,
            (key, _) => WANTED
                .iter()
                .find(|(known, _)| *known == key)
                .map(|(_, wanted)| *wanted),
        };
        if let Some(wanted) = wanted {
            self.want(wanted, key, node, pointer);
        }
    }

    /// A value of a map of names.
    fn named(&mut self, map: &str, name: &str, node: &'a Node, pointer: &str) {
        if name.starts_with("x-") && map != "properties" && map != "headers" {
            return;
        }
        if MAPS_OF_SCHEMAS.contains(&map) {
            self.want(Wanted::Schema, name, node, pointer);
        } else if MAPS_OF_MAPPINGS.contains(&map)
            && !(map == "parameters" && pointer.contains("/links/"))
        {
            self.want(Wanted::Mapping, name, node, pointer);
        }
    }

    fn want(&mut self, wanted: Wanted, key: &str, node: &'a Node, pointer: &str) {
        let all = |test: &dyn Fn(&Node) -> bool| {
            node.as_sequence()
                .is_some_and(|items| items.iter().all(test))
        };
        let is_text = |node: &Node| node.as_str().is_some();
        let is_mapping = |node: &Node| node.as_mapping().is_some();
        let is_schema = |node: &Node| is_mapping(node) || node.as_bool().is_some();
        let is_type = |node: &Node| node.as_str().is_some_and(|text| TYPES.contains(&text));
        let is_number = matches!(node.value, Value::Number(_));
        let (is_right, wish) = match wanted {
            Wanted::Text => (is_text(node) || node.value == Value::Null, "a string"),
            Wanted::Flag => (node.as_bool().is_some(), "`true` or `false`"),
            Wanted::Number => (is_number, "a number"),
            Wanted::Exclusive => (
                is_number || node.as_bool().is_some(),
                "a number, or `true` or `false`",
            ),
            Wanted::Mapping => (is_mapping(node), "a mapping"),
            Wanted::List => (node.as_sequence().is_some(), "a list"),
            Wanted::Texts => (all(&is_text), "a list of strings"),
            Wanted::Mappings => (all(&is_mapping), "a list of mappings"),
            Wanted::Schema => (is_schema(node), "a schema, which is a mapping"),
            Wanted::Schemas => (all(&is_schema), "a list of schemas"),
            Wanted::Types => (is_type(node) || all(&is_type), "the name of a type"),
        };
        if !is_right {
            let found = match node.as_str() {
                Some(text) => format!("`{text}`"),
                None => node.kind().to_owned(),
            };
            let message = format!("`{key}` must be {wish}, but is {found}");
            let help = match wanted {
                Wanted::Types => {
                    "write one of string, number, integer, boolean, array and object".to_owned()
                }
                Wanted::Mapping | Wanted::Schema => "write keys and values".to_owned(),
                _ => format!("write {wish} there"),
            };
            self.report("unexpected-type", node, pointer, message, &help);
        }
    }
}
