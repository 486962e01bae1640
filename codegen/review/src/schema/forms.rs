//! The combined result of reading a schema: its form and the keywords beside it.

use graph_client_codegen::load::{Node, Value};

use super::super::document::Spot;
use super::super::same::{inline_text, same};
use super::facets::{is_implied, is_whole, keep_tightest};
use super::read::{Kind, Reader};
use super::{Additional, EnumForm, EnumMember, Form, ObjectForm, View};

impl<'a> Reader<'_, 'a> {
    pub(super) fn finish(mut self, spots: &[Spot<'a>]) -> View<'a> {
        let nulls: Option<Vec<Spot<'a>>> = self.nulls.iter().copied().collect();
        if let Some(first) = nulls.and_then(|nulls| nulls.first().copied()) {
            self.nullable.get_or_insert(first);
        }
        let form = self.form();
        for (key, spots) in &mut self.facets {
            keep_tightest(key, spots);
        }
        if let (Form::Integer, Some(format)) = (&form, self.format) {
            self.facets
                .retain(|key, spots| !spots.iter().all(|spot| is_implied(format, key, spot)));
        }
        if let (Some(extension), false) = (self.extension, matches!(form, Form::Enumeration(_))) {
            self.facets.insert("x-ms-enum", vec![extension]);
        }
        let kind = match &form {
            Form::Object(_) => Some(Kind::Object),
            Form::Array(_) => Some(Kind::List),
            Form::Enumeration(_) => Some(Kind::Members),
            _ => None,
        };
        // Keywords for another kind of value are not part of the form, and are compared as written.
        for (_, key, spot) in self.of_kind.iter().filter(|(of, ..)| Some(*of) != kind) {
            self.facets.entry(key).or_default().push(*spot);
        }
        View {
            spots: spots.to_vec(),
            form,
            nullable: self.nullable,
            type_spot: self.type_spot,
            is_typed: !self.types.is_empty(),
            format: self.format,
            facets: self.facets,
            choices: self.choices,
            discriminator: self.discriminator,
            read: self.read,
        }
    }

    fn form(&mut self) -> Form<'a> {
        if self.never {
            return Form::Never;
        }
        if self.only_refers() {
            match (self.object.bases.as_slice(), self.pointers.as_slice()) {
                ([only], []) => return Form::Reference(only),
                ([], [only]) => return Form::Pointer(only),
                _ => {}
            }
        }
        if common(&self.types).is_some_and(|types| types.is_empty()) {
            return Form::Never;
        }
        if !self.members.is_empty() {
            return self.enumeration();
        }
        self.plain()
    }

    fn plain(&mut self) -> Form<'a> {
        let Some(types) = common(&self.types) else {
            let is_object = self.says_object
                || !self.object.bases.is_empty()
                || !self.object.required.is_empty();
            return match (self.items.is_empty(), is_object) {
                (false, _) => Form::Array(self.all_items()),
                (true, true) => Form::Object(self.object_form()),
                (true, false) => Form::Any,
            };
        };
        match types.as_slice() {
            [] => Form::Never,
            [("string", _)] => Form::Text,
            [("boolean", _)] => Form::Boolean,
            [("integer", _)] => Form::Integer,
            [("number", _)] if self.format.is_some_and(is_whole) => Form::Integer,
            [("number", _)] => Form::Number,
            [("array", _)] => Form::Array(self.all_items()),
            [("object", _)] => Form::Object(self.object_form()),
            [("null", _)] => Form::Null,
            _ => Form::Several(types),
        }
    }

    /// The keywords of the items.
    fn all_items(&mut self) -> Vec<Spot<'a>> {
        let says_something = |spot: &Spot<'a>| match &spot.node.value {
            Value::Mapping(entries) => !entries.is_empty(),
            value => *value != Value::Bool(true),
        };
        std::mem::take(&mut self.items)
            .into_iter()
            .filter(says_something)
            .collect()
    }

    fn object_form(&mut self) -> ObjectForm<'a> {
        let mut object = std::mem::take(&mut self.object);
        for property in &mut object.properties {
            property.required = object
                .required
                .iter()
                .any(|(name, _)| *name == property.name);
        }
        let is_map = object.properties.is_empty() && object.bases.is_empty();
        object.additional = additional(&self.additional, is_map);
        if let Additional::Open = object.additional {
            // `{type: object}` is equivalent to `{}`.
            let said = self.additional.iter().flat_map(|spot| spot.entries());
            self.read
                .extend(said.map(|entry| Spot::of(entry).address()));
        }
        object
    }

    fn enumeration(&mut self) -> Form<'a> {
        let Some(list) = self.members.first().copied() else {
            return Form::Any;
        };
        let values = |spot: &Spot<'a>| match spot.node.as_sequence() {
            Some(items) => items.iter().map(Spot::item).collect::<Vec<_>>(),
            // `const`.
            None => vec![*spot],
        };
        let mut members = Vec::new();
        for spot in values(&list) {
            if spot.node.value == Value::Null {
                self.nullable.get_or_insert(spot);
                continue;
            }
            let others = self.members.get(1..).unwrap_or_default();
            let is_everywhere = others
                .iter()
                .all(|list| values(list).iter().any(|other| same(other.node, spot.node)));
            if is_everywhere {
                members.push(EnumMember {
                    value: inline_text(spot.node),
                    spot,
                });
            }
        }
        let says = |key: &str| self.extension.and_then(|extension| extension.node.get(key));
        let models_as_text = says("modelAsString").and_then(Node::as_bool) == Some(true);
        let grows = members
            .iter()
            .any(|member| member.value == "unknownFutureValue");
        let kind = common(&self.types).and_then(|types| match types.as_slice() {
            [(only, _)] => Some(*only),
            _ => None,
        });
        Form::Enumeration(EnumForm {
            members,
            open: self.open || models_as_text || grows,
            extension: self.extension,
            list,
            kind,
        })
    }
}

/// The types that all parts allow; `None` if no part has a type.
fn common<'a>(types: &[Vec<(&'a str, Spot<'a>)>]) -> Option<Vec<(&'a str, Spot<'a>)>> {
    let (first, rest) = types.split_first()?;
    let mut common: Vec<(&str, Spot<'a>)> = Vec::new();
    for (kind, spot) in first {
        let mut narrowest = Some((*kind, *spot));
        for part in rest {
            let Some((name, _)) = narrowest else { break };
            narrowest = part.iter().find_map(|(other, spot)| match (name, *other) {
                (name, other) if name == other => narrowest,
                ("integer", "number") => narrowest,
                ("number", "integer") => Some((*other, *spot)),
                _ => None,
            });
        }
        if let Some(found) = narrowest
            && !common.iter().any(|(known, _)| *known == found.0)
        {
            common.push(found);
        }
    }
    Some(common)
}

fn additional<'a>(spots: &[Spot<'a>], is_map: bool) -> Additional<'a> {
    if let Some(closed) = spots
        .iter()
        .find(|spot| spot.node.value == Value::Bool(false))
    {
        return Additional::Closed(*closed);
    }
    // Microsoft writes this beside all properties; a map of objects is different.
    let is_habit = |spot: &Spot<'a>| {
        let entries = spot.entries();
        !is_map
            && entries.iter().all(|entry| match entry.key.as_str() {
                "type" => entry.node.as_str() == Some("object"),
                key => key == "nullable",
            })
    };
    let typed: Vec<Spot<'a>> = spots
        .iter()
        .filter(|spot| !spot.entries().is_empty() && !is_habit(spot))
        .copied()
        .collect();
    match typed.is_empty() {
        true => Additional::Open,
        false => Additional::Typed(typed),
    }
}
