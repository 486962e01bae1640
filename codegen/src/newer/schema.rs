//! Converts one schema of OpenAPI 3.1 or 3.2 to 3.0.

use crate::load::{Node, Position, Value};

use super::bounds::exclusive;
use super::{Rewriter, child, set};

/// Keywords of JSON Schema that 3.0 cannot express; the lint covers those that every version has.
const REFUSED: [&str; 13] = [
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "dependentRequired",
    "dependentSchemas",
    "prefixItems",
    "contains",
    "if",
    "then",
    "else",
    "$dynamicRef",
    "contentSchema",
];

/// Keywords that do not constrain a value.
const DROPPED: [&str; 8] = [
    "$comment",
    "$schema",
    "$id",
    "$anchor",
    "$dynamicAnchor",
    "$vocabulary",
    "minContains",
    "maxContains",
];

/// Keywords that may stand beside `$ref` in every version.
const BESIDE_REFERENCE: [&str; 3] = ["description", "summary", "deprecated"];

impl Rewriter {
    pub(super) fn schema(&mut self, node: &mut Node, pointer: &str) {
        match node.value {
            // `true` allows everything, like a schema without keywords.
            Value::Bool(true) => node.value = Value::Mapping(Vec::new()),
            Value::Bool(false) => {
                let message = "`false`, a schema that allows nothing, is not supported".to_owned();
                self.refuse(node.position, pointer, message, "leave the property out");
            }
            Value::Mapping(_) => self.keywords(node, pointer),
            _ => {}
        }
    }

    fn keywords(&mut self, node: &mut Node, pointer: &str) {
        for keyword in DROPPED {
            node.remove(keyword);
        }
        for keyword in REFUSED {
            if let Some(entry) = node.entry(keyword) {
                let position = entry.key_position;
                let message = format!("OpenAPI 3.0 has no equivalent of `{keyword}`");
                self.refuse(
                    position,
                    &child(pointer, keyword),
                    message,
                    "use keywords of OpenAPI 3.0",
                );
            }
        }
        self.inner(node, pointer);
        self.siblings_of_reference(node);
        if let Some(position) = node.get("nullable").map(|nullable| nullable.position) {
            let reason = "`nullable` does not exist in this version; it is read as in 3.0";
            self.guess(position, pointer, "`nullable`", reason);
        }
        self.types(node, pointer);
        self.constant(node, pointer);
        self.members(node);
        self.alternatives(node);
        example(node);
        exclusive(node, "exclusiveMinimum", "minimum", |new, old| new >= old);
        exclusive(node, "exclusiveMaximum", "maximum", |new, old| new <= old);
        self.content(node, pointer);
        self.default_mapping(node, pointer);
    }

    fn inner(&mut self, node: &mut Node, pointer: &str) {
        for entry in node.entries_mut() {
            let inner = child(pointer, &entry.key);
            match (entry.key.as_str(), &mut entry.node.value) {
                ("properties" | "$defs", Value::Mapping(properties)) => {
                    for property in properties {
                        self.schema(&mut property.node, &child(&inner, &property.key));
                    }
                }
                ("allOf" | "anyOf" | "oneOf", Value::Sequence(parts)) => {
                    for (index, part) in parts.iter_mut().enumerate() {
                        self.schema(part, &format!("{inner}/{index}"));
                    }
                }
                ("additionalProperties", Value::Bool(_)) => {}
                ("items" | "not" | "additionalProperties", _) => {
                    self.schema(&mut entry.node, &inner)
                }
                _ => {}
            }
        }
    }

