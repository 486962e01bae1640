//! Removes the parts of another author's description that the lint refuses and a client does not need, with a warning
//! for each.
//!
//! The result is less precise, but not wrong: a value of several types becomes untyped JSON, and a list without an item
//! type can hold any items. In your own fragment, such a part is an error.

use std::collections::BTreeSet;

use crate::diagnostic::{Problem, Problems};
use crate::load::{Document, Node, Position, Value, unescape};
use crate::marks::set;
use crate::model::METHODS;
use crate::report::{Remark, Report, Treatment};

/// How to treat a finding of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// Remove the choice from the schema; without other keywords it becomes untyped JSON.
    Open,
    /// Remove the keyword, item or parameter.
    Remove,
    /// Add a keyword to the schema.
    Items,
    Array,
    /// Make the parameter a string.
    Text,
    /// Make the response of the operation unknown.
    Nothing,
}

/// Weakens a document where lint problems allow it. Returns whether anything changed.
pub fn weaken(document: &mut Document, problems: &Problems, report: &mut Report) -> bool {
    let mut done: Vec<(&Problem, Remedy)> = problems
        .iter()
        .filter_map(|problem| Some((problem, remedy(&document.root, problem)?)))
        .collect();
    // From the end, so that removing an item of a list does not move the other findings.
    done.sort_by(|left, right| order(&right.0.pointer).cmp(&order(&left.0.pointer)));
    let mut seen = BTreeSet::new();
    let mut changed = false;
    for (problem, remedy) in done {
        let target = match remedy {
            Remedy::Open => parent(&problem.pointer),
            _ => &problem.pointer,
        };
        if seen.insert((target.to_owned(), remedy as u8))
            && apply(&mut document.root, target, remedy)
        {
            changed = true;
            report.push(remark(problem, remedy));
        }
    }
    if changed {
        *document = Document::new(&document.file, document.root.clone());
    }
    changed
}

fn remedy(root: &Node, problem: &Problem) -> Option<Remedy> {
    let pointer = problem.pointer.as_str();
    let last = pointer.rsplit('/').next().unwrap_or_default();
    let is_item = last.bytes().all(|byte| byte.is_ascii_digit());
    let in_schema = pointer.contains("/schema/") || pointer.contains("/components/schemas/");
    match problem.rule {
        "unsupported-choice" => Some(Remedy::Open),
        "required-without-property"
        | "required-twice"
        | "member-is-no-text"
        | "member-collision"
            if is_item =>
        {
            Some(Remedy::Remove)
        }
        "unusable-name" if is_member_or_property(pointer) => Some(Remedy::Remove),
        "unknown-keyword" if !in_schema => Some(Remedy::Remove),
        "contradiction" if in_schema && !is_item => {
            let node = at(root, pointer)?;
            // A whole schema is not a keyword.
            (node.get("type").is_none()).then_some(Remedy::Remove)
        }
        "body-without-meaning" | "misspelt-format" => Some(Remedy::Remove),
        "header-name" => {
            let name = at(root, pointer)?.get("name")?.as_str()?;
            let own = ["accept", "authorization", "content-type"];
            own.contains(&name.to_ascii_lowercase().as_str())
                .then_some(Remedy::Remove)
        }
        "missing-items" => Some(Remedy::Items),
        "missing-type" => Some(Remedy::Array),
        "unsupported-parameter" => at(root, pointer)?
            .get("type")
            .is_none()
            .then_some(Remedy::Text),
        "no-success" => at(root, pointer)?
            .entries()
            .is_empty()
            .then_some(Remedy::Nothing),
        _ => None,
    }
}

/// A member of an enumeration, or a property: such values are kept without a name.
fn is_member_or_property(pointer: &str) -> bool {
    let parent = parent(pointer);
    parent.ends_with("/enum") || parent.ends_with("/properties")
}

/// The segments of a pointer, with numbers as numbers.
fn order(pointer: &str) -> Vec<(Option<usize>, &str)> {
    let parts = pointer.split('/');
    parts.map(|part| (part.parse().ok(), part)).collect()
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("#", |(parent, _)| parent)
}

