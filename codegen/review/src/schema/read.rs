//! Reads one level of a schema: only this file of the review knows the ways to write it.

use std::collections::{BTreeMap, BTreeSet};

use graph_client_codegen::load::{Node, Value};

use super::super::document::{Description, Spot};
use super::facets::is_default;
use super::{Choice, EnumForm, Form, ObjectForm, PropertyForm, View};

/// A part that is read in place of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Expand {
    names: bool,
    pointers: bool,
}

impl<'a> View<'a> {
    /// Reads one level of a schema.
    pub(crate) fn of(spot: Spot<'a>, description: &Description<'a>) -> Self {
        Self::read(&[spot], description)
    }

    /// Reads one level of the combination of several schemas: all of them apply.
    pub(crate) fn read(spots: &[Spot<'a>], description: &Description<'a>) -> Self {
        let nothing = Expand {
            names: false,
            pointers: false,
        };
        Reader::read(spots, description, nothing)
    }

    /// The same, with references replaced by their targets.
    pub(crate) fn expanded(spots: &[Spot<'a>], description: &Description<'a>) -> Self {
        let all = Expand {
            names: true,
            pointers: true,
        };
        Reader::read(spots, description, all)
    }
}

pub(super) struct Reader<'d, 'a> {
    pub(super) description: &'d Description<'a>,
    expand: Expand,
    /// References that were replaced by their targets.
    entered: BTreeSet<&'a str>,
    pub(super) nullable: Option<Spot<'a>>,
    pub(super) facets: BTreeMap<&'a str, Vec<Spot<'a>>>,
    pub(super) object: ObjectForm<'a>,
    pub(super) additional: Vec<Spot<'a>>,
    pub(super) types: Vec<Vec<(&'a str, Spot<'a>)>>,
    pub(super) members: Vec<Spot<'a>>,
    pub(super) extension: Option<Spot<'a>>,
    pub(super) items: Vec<Spot<'a>>,
    pub(super) choices: Vec<Choice<'a>>,
    pub(super) discriminator: Option<Spot<'a>>,
    pub(super) format: Option<&'a str>,
    pub(super) pointers: Vec<&'a str>,
    pub(super) type_spot: Option<Spot<'a>>,
    pub(super) says_object: bool,
    /// For each `type`, whether null is among its types: null is valid if all of them include it.
    pub(super) nulls: Vec<Option<Spot<'a>>>,
    /// Whether any string is valid beside the members of an enumeration.
    pub(super) open: bool,
    pub(super) never: bool,
    pub(super) read: Vec<*const Node>,
    /// Keywords that constrain one kind of value only.
    pub(super) of_kind: Vec<(Kind, &'a str, Spot<'a>)>,
}

/// The kind of value that a keyword constrains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    List,
    Members,
}

/// The kind of value that a keyword constrains.
fn kind_of(key: &str) -> Option<Kind> {
    match key {
        "properties" | "required" | "additionalProperties" => Some(Kind::Object),
        "items" => Some(Kind::List),
        "enum" | "const" => Some(Kind::Members),
        _ => None,
    }
}

impl<'d, 'a> Reader<'d, 'a> {
    fn read(spots: &[Spot<'a>], description: &'d Description<'a>, expand: Expand) -> View<'a> {
        let mut reader = Self {
            description,
            expand,
            entered: BTreeSet::new(),
            nullable: None,
            facets: BTreeMap::new(),
            object: ObjectForm::default(),
            additional: Vec::new(),
            types: Vec::new(),
            nulls: Vec::new(),
            members: Vec::new(),
            extension: None,
            items: Vec::new(),
            choices: Vec::new(),
            discriminator: None,
            format: None,
            pointers: Vec::new(),
            type_spot: None,
            says_object: false,
            open: false,
            never: false,
            read: Vec::new(),
            of_kind: Vec::new(),
        };
        for spot in spots {
            reader.part(*spot);
        }
        if let Some(more) = reader.needs_more() {
            return Self::read(spots, description, more);
        }
        reader.finish(spots)
    }

    /// Reads one schema that applies: the schema itself, or a part of its `allOf`.
    pub(super) fn part(&mut self, spot: Spot<'a>) {
        if let Value::Bool(false) = spot.node.value {
            self.never = true;
            self.type_spot.get_or_insert(spot);
        }
        self.read.push(spot.address());
        for entry in spot.entries() {
            let here = Spot::of(entry);
            self.read.push(here.address());
            // `required: true` in a schema is a habit of older drafts: it is not a list, so nobody reads it.
            if let Some(kind) = kind_of(&entry.key)
                .filter(|_| entry.key != "required" || entry.node.as_sequence().is_some())
            {
                self.of_kind.push((kind, &entry.key, here));
                self.read_items(here);
            }
            match entry.key.as_str() {
                "$ref" => self.reference(here),
                "nullable" | "x-nullable" => {
                    if entry.node.as_bool() == Some(true) {
                        self.nullable.get_or_insert(here);
                    }
                }
                "type" => self.types_of(here),
                "format" => self.format_of(here),
                "enum" | "const" => self.members.push(here),
                "x-ms-enum" => self.extension = Some(here),
                "items" => self.items.push(here),
                "properties" => self.properties(here),
                "required" if entry.node.as_sequence().is_some() => self.required(here),
                "discriminator" => self.discriminator = Some(here),
                "additionalProperties" => {
                    self.says_object = true;
                    self.additional.push(here);
                }
                "allOf" => {
                    for part in here.items() {
                        self.part(Spot::item(part));
                    }
                }
                keyword @ ("anyOf" | "oneOf") => {
                    self.read_items(here);
                    self.choice(keyword, here, spot);
                }
                key => {
                    if !is_default(key, &entry.node) {
                        self.facets.entry(key).or_default().push(here);
                    }
                }
            }
        }
    }

    fn read_items(&mut self, spot: Spot<'a>) {
        self.read
            .extend(spot.items().iter().map(std::ptr::from_ref));
    }

    fn reference(&mut self, here: Spot<'a>) {
        let Some(reference) = here.node.as_str() else {
            return;
        };
        self.type_spot.get_or_insert(here);
        let name = self.description.schema_name(reference);
        let in_place = match name {
            Some(_) => self.expand.names,
            None => self.expand.pointers,
        };
        match name {
            _ if in_place => {
                // A reference that leads back to itself adds nothing.
                if self.entered.insert(reference)
                    && let Some(target) = self.description.resolve(reference)
                {
                    self.part(target);
                }
            }
            Some(name) if !self.object.bases.contains(&name) => self.object.bases.push(name),
            Some(_) => {}
            None => self.pointers.push(reference),
        }
    }

    fn types_of(&mut self, here: Spot<'a>) {
        let texts: Vec<(&str, Spot<'a>)> = match here.node.as_sequence() {
            Some(items) => {
                self.read_items(here);
                let texts = items
                    .iter()
                    .filter_map(|item| Some((item.as_str()?, Spot::item(item))));
                texts.collect()
            }
            None => here
                .node
                .as_str()
                .map(|text| (text, here))
                .into_iter()
                .collect(),
        };
        let (nulls, types): (Vec<_>, Vec<_>) =
            texts.into_iter().partition(|(text, _)| *text == "null");
        match (nulls.first(), types.is_empty()) {
            (Some(null), true) => self.types.push(vec![*null]),
            (null, _) => {
                self.nulls.push(null.map(|(_, spot)| *spot));
                self.types.push(types);
            }
        }
        self.type_spot = Some(here);
    }

    fn format_of(&mut self, here: Spot<'a>) {
        match (self.format, here.node.as_str()) {
            (None, format) => self.format = format,
            (Some(known), Some(format)) if known != format => {
                self.facets.entry("format").or_default().push(here);
            }
            _ => {}
        }
    }

    fn properties(&mut self, here: Spot<'a>) {
        self.says_object = true;
        for entry in here.entries() {
            let spot = Spot::of(entry);
            let known = self
                .object
                .properties
                .iter_mut()
                .find(|property| property.name == entry.key);
            match known {
                Some(property) => property.spots.push(spot),
                None => self.object.properties.push(PropertyForm {
                    name: &entry.key,
                    spots: vec![spot],
                    required: false,
                }),
            }
        }
    }

    fn required(&mut self, here: Spot<'a>) {
        self.object.required_lists.push(here);
        let names = here
            .items()
            .iter()
            .filter_map(|item| Some((item.as_str()?, Spot::item(item))));
        self.object.required.extend(names);
    }

    /// The references to replace by their targets, because keywords beside them must be combined with them.
    fn needs_more(&self) -> Option<Expand> {
        let refers = self.object.bases.len() + self.pointers.len();
        let is_lone = self.only_refers() && refers == 1;
        // Only objects are extended.
        let extends = self.is_object()
            && self
                .object
                .bases
                .iter()
                .all(|name| self.is_object_name(name));
        let must = !is_lone && refers > 0;
        let expand = Expand {
            pointers: self.expand.pointers || (must && !self.pointers.is_empty()),
            names: self.expand.names || (must && !self.object.bases.is_empty() && !extends),
        };
        (expand != self.expand).then_some(expand)
    }

    fn is_object(&self) -> bool {
        let types_fit = self
            .types
            .iter()
            .flatten()
            .all(|(kind, _)| *kind == "object");
        types_fit && self.members.is_empty() && self.items.is_empty() && !self.never
    }

    fn is_object_name(&self, name: &'a str) -> bool {
        let mut entered = BTreeSet::new();
        is_object_name(name, self.description, &mut entered)
    }

    pub(super) fn only_refers(&self) -> bool {
        !self.says_object
            && !self.never
            && self.discriminator.is_none()
            && self.members.is_empty()
            && self.choices.is_empty()
            && self.items.is_empty()
            && self.object.required.is_empty()
            && (self.types.is_empty() || self.repeats_type())
    }

    /// Whether the type only repeats that of the only base.
    fn repeats_type(&self) -> bool {
        let ([base], true) = (self.object.bases.as_slice(), self.pointers.is_empty()) else {
            return false;
        };
        let Some(spot) = self.description.schemas.get(base) else {
            return false;
        };
        let own = View::expanded(&[*spot], self.description);
        let kind = match &own.form {
            Form::Text => "string",
            Form::Enumeration(EnumForm {
                kind: Some(kind), ..
            }) => kind,
            Form::Integer => "integer",
            Form::Number => "number",
            Form::Boolean => "boolean",
            Form::Array(_) => "array",
            _ => return false,
        };
        self.types
            .iter()
            .all(|types| matches!(types.as_slice(), [(only, _)] if *only == kind))
    }
}

/// Whether a named schema is an object, if it has a type.
fn is_object_name<'a>(
    name: &'a str,
    description: &Description<'a>,
    entered: &mut BTreeSet<&'a str>,
) -> bool {
    if !entered.insert(name) {
        return true;
    }
    let Some(spot) = description.schemas.get(name) else {
        return true;
    };
    is_object_node(spot.node, description, entered)
}

fn is_object_node<'a>(
    node: &'a Node,
    description: &Description<'a>,
    entered: &mut BTreeSet<&'a str>,
) -> bool {
    node.entries().iter().all(|entry| match entry.key.as_str() {
        "type" => entry.node.as_str() == Some("object"),
        "enum" | "const" | "items" | "oneOf" | "anyOf" => false,
        "allOf" => entry
            .node
            .as_sequence()
            .unwrap_or_default()
            .iter()
            .all(|part| is_object_node(part, description, entered)),
        "$ref" => match entry
            .node
            .as_str()
            .and_then(|reference| description.schema_name(reference))
        {
            Some(name) => is_object_name(name, description, entered),
            None => false,
        },
        _ => true,
    })
}