    /// Keywords beside a reference apply together with it; 3.0 writes that as `allOf`.
    fn siblings_of_reference(&mut self, node: &mut Node) {
        let is_allowed =
            |key: &str| key == "$ref" || BESIDE_REFERENCE.contains(&key) || key.starts_with("x-");
        if node.get("$ref").is_none() || node.entries().iter().all(|entry| is_allowed(&entry.key)) {
            return;
        }
        let position = node.position;
        if let (Some(reference), Value::Mapping(entries)) = (node.remove("$ref"), &mut node.value) {
            let mut part = Node {
                position,
                value: Value::Mapping(Vec::new()),
            };
            set(&mut part, "$ref", reference.value, position);
            match entries
                .iter_mut()
                .find(|entry| entry.key == "allOf")
                .map(|entry| &mut entry.node.value)
            {
                Some(Value::Sequence(parts)) => parts.insert(0, part),
                _ => set(node, "allOf", Value::Sequence(vec![part]), position),
            }
        }
    }

    /// `type: [string, "null"]` is a nullable string.
    fn types(&mut self, node: &mut Node, pointer: &str) {
        let Some(types) = node.get("type") else {
            return;
        };
        let position = types.position;
        let mut names: Vec<String> = match &types.value {
            Value::Sequence(items) => {
                let others = items.iter().filter(|item| item.as_str().is_none());
                for other in others {
                    let message = format!("a type must be a string, but is {}", other.kind());
                    let help = "write the names of types";
                    self.refuse(other.position, &child(pointer, "type"), message, help);
                }
                let names = items.iter().filter_map(Node::as_str);
                names.map(str::to_owned).collect()
            }
            Value::String(name) => vec![name.clone()],
            _ => return,
        };
        let before = names.len();
        names.retain(|name| name != "null");
        let nullable = names.len() < before;
        names.dedup();
        if nullable {
            set(node, "nullable", Value::Bool(true), position);
        }
        match &names[..] {
            // Only null: 3.0 writes it as a nullable object.
            [] if nullable => set(node, "type", Value::String("object".to_owned()), position),
            [name] => set(node, "type", Value::String(name.clone()), position),
            // An integer is a number.
            [one, other]
                if [one.as_str(), other]
                    .iter()
                    .all(|name| ["integer", "number"].contains(name)) =>
            {
                set(node, "type", Value::String("number".to_owned()), position);
            }
            [] => {}
            _ => {
                let message = format!(
                    "a value of several types ({}) is not supported",
                    names.join(", ")
                );
                self.refuse(
                    position,
                    &child(pointer, "type"),
                    message,
                    "keep one type, and `null` if needed",
                );
            }
        }
    }

    fn constant(&mut self, node: &mut Node, pointer: &str) {
        let Some(constant) = node.get("const") else {
            return;
        };
        let (position, value) = (constant.position, constant.value.clone());
        match value {
            Value::Mapping(_) | Value::Sequence(_) | Value::Null => {
                let message =
                    "a `const` that is not a string, number or boolean is not supported".to_owned();
                self.refuse(
                    position,
                    &child(pointer, "const"),
                    message,
                    "describe its type instead",
                );
            }
            value => {
                let name = match &value {
                    Value::String(_) => Some("string"),
                    Value::Bool(_) => Some("boolean"),
                    _ => None,
                };
                if let (None, Some(name)) = (node.get("type"), name) {
                    set(node, "type", Value::String(name.to_owned()), position);
                }
                node.remove("const");
                // Nothing checks a constant that is not a string: an enumeration is a set of strings.
                if name != Some("string") {
                    let reason = "the value is not checked: only a string can be constant";
                    self.guess(position, pointer, "`const`", reason);
                } else {
                    set(
                        node,
                        "enum",
                        Value::Sequence(vec![Node { position, value }]),
                        position,
                    );
                }
            }
        }
    }

    /// A member `null` makes an enumeration nullable.
    fn members(&mut self, node: &mut Node) {
        let Some(Value::Sequence(members)) = node.get_mut("enum").map(|members| &mut members.value)
        else {
            return;
        };
        let before = members.len();
        members.retain(|member| member.value != Value::Null);
        if members.len() < before {
            let position = node.position;
            set(node, "nullable", Value::Bool(true), position);
        }
    }

