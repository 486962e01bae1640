//! Facts that a description does not contain: which writes can be repeated, and what a request may write.

use crate::diagnostic::{Position, Problems};
use crate::load::{Document, Entry, Node, Value, escape};
use crate::model::METHODS;
use crate::select::{Wanted, near, refusal};

/// Facts that the user adds to a description. A mark that matches nothing is an error.
///
/// # Examples
///
/// ```
/// use graph_client_codegen::marks::Marks;
///
/// let marks = Marks::default()
///     .read_only("user.mail")
///     .repeatable("PATCH /users/{user-id}");
/// assert_eq!(marks.read_only.len(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Marks {
    /// Properties that only the service sets, as `type.property`: no request has them.
    pub read_only: Vec<Wanted>,
    /// Properties that are set when their object is created, and never later: no update has them.
    pub immutable: Vec<Wanted>,
    /// Properties that are required to create an object: arguments of `new`.
    pub required: Vec<Wanted>,
    /// Writes that have no further effect the second time, by id or as `METHOD /path`: they are repeated after a
    /// failure that leaves their outcome unknown.
    pub repeatable: Vec<Wanted>,
}

impl Marks {
    /// Adds a property that only the service sets.
    #[must_use]
    pub fn read_only(mut self, property: impl Into<Wanted>) -> Self {
        self.read_only.push(property.into());
        self
    }

    /// Adds a property that is set when its object is created, and never later.
    #[must_use]
    pub fn immutable(mut self, property: impl Into<Wanted>) -> Self {
        self.immutable.push(property.into());
        self
    }

    /// Adds a property that is required to create an object.
    #[must_use]
    pub fn required(mut self, property: impl Into<Wanted>) -> Self {
        self.required.push(property.into());
        self
    }

    /// Adds a write that has no further effect the second time.
    #[must_use]
    pub fn repeatable(mut self, operation: impl Into<Wanted>) -> Self {
        self.repeatable.push(operation.into());
        self
    }
}

/// Writes marks into a document, as the equivalent keywords.
///
/// # Errors
///
/// Returns every mark that matches nothing, with similar names.
pub fn apply(document: &mut Document, marks: &Marks) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for (wanted, mark) in [
        (&marks.read_only, Mark::ReadOnly),
        (&marks.immutable, Mark::Immutable),
        (&marks.required, Mark::Required),
    ] {
        for property in wanted {
            mark_property(document, property, mark, &mut problems);
        }
    }
    for operation in &marks.repeatable {
        mark_operation(document, operation, &mut problems);
    }
    problems.into_result()
}

#[derive(Debug, Clone, Copy)]
enum Mark {
    ReadOnly,
    Immutable,
    Required,
}

fn mark_property(document: &mut Document, wanted: &Wanted, mark: Mark, problems: &mut Problems) {
    let mut known = Vec::new();
    let mut is_found = false;
    let schemas = schemas_mut(&mut document.root);
    for entry in schemas.into_iter().flatten() {
        let short = entry.key.rsplit('.').next().unwrap_or_default().to_owned();
        let whole = entry.key.clone();
        for part in parts_mut(&mut entry.node) {
            let position = part.position;
            let mut demanded = Vec::new();
            let properties = part.get_mut("properties").map(Node::entries_mut);
            for property in properties.unwrap_or_default() {
                let name = format!("{short}.{}", property.key);
                if wanted.text == name || wanted.text == format!("{whole}.{}", property.key) {
                    is_found = true;
                    match mark {
                        Mark::ReadOnly => set(&mut property.node, "readOnly", Value::Bool(true)),
                        Mark::Immutable => {
                            set(&mut property.node, "x-ms-mutability", creatable(position))
                        }
                        Mark::Required => demanded.push(property.key.clone()),
                    }
                }
                known.push(name);
            }
            demanded.into_iter().for_each(|name| require(part, name));
        }
    }
    if !is_found {
        let known = known.iter().map(String::as_str);
        let help = near(&wanted.text, known, "properties");
        let message = format!("there is no property `{}` to mark", wanted.text);
        problems.push(refusal(document, wanted, "unknown-mark", message, help));
    }
}

fn mark_operation(document: &mut Document, wanted: &Wanted, problems: &mut Problems) {
    let mut known = Vec::new();
    let mut is_found = false;
    let paths = document.root.get_mut("paths").map(Node::entries_mut);
    for path in paths.unwrap_or_default() {
        for entry in path.node.entries_mut() {
            if !METHODS.contains(&entry.key.as_str()) {
                continue;
            }
            let line = format!("{} {}", entry.key.to_uppercase(), path.key);
            let id = entry.node.get("operationId").and_then(Node::as_str);
            if line == wanted.text || id == Some(&wanted.text) {
                is_found = true;
                set(&mut entry.node, "x-graph-repeatable", Value::Bool(true));
            }
            known.push(line);
        }
    }
    if !is_found {
        let known = known.iter().map(String::as_str);
        let help = near(&wanted.text, known, "operations");
        let message = format!("there is no operation `{}` to mark", wanted.text);
        problems.push(refusal(document, wanted, "unknown-mark", message, help));
    }
}

/// The components that are schemas.
pub(crate) fn schemas_mut(root: &mut Node) -> Option<&mut [Entry]> {
    let schemas = root.get_mut("components")?.get_mut("schemas")?;
    Some(schemas.entries_mut())
}

/// The parts of a schema that have their own properties: itself, and the inline parts of its `allOf`.
pub(crate) fn parts_mut(schema: &mut Node) -> Vec<&mut Node> {
    let is_whole = schema.get("properties").is_some();
    if is_whole {
        return vec![schema];
    }
    let Some(Value::Sequence(parts)) = schema.get_mut("allOf").map(|all| &mut all.value) else {
        return Vec::new();
    };
    let own = parts.iter_mut().filter(|part| part.get("$ref").is_none());
    own.collect()
}

/// Sets a keyword. A reference cannot have keywords beside it: it becomes the only part of a schema that can.
pub(crate) fn set(node: &mut Node, key: &str, value: Value) {
    let position = node.position;
    if node.get("$ref").is_some() {
        let reference = node.clone();
        node.value = Value::Mapping(Vec::new());
        let parts = Value::Sequence(vec![reference]);
        set(node, "allOf", parts);
    }
    if let Some(known) = node.get_mut(key) {
        known.value = value;
        return;
    }
    if let Value::Mapping(entries) = &mut node.value {
        entries.push(Entry {
            key: key.to_owned(),
            key_position: position,
            node: Node { position, value },
        });
    }
}

/// The value of `x-ms-mutability` for a property that is set once.
pub(crate) fn creatable(position: Position) -> Value {
    let mode = |text: &str| Node {
        position,
        value: Value::String(text.to_owned()),
    };
    Value::Sequence(vec![mode("create"), mode("read")])
}

fn require(part: &mut Node, name: String) {
    let position = part.position;
    if part.get("required").is_none() {
        set(part, "required", Value::Sequence(Vec::new()));
    }
    if let Some(Value::Sequence(names)) = part.get_mut("required").map(|names| &mut names.value)
        && !names.iter().any(|known| known.as_str() == Some(&name))
    {
        names.push(Node {
            position,
            value: Value::String(name),
        });
    }
}

/// The pointer of a component that is a schema.
pub(crate) fn schema_pointer(name: &str) -> String {
    format!("#/components/schemas/{}", escape(name))
}
