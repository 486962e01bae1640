//! `oneOf` and `anyOf`: null as an alternative, Microsoft's numbers, open enumerations, and bare types.

use graph_client_codegen::load::{Node, Value};

use super::super::document::Spot;
use super::Choice;
use super::read::Reader;

impl<'a> Reader<'_, 'a> {
    /// Reads a choice: by its alternatives, or by its meaning in another form.
    pub(super) fn choice(&mut self, keyword: &'a str, spot: Spot<'a>, owner: Spot<'a>) {
        let mut left = Vec::new();
        for alternative in spot.items().iter().map(Spot::item) {
            match is_null(alternative.node) {
                true => {
                    self.nullable.get_or_insert(alternative);
                    for key in ["title", "description"] {
                        if let Some(text) = alternative.get(key) {
                            self.facets.entry(key).or_default().push(text);
                        }
                    }
                }
                false => {
                    // Null in one alternative makes the whole nullable.
                    if let Some(null) = null_of(alternative) {
                        self.nullable.get_or_insert(null);
                    }
                    left.push(alternative);
                }
            }
        }
        if let [only] = left.as_slice()
            && !owner
                .entries()
                .iter()
                .any(|entry| entry.key != keyword && is_structure(&entry.key))
        {
            return self.part(*only);
        }
        if let Some(number) = number_or_text(&left) {
            return self.part(number);
        }
        if let Some(members) = open_members(&left) {
            self.open = true;
            return self.part(members);
        }
        // Beside a type of its own, a choice of types stays a choice.
        let has_type = ["type", "allOf", "$ref", "enum", "const"]
            .iter()
            .any(|key| owner.get(key).is_some());
        match plain_types(&left).filter(|_| !has_type) {
            Some(types) => self.types.push(types),
            None => self.choices.push(Choice {
                keyword,
                spot,
                alternatives: left,
            }),
        }
    }
}

/// Whether a keyword describes the structure of a value: beside it, a choice of one is still a choice.
fn is_structure(key: &str) -> bool {
    matches!(
        key,
        "properties"
            | "required"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "$ref"
            | "items"
            | "enum"
            | "additionalProperties"
            | "discriminator"
    )
}

/// The location where an alternative allows null.
fn null_of(alternative: Spot<'_>) -> Option<Spot<'_>> {
    let flag = ["nullable", "x-nullable"]
        .iter()
        .filter_map(|key| alternative.get(key))
        .find(|spot| spot.node.as_bool() == Some(true));
    let listed = |key: &str, is_null: fn(&Node) -> bool| {
        let list = alternative.get(key)?;
        list.items()
            .iter()
            .find(|item| is_null(item))
            .map(Spot::item)
    };
    flag.or_else(|| listed("enum", |item| item.value == Value::Null))
        .or_else(|| listed("type", |item| item.as_str() == Some("null")))
}

/// An alternative that accepts null only.
fn is_null(node: &Node) -> bool {
    if node.get("$ref").is_some() {
        return false;
    }
    if node.get("type").and_then(Node::as_str) == Some("null") {
        return true;
    }
    if let Some([only]) = node.get("enum").and_then(Node::as_sequence) {
        return only.value == Value::Null;
    }
    let says_more = node.entries().iter().any(|entry| {
        !matches!(
            entry.key.as_str(),
            "type" | "nullable" | "description" | "title" | "x-nullable"
        )
    });
    let nullable = node.get("nullable").and_then(Node::as_bool) == Some(true);
    let is_object = node
        .get("type")
        .and_then(Node::as_str)
        .is_none_or(|kind| kind == "object");
    nullable && is_object && !says_more
}

/// Microsoft's numbers: a number, the same as a string, and names such as `INF`.
fn number_or_text<'a>(alternatives: &[Spot<'a>]) -> Option<Spot<'a>> {
    let number = alternatives
        .iter()
        .find(|spot| matches!(spot.text("type"), Some("number" | "integer")))?;
    let is_name = |spot: &Spot<'a>| {
        let members = spot.node.get("enum").and_then(Node::as_sequence);
        let is_infinite = |node: &Node| matches!(node.as_str(), Some("INF" | "-INF" | "NaN"));
        spot.text("$ref")
            .is_some_and(|reference| reference.ends_with("ReferenceNumeric"))
            || members.is_some_and(|members| members.iter().all(is_infinite))
    };
    let is_text =
        |spot: &Spot<'a>| spot.text("type") == Some("string") && spot.node.get("enum").is_none();
    let is_number = |spot: &Spot<'a>| spot.address() == number.address();
    let all_fit = alternatives
        .iter()
        .all(|spot| is_number(spot) || is_name(spot) || is_text(spot));
    (all_fit && alternatives.iter().any(is_name)).then_some(*number)
}

/// Members, or any other string.
fn open_members<'a>(alternatives: &[Spot<'a>]) -> Option<Spot<'a>> {
    let [first, second] = alternatives else {
        return None;
    };
    let is_text = |spot: &Spot<'a>| {
        let says_no_more = |entry: &graph_client_codegen::load::Entry| {
            matches!(
                entry.key.as_str(),
                "type" | "nullable" | "description" | "title"
            )
        };
        spot.text("type") == Some("string") && spot.entries().iter().all(says_no_more)
    };
    let has_members = |spot: &Spot<'a>| spot.node.get("enum").is_some();
    match (has_members(first), has_members(second)) {
        (true, false) if is_text(second) => Some(*first),
        (false, true) if is_text(first) => Some(*second),
        _ => None,
    }
}

/// Alternatives that are bare types.
fn plain_types<'a>(alternatives: &[Spot<'a>]) -> Option<Vec<(&'a str, Spot<'a>)>> {
    let plain = |spot: &Spot<'a>| {
        let is_type_alone = spot
            .entries()
            .iter()
            .all(|entry| matches!(entry.key.as_str(), "type" | "nullable"));
        let kind = spot.text("type").filter(|_| is_type_alone)?;
        Some((kind, *spot))
    };
    let types: Vec<_> = alternatives.iter().map(plain).collect::<Option<_>>()?;
    (types.len() > 1).then_some(types)
}