    /// `anyOf: [X, {type: "null"}]` is a nullable X.
    fn alternatives(&mut self, node: &mut Node) {
        for keyword in ["anyOf", "oneOf"] {
            let Some(Value::Sequence(parts)) = node.get_mut(keyword).map(|parts| &mut parts.value)
            else {
                continue;
            };
            let before = parts.len();
            let position = parts
                .iter()
                .find(|part| is_null(part))
                .map(|part| part.position);
            parts.retain(|part| !is_null(part));
            let (Some(position), left) = (position, parts.len()) else {
                continue;
            };
            if left == before || left == 0 {
                continue;
            }
            self.nullable_alternatives(node, keyword, position);
        }
    }

    fn nullable_alternatives(&mut self, node: &mut Node, keyword: &str, position: Position) {
        let only = match node.get(keyword).and_then(Node::as_sequence) {
            Some([only]) => Some(only.clone()),
            _ => None,
        };
        match only {
            // The form of a nullable reference in 3.0.
            Some(reference) if reference.get("$ref").is_some() => {
                let mut null = Node {
                    position,
                    value: Value::Mapping(Vec::new()),
                };
                set(
                    &mut null,
                    "type",
                    Value::String("object".to_owned()),
                    position,
                );
                set(&mut null, "nullable", Value::Bool(true), position);
                node.remove(keyword);
                set(
                    node,
                    "anyOf",
                    Value::Sequence(vec![reference, null]),
                    position,
                );
            }
            Some(inline)
                if inline
                    .entries()
                    .iter()
                    .all(|entry| node.get(&entry.key).is_none()) =>
            {
                node.remove(keyword);
                for entry in inline.entries() {
                    set(
                        node,
                        &entry.key,
                        entry.node.value.clone(),
                        entry.node.position,
                    );
                }
                set(node, "nullable", Value::Bool(true), position);
            }
            _ => set(node, "nullable", Value::Bool(true), position),
        }
    }

    /// 3.0 has formats for encoded contents.
    fn content(&mut self, node: &mut Node, pointer: &str) {
        let encoding = node.remove("contentEncoding");
        let media_type = node.remove("contentMediaType");
        for (keyword, found) in [
            ("contentEncoding", &encoding),
            ("contentMediaType", &media_type),
        ] {
            if let Some(found) = found.as_ref().filter(|found| found.as_str().is_none()) {
                let message = format!("`{keyword}` must be a string, but is {}", found.kind());
                let help = "quote it";
                self.refuse(found.position, &child(pointer, keyword), message, help);
            }
        }
        let format = match encoding.as_ref().and_then(Node::as_str) {
            Some("base64") => Some("byte"),
            Some("base64url") => Some("base64url"),
            Some("binary") => Some("binary"),
            Some(_) => None,
            None if media_type.is_some() && node.get("type").is_none() => Some("binary"),
            None => return,
        };
        let Some(position) = encoding.or(media_type).map(|keyword| keyword.position) else {
            return;
        };
        if node.get("type").is_none() {
            set(node, "type", Value::String("string".to_owned()), position);
        }
        match format {
            Some(format) => set(node, "format", Value::String(format.to_owned()), position),
            None => self.guess(
                position,
                pointer,
                "`contentEncoding`",
                "the string is passed on in its encoded form",
            ),
        }
    }

    fn default_mapping(&mut self, node: &mut Node, pointer: &str) {
        if let Some(discriminator) = node.get_mut("discriminator") {
            let pointer = child(pointer, "discriminator");
            self.leave_out(
                discriminator,
                "defaultMapping",
                &pointer,
                "a value without its tag is kept unchanged",
            );
        }
    }
}

fn is_null(part: &Node) -> bool {
    // `type: "null"` was rewritten before its parent.
    let is_object = part.get("type").and_then(Node::as_str) == Some("object");
    let is_nullable = part.get("nullable").and_then(Node::as_bool) == Some(true);
    is_object && is_nullable && part.entries().len() == 2
}

/// 3.0 has one example.
fn example(node: &mut Node) {
    if let Some(examples) = node.remove("examples")
        && node.get("example").is_none()
        && let Some(first) = examples.as_sequence().and_then(<[Node]>::first)
    {
        set(node, "example", first.value.clone(), first.position);
    }
}
