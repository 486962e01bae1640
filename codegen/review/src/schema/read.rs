//! Reads one level of a schema: the one place of the review that knows in how many ways it can be written.

use std::collections::BTreeMap;

use graph_client_codegen::load::{Node, Value};

use super::super::document::{Description, Place, schema_name};
use super::super::same::inline_text;
use super::{Additional, Enumeration, Kind, Member, Object, Property, Shape};

/// How deep `allOf` may be nested in `allOf`, and how often a lone choice may stand for itself.
const DEEPEST: usize = 16;

/// A choice that stands for null and nothing else.
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

impl<'a> Shape<'a> {
    /// Reads one level of a schema.
    pub(crate) fn read(place: Place<'a>, description: &Description<'a>) -> Self {
        let mut reader = Reader {
            description,
            nullable: false,
            facets: BTreeMap::new(),
            object: Object::default(),
            required: Vec::new(),
            types: Vec::new(),
            members: None,
            extension: None,
            items: None,
            choices: None,
            format: None,
            says_object: false,
        };
        reader.part(place, true, 0);
        reader.finish(place)
    }
}

struct Reader<'d, 'a> {
    description: &'d Description<'a>,
    nullable: bool,
    facets: BTreeMap<&'a str, Place<'a>>,
    object: Object<'a>,
    required: Vec<&'a str>,
    types: Vec<&'a str>,
    members: Option<Place<'a>>,
    extension: Option<Place<'a>>,
    items: Option<Place<'a>>,
    choices: Option<Place<'a>>,
    format: Option<&'a str>,
    says_object: bool,
}