fn apply(root: &mut Node, pointer: &str, remedy: Remedy) -> bool {
    match remedy {
        Remedy::Remove => remove(root, pointer),
        Remedy::Open => at_mut(root, pointer).is_some_and(open),
        Remedy::Items => with(root, pointer, "items", |_| Value::Mapping(Vec::new())),
        Remedy::Array => with(root, pointer, "type", |_| text("array")),
        Remedy::Nothing => with(root, pointer, "2XX", |position| {
            let mut response = mapping(position);
            set(
                &mut response,
                "description",
                text("No description is given."),
            );
            response.value
        }),
        Remedy::Text => parameters_are_texts(root, pointer),
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn mapping(position: Position) -> Node {
    Node {
        position,
        value: Value::Mapping(Vec::new()),
    }
}

fn with(root: &mut Node, pointer: &str, key: &str, value: impl FnOnce(Position) -> Value) -> bool {
    let Some(node) = at_mut(root, pointer) else {
        return false;
    };
    let position = node.position;
    set(node, key, value(position));
    true
}

/// Removes a choice from a schema, and all keywords if none of the rest describes a type.
fn open(schema: &mut Node) -> bool {
    let had_choice = ["oneOf", "anyOf"].map(|choice| schema.remove(choice).is_some());
    schema.remove("discriminator");
    let says_more = ["properties", "allOf", "enum", "items"];
    if !says_more
        .iter()
        .any(|keyword| schema.get(keyword).is_some())
    {
        // `type: object` beside a choice of objects adds nothing.
        schema.remove("type");
        schema.remove("required");
    }
    had_choice.contains(&true)
}

/// Makes strings of parameters whose schema has no type.
fn parameters_are_texts(root: &mut Node, pointer: &str) -> bool {
    if pointer.ends_with("/schema") {
        return with(root, pointer, "type", |_| text("string"));
    }
    let mut changed = false;
    let mut lists: Vec<&mut Node> = Vec::new();
    for entry in root.entries_mut() {
        match entry.key.as_str() {
            "paths" => {
                for path in entry.node.entries_mut() {
                    for own in path.node.entries_mut() {
                        match own.key.as_str() {
                            "parameters" => lists.push(&mut own.node),
                            method if METHODS.contains(&method) => {
                                lists.extend(own.node.get_mut("parameters"));
                            }
                            _ => {}
                        }
                    }
                }
            }
            "components" => lists.extend(entry.node.get_mut("parameters")),
            _ => {}
        }
    }
    for list in lists {
        let parameters: Vec<&mut Node> = match &mut list.value {
            Value::Sequence(items) => items.iter_mut().collect(),
            Value::Mapping(entries) => entries.iter_mut().map(|entry| &mut entry.node).collect(),
            _ => Vec::new(),
        };
        for parameter in parameters {
            let Some(schema) = parameter.get_mut("schema") else {
                continue;
            };
            if schema.get("$ref").and_then(Node::as_str) == Some(pointer) {
                let mut plain = mapping(schema.position);
                set(&mut plain, "type", text("string"));
                *schema = plain;
                changed = true;
            }
        }
    }
    changed
}

fn remove(root: &mut Node, pointer: &str) -> bool {
    let Some((owner, key)) = pointer.rsplit_once('/') else {
        return false;
    };
    let key = unescape(key);
    let Some(node) = at_mut(root, owner) else {
        return false;
    };
    let is_gone = match &mut node.value {
        Value::Sequence(items) => {
            let index = key.parse().ok().filter(|index| *index < items.len());
            index.map(|index| items.remove(index)).is_some()
        }
        Value::Mapping(_) => node.remove(&key).is_some(),
        _ => false,
    };
    let is_empty = node.as_sequence().is_some_and(<[_]>::is_empty);
    if is_gone && is_empty && owner.ends_with("/enum") {
        // No member is left: any value is valid.
        if let Some(schema) = at_mut(root, parent(owner)) {
            schema.remove("enum");
            schema.remove("type");
        }
    } else if is_gone && is_empty {
        remove(root, owner);
    }
    is_gone
}

fn at<'n>(root: &'n Node, pointer: &str) -> Option<&'n Node> {
    let mut node = root;
    for part in pointer.split('/').skip(1) {
        node = match &node.value {
            Value::Sequence(items) => items.get(part.parse::<usize>().ok()?)?,
            _ => node.get(&unescape(part))?,
        };
    }
    Some(node)
}