impl<'a> Reader<'_, 'a> {
    /// Takes in one schema that applies: the schema itself, or a part of its `allOf`.
    fn part(&mut self, place: Place<'a>, outermost: bool, depth: usize) {
        for entry in place.entries() {
            let here = Place::of(entry);
            match entry.key.as_str() {
                "$ref" => {
                    if let Some(reference) = entry.node.as_str() {
                        self.reference(reference, depth);
                    }
                }
                "nullable" | "x-nullable" => self.nullable |= entry.node.as_bool() == Some(true),
                "type" => self.types(&entry.node),
                "format" => self.format = entry.node.as_str().or(self.format),
                "enum" => self.members = Some(here),
                "x-ms-enum" => self.extension = Some(here),
                "items" => self.items = Some(here),
                "properties" => {
                    self.says_object = true;
                    for property in entry.node.entries() {
                        self.object.properties.push(Property {
                            name: &property.key,
                            place: Place::of(property),
                            required: false,
                        });
                    }
                }
                "required" => {
                    let names = here.items().iter().filter_map(Node::as_str);
                    self.required.extend(names);
                }
                "discriminator" => self.object.discriminator = Some(here),
                "additionalProperties" => self.additional(here),
                "allOf" => {
                    for part in here.items() {
                        if depth < DEEPEST {
                            self.part(Place::item(part), false, depth + 1);
                        }
                    }
                }
                "anyOf" | "oneOf" => self.choices = Some(here),
                // The name of a part of a composition says nothing about the whole that its own title does not.
                "title" if !outermost => {
                    self.facets.entry("title").or_insert(here);
                }
                key => {
                    if !is_default(key, &entry.node) {
                        self.facets.insert(key, here);
                    }
                }
            }
        }
    }

    fn reference(&mut self, reference: &'a str, depth: usize) {
        match schema_name(reference) {
            Some(name) => self.object.bases.push(name),
            None => {
                if let Some(target) = self.description.resolve(reference)
                    && depth < DEEPEST
                {
                    self.part(target, false, depth + 1);
                }
            }
        }
    }

    fn types(&mut self, node: &'a Node) {
        let texts = match node.as_sequence() {
            Some(items) => items.iter().filter_map(Node::as_str).collect(),
            None => node.as_str().map(|text| vec![text]).unwrap_or_default(),
        };
        for text in texts {
            match text {
                "null" => self.nullable = true,
                text => self.types.push(text),
            }
        }
    }

    fn additional(&mut self, place: Place<'a>) {
        self.object.additional = match &place.node.value {
            Value::Bool(false) => Additional::Closed(place),
            Value::Bool(true) => Additional::Open,
            Value::Mapping(entries) => {
                let says_nothing = entries.iter().all(|entry| {
                    matches!(entry.key.as_str(), "type" | "nullable")
                        && entry.node.as_str().is_none_or(|kind| kind == "object")
                });
                match says_nothing {
                    true => Additional::Open,
                    false => Additional::Typed(place),
                }
            }
            _ => Additional::Open,
        };
        self.says_object = true;
    }

    fn finish(mut self, place: Place<'a>) -> Shape<'a> {
        let only_refers = self.types.is_empty()
            && !self.says_object
            && self.object.discriminator.is_none()
            && self.members.is_none()
            && self.choices.is_none()
            && self.items.is_none()
            && self.required.is_empty();
        if let ([only], true) = (self.object.bases.as_slice(), only_refers) {
            let kind = Kind::Reference(only);
            return self.shape(place, kind);
        }
        if let Some(choices) = self.choices
            && self.object.properties.is_empty()
            && self.members.is_none()
        {
            return self.choice(place, choices);
        }
        if let Some(members) = self.members {
            let members = self.enumeration(members);
            return self.shape(place, members);
        }
        let kind = self.plain_kind();
        let kind = match kind {
            Kind::Object(_) => {
                let mut object = std::mem::take(&mut self.object);
                for property in &mut object.properties {
                    property.required = self.required.contains(&property.name);
                }
                // The last of several declarations of one property is the most special one.
                let mut unique: BTreeMap<&str, Property<'a>> = BTreeMap::new();
                let order: Vec<&str> = object.properties.iter().map(|p| p.name).collect();
                for property in object.properties {
                    unique.insert(property.name, property);
                }
                object.properties = order
                    .into_iter()
                    .filter_map(|name| unique.remove(name))
                    .collect();
                object.required = std::mem::take(&mut self.required);
                Kind::Object(object)
            }
            other => other,
        };
        self.shape(place, kind)
    }

    fn plain_kind(&mut self) -> Kind<'a> {
        match self.types.as_slice() {
            ["string"] => Kind::Text,
            ["boolean"] => Kind::Boolean,
            ["integer"] => Kind::Integer,
            ["number"] if self.format.is_some_and(is_whole) => Kind::Integer,
            ["number"] => Kind::Number,
            ["array"] => Kind::Array(self.items),
            ["object"] => Kind::Object(Object::default()),
            [] if self.items.is_some() => Kind::Array(self.items),
            [] if self.says_object || !self.object.bases.is_empty() => {
                Kind::Object(Object::default())
            }
            [] => Kind::Any,
            several if several.iter().all(|kind| *kind == "object") => {
                Kind::Object(Object::default())
            }
            several if several.windows(2).all(|pair| pair[0] == pair[1]) => match several[0] {
                "string" => Kind::Text,
                "array" => Kind::Array(self.items),
                _ => Kind::Any,
            },
            _ => Kind::Any,
        }
    }

    fn enumeration(&mut self, place: Place<'a>) -> Kind<'a> {
        let mut members = Vec::new();
        for item in place.items() {
            if item.value == Value::Null {
                self.nullable = true;
                continue;
            }
            members.push(Member {
                value: inline_text(item),
                place: Place::item(item),
            });
        }
        let models_as_text = self
            .extension
            .and_then(|extension| extension.node.get("modelAsString"))
            .and_then(Node::as_bool)
            == Some(true);
        let open = models_as_text
            || members
                .iter()
                .any(|member| member.value == "unknownFutureValue");
        Kind::Enumeration(Enumeration {
            members,
            open,
            extension: self.extension,
        })
    }

    /// `anyOf` and `oneOf`: null as a choice, Microsoft's numbers, and enumerations that are open.
    fn choice(mut self, place: Place<'a>, choices: Place<'a>) -> Shape<'a> {
        let mut left = Vec::new();
        for choice in choices.items() {
            match is_null(choice) {
                true => self.nullable = true,
                false => left.push(Place::item(choice)),
            }
        }
        if let [only] = left.as_slice() {
            return self.stand_in(place, *only);
        }
        let of_type = |kind: &str| {
            left.iter()
                .find(|choice| {
                    choice.text("type") == Some(kind) && choice.node.get("enum").is_none()
                })
                .copied()
        };
        if let Some(number) = of_type("number").or_else(|| of_type("integer")) {
            let rest_is_text = left.iter().all(|choice| {
                matches!(choice.text("type"), Some("number" | "integer" | "string"))
                    || choice
                        .text("$ref")
                        .is_some_and(|r| r.ends_with("ReferenceNumeric"))
            });
            if rest_is_text {
                return self.stand_in(place, number);
            }
        }
        if let (Some(_), Some(members)) = (
            of_type("string"),
            left.iter().find(|choice| choice.node.get("enum").is_some()),
        ) && left.len() == 2
        {
            let mut shape = self.stand_in(place, *members);
            if let Kind::Enumeration(enumeration) = &mut shape.kind {
                enumeration.open = true;
            }
            return shape;
        }
        self.shape(place, Kind::Choice(left))
    }

    /// One of the choices stands for the whole.
    fn stand_in(self, place: Place<'a>, chosen: Place<'a>) -> Shape<'a> {
        let mut shape = Shape::read(chosen, self.description);
        shape.nullable |= self.nullable;
        for (key, facet) in self.facets {
            shape.facets.insert(key, facet);
        }
        shape.place = place;
        shape
    }

    fn shape(self, place: Place<'a>, kind: Kind<'a>) -> Shape<'a> {
        let mut facets = self.facets;
        if let Kind::Integer = kind {
            let limits = self.format.and_then(limits);
            for (key, limit) in [
                ("minimum", limits.map(|l| l.0)),
                ("maximum", limits.map(|l| l.1)),
            ] {
                let says_no_more = facets.get(key).is_some_and(|facet| {
                    let value = match &facet.node.value {
                        Value::Number(number) => number.as_f64(),
                        _ => None,
                    };
                    value.is_some() && value == limit
                });
                if says_no_more {
                    facets.remove(key);
                }
            }
        }
        if let (Some(extension), false) = (self.extension, matches!(kind, Kind::Enumeration(_))) {
            facets.insert("x-ms-enum", extension);
        }
        Shape {
            place,
            kind,
            nullable: self.nullable,
            format: self.format,
            facets,
        }
    }
}

fn is_whole(format: &str) -> bool {
    format.starts_with("int") || format.starts_with("uint")
}

/// The range that a format implies; Microsoft writes it out as well.
fn limits(format: &str) -> Option<(f64, f64)> {
    Some(match format {
        "int8" => (-128.0, 127.0),
        "uint8" => (0.0, 255.0),
        "int16" => (-32_768.0, 32_767.0),
        "uint16" => (0.0, 65_535.0),
        "int32" => (-2_147_483_648.0, 2_147_483_647.0),
        "uint32" => (0.0, 4_294_967_295.0),
        "int64" => (-9_223_372_036_854_775_808.0, 9_223_372_036_854_775_807.0),
        _ => return None,
    })
}

/// A keyword that says what is true without it.
fn is_default(key: &str, node: &Node) -> bool {
    match (key, &node.value) {
        (
            "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" | "exclusiveMinimum"
            | "exclusiveMaximum",
            Value::Bool(false),
        ) => true,
        ("minItems" | "minLength" | "minProperties", Value::Number(number)) => {
            number.as_u64() == Some(0)
        }
        ("description" | "title", Value::String(text)) => text.trim().is_empty(),
        ("externalDocs" | "x-ms-enum-flags", Value::Mapping(entries)) => entries.is_empty(),
        _ => false,
    }
}