fn at_mut<'n>(root: &'n mut Node, pointer: &str) -> Option<&'n mut Node> {
    let mut node = root;
    for part in pointer.split('/').skip(1) {
        let key = unescape(part);
        node = match &mut node.value {
            Value::Sequence(items) => items.get_mut(part.parse::<usize>().ok()?)?,
            Value::Mapping(entries) => {
                let mut entries = entries.iter_mut();
                &mut entries.find(|entry| entry.key == key)?.node
            }
            _ => return None,
        };
    }
    Some(node)
}

fn remark(problem: &Problem, remedy: Remedy) -> Remark {
    let what = match remedy {
        Remedy::Open => "its value is open JSON",
        Remedy::Remove => "this part is left out of the client",
        Remedy::Items => "its items are open JSON",
        Remedy::Array => "it is a list",
        Remedy::Text => "it is a text",
        Remedy::Nothing => "the response body is not read",
    };
    Remark {
        treatment: match remedy {
            Remedy::Remove => Treatment::LeftOut,
            _ => Treatment::Guessed,
        },
        rule: problem.rule,
        subject: format!("`{}`", problem.pointer),
        reason: format!("{}; {what}", problem.message),
        is_warning: true,
        position: problem.position,
        pointer: problem.pointer.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Settings, generate};

    const TEXT: &str = r##"
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - {name: id, in: path, required: true, schema: {$ref: "#/components/schemas/nameOrId"}}
        - {name: Authorization, in: header, schema: {type: string}}
      responses: {"200": {type: string, description: d, content: {application/json: {schema: {$ref: "#/components/schemas/thing"}}}}}
    delete:
      operationId: deleteThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {}
components:
  schemas:
    nameOrId: {oneOf: [{type: string}, {type: string, format: uuid}]}
    thing:
      type: object
      required: [nothing, other, name]
      properties:
        name: {type: string, additionalProperties: false}
        list: {type: array}
        choice: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}
        only: {type: string, enum: [null]}
        none: {type: string, nullable: true, enum: [null]}
        twice: {type: string, enum: [a, "/", a, b]}
"##;

    #[test]
    fn unsupported_details_become_a_weaker_client_with_a_warning_for_each() {
        let generated = generate("things.yaml", TEXT, &Settings::for_description("x"))
            .unwrap_or_else(|problems| panic!("{problems}"));
        let surface = generated.plan().surface();
        for line in [
            "pub Thing::choice: Option<runtime::Value>",
            "pub Thing::list: Option<Vec<runtime::Value>>",
            "pub fn get_thing<'a>(&'a self, id: &'a str) -> GetThing<'a>",
            "pub fn delete_thing<'a>(&'a self, id: &'a str) -> DeleteThing<'a>",
        ] {
            assert!(surface.contains(line), "{line} in:\n{surface}");
        }
        let rules: std::collections::BTreeSet<_> = generated
            .report()
            .warnings()
            .map(|remark| remark.rule)
            .collect();
        for rule in [
            "contradiction",
            "header-name",
            "member-collision",
            "member-is-no-text",
            "missing-items",
            "no-success",
            "required-without-property",
            "unknown-keyword",
            "unsupported-choice",
            "unusable-name",
        ] {
            assert!(rules.contains(rule), "{rule} in {rules:?}");
        }
    }

    #[test]
    fn strict_runs_and_own_fragments_refuse_weakening() {
        for settings in [
            Settings::for_description("x").strict(true),
            Settings::for_fragment("x"),
        ] {
            assert!(generate("things.yaml", TEXT, &settings).is_err());
        }
    }
}
