//! Converts types to OpenAPI schemas, in the form of fragments.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Number;

use crate::diagnostic::Position;
use crate::load::{Entry, Node, Value, escape};

use super::metadata::{
    Enumerated, Metadata, Structured, Type, TypeKind, TypeProperty, TypeReference,
};

/// The member that represents those that a reader did not request; the members after it were added later.
const SENTINEL: &str = "unknownFutureValue";

/// Returns `type` and `format` of a primitive type. None if it can be any value.
#[must_use]
pub fn primitive(name: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match name {
        "Edm.String" => ("string", None),
        "Edm.Boolean" => ("boolean", None),
        "Edm.Byte" | "Edm.SByte" | "Edm.Int16" | "Edm.Int32" => ("integer", Some("int32")),
        "Edm.Int64" => ("integer", Some("int64")),
        "Edm.Single" => ("number", Some("float")),
        "Edm.Double" => ("number", Some("double")),
        "Edm.Decimal" => ("number", Some("decimal")),
        "Edm.DateTimeOffset" => ("string", Some("date-time")),
        "Edm.Date" => ("string", Some("date")),
        "Edm.TimeOfDay" => ("string", Some("time")),
        "Edm.Duration" => ("string", Some("duration")),
        "Edm.Guid" => ("string", Some("uuid")),
        "Edm.Binary" | "Edm.Stream" => ("string", Some("base64url")),
        _ => return None,
    })
}

/// The description of a target, if there is one.
pub type Describe<'m> = Box<dyn Fn(&str) -> Option<String> + 'm>;

/// The names of the types, and their descriptions.
pub struct Schemas<'m> {
    /// The metadata.
    pub metadata: &'m Metadata,
    /// The schema of each type that has one, by its qualified name.
    pub names: BTreeMap<String, String>,
    /// The types that have values: only these need a discriminator.
    pub values: BTreeSet<String>,
    /// Whether properties with a type without a schema are kept as raw JSON; otherwise they are left out.
    pub keeps_links: bool,
    /// Describes a type, a property or a member, by its target.
    pub describe: Describe<'m>,
}

impl Schemas<'_> {
    /// Returns the schema of a type.
    #[must_use]
    pub fn schema(&self, type_: &Type) -> Node {
        let at = type_.position;
        match &type_.kind {
            TypeKind::Enumeration(own) => self.enumeration(type_, own),
            TypeKind::Structured(own) => self.structured(type_, own),
            TypeKind::Definition(name) => {
                let reference = TypeReference {
                    name: name.clone(),
                    is_collection: false,
                };
                mapping(at, self.value(&reference, at))
            }
        }
    }

    /// Returns the schema of a property.
    #[must_use]
    pub fn property(&self, owner: &str, property: &TypeProperty, is_key: bool) -> Node {
        let at = property.position;
        let target = format!("{owner}/{}", property.name);
        let mut entries = self.value(&property.type_, at);
        if property.nullable {
            entries.push(("nullable", boolean(at, true)));
        }
        self.push_description(&target, at, &mut entries);
        if is_key {
            entries.push(("x-graph-key", boolean(at, true)));
        }
        if self.metadata.is_computed(&target) {
            entries.push(("readOnly", boolean(at, true)));
        }
        self.push_deprecation(&target, at, &mut entries);
        mapping(at, entries)
    }

    /// The keywords for the type of a value.
    #[must_use]
    pub fn value(&self, reference: &TypeReference, at: Position) -> Vec<(&'static str, Node)> {
        if reference.is_collection {
            let item = TypeReference {
                name: reference.name.clone(),
                is_collection: false,
            };
            let items = match self.names.get(&item.name) {
                Some(name) => mapping(at, vec![("$ref", reference_to(at, name))]),
                None => mapping(at, self.value(&item, at)),
            };
            return vec![("type", text(at, "array")), ("items", items)];
        }
        if let Some(name) = self.names.get(&reference.name) {
            let one = mapping(at, vec![("$ref", reference_to(at, name))]);
            return vec![("allOf", sequence(at, vec![one]))];
        }
        if let Some((kind, format)) = primitive(self.underlying(&reference.name)) {
            let mut entries = vec![("type", text(at, kind))];
            entries.extend(format.map(|format| ("format", text(at, format))));
            return entries;
        }
        match reference.name.starts_with("Edm.") {
            // Any value at all.
            true => Vec::new(),
            // A type without a schema: its properties are kept undeclared.
            false => vec![
                ("type", text(at, "object")),
                ("additionalProperties", boolean(at, true)),
            ],
        }
    }

    /// The primitive type of an alias.
    fn underlying<'n>(&'n self, name: &'n str) -> &'n str {
        match self.metadata.types.get(name).map(|type_| &type_.kind) {
            Some(TypeKind::Definition(underlying)) => underlying,
            _ => name,
        }
    }

    fn enumeration(&self, type_: &Type, own: &Enumerated) -> Node {
        let at = type_.position;
        let mut entries = Vec::new();
        self.push_description(&type_.name, at, &mut entries);
        entries.push(("type", text(at, "string")));
        let members = own.members.iter();
        let names = members.map(|member| text(member.position, &member.name));
        entries.push(("enum", sequence(at, names.collect())));
        let values = (0..own.members.len()).filter_map(|index| self.member(type_, own, index));
        let told = vec![
            ("name", text(at, type_.short_name())),
            ("modelAsString", boolean(at, true)),
            ("values", sequence(at, values.collect())),
        ];
        entries.push(("x-ms-enum", mapping(at, told)));
        if own.is_flags {
            let flags = mapping(at, vec![("isFlags", boolean(at, true))]);
            entries.push(("x-ms-enum-flags", flags));
        }
        self.push_deprecation(&type_.name, at, &mut entries);
        mapping(at, entries)
    }

    /// The entry of `x-ms-enum` for a member.
    #[must_use]
    pub fn member(&self, type_: &Type, own: &Enumerated, index: usize) -> Option<Node> {
        let member = own.members.get(index)?;
        let at = member.position;
        let mut entries = vec![("value", text(at, &member.name))];
        self.push_description(&format!("{}/{}", type_.name, member.name), at, &mut entries);
        let earlier = own.members.get(..index).unwrap_or_default();
        if earlier.iter().any(|member| member.name == SENTINEL) {
            entries.push(("x-graph-evolvable", boolean(at, true)));
        }
        if member.name == SENTINEL {
            let reason = "it is a placeholder for unknown members and must not be written";
            entries.push(("x-graph-guarded", text(at, reason)));
        }
        Some(mapping(at, entries))
    }

    fn structured(&self, type_: &Type, own: &Structured) -> Node {
        let at = type_.position;
        let base = own.base.as_ref().and_then(|base| self.names.get(base));
        let mut described = Vec::new();
        self.push_description(&type_.name, at, &mut described);
        self.push_deprecation(&type_.name, at, &mut described);
        let mut object = vec![("type", text(at, "object"))];
        let subtypes = self.tags(type_);
        let is_told_apart = base.is_none() && self.values.contains(&type_.name);
        if is_told_apart && subtypes.len() > 1 {
            object.push(("discriminator", discriminator(at, &subtypes)));
        }
        let properties = self.properties(type_, base.is_some());
        match properties.is_empty() && base.is_none() {
            true => object.push(("additionalProperties", boolean(at, true))),
            false => object.push(("properties", named(at, properties))),
        }
        let Some(base) = base else {
            described.extend(object);
            return mapping(at, described);
        };
        let parts = vec![
            mapping(at, vec![("$ref", reference_to(at, base))]),
            mapping(at, object),
        ];
        described.push(("allOf", sequence(at, parts)));
        mapping(at, described)
    }

    /// The properties of a type by name, including those inherited from types without a schema.
    fn properties(&self, type_: &Type, has_base: bool) -> Vec<(String, Node)> {
        let lineage = self.metadata.lineage(&type_.name);
        let own = match has_base {
            true => lineage.get(..1).unwrap_or_default(),
            false => lineage.as_slice(),
        };
        let key: BTreeSet<&str> = lineage
            .iter()
            .filter_map(|type_| type_.structured())
            .flat_map(|own| own.key.iter().map(String::as_str))
            .collect();
        let mut properties = Vec::new();
        // A complex type without subtypes needs no discriminator.
        let is_entity = type_.structured().is_some_and(|own| own.is_entity);
        if !has_base && (is_entity || self.tags(type_).len() > 1) {
            let at = type_.position;
            let mut tag = vec![("type", text(at, "string"))];
            self.push_description(&format!("{}/@odata.type", type_.name), at, &mut tag);
            properties.push(("@odata.type".to_owned(), mapping(at, tag)));
        }
        let mut found: BTreeMap<&str, Node> = BTreeMap::new();
        for owner in own.iter().rev() {
            for property in owner
                .structured()
                .map(|own| &own.properties)
                .into_iter()
                .flatten()
            {
                if !self.keeps_links
                    && property.is_navigation
                    && !self.names.contains_key(&property.type_.name)
                {
                    // The targets are unlimited; a caller who needs them requests them.
                    continue;
                }
                let is_key = key.contains(property.name.as_str());
                found.insert(&property.name, self.property(&owner.name, property, is_key));
            }
        }
        // The key comes first.
        let (keys, others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(name, _)| key.contains(name));
        for (name, node) in keys.into_iter().chain(others) {
            properties.push((name.to_owned(), node));
        }
        properties
    }

    /// The tags of a type and of all its subtypes, with their schemas; abstract types are never sent.
    #[must_use]
    pub fn tags(&self, type_: &Type) -> Vec<(String, String)> {
        let mut types = self.metadata.subtypes(&type_.name);
        types.push(type_);
        let mut tags: Vec<(String, String)> = types
            .into_iter()
            .filter(|type_| type_.structured().is_some_and(|own| !own.is_abstract))
            .filter_map(|type_| {
                let name = self.names.get(&type_.name)?;
                Some((format!("#{}", type_.name), name.clone()))
            })
            .collect();
        tags.sort();
        tags
    }

    fn push_description(
        &self,
        target: &str,
        at: Position,
        entries: &mut Vec<(&'static str, Node)>,
    ) {
        if let Some(description) = (self.describe)(target) {
            entries.push(("description", text(at, &description)));
        }
    }

    fn push_deprecation(
        &self,
        target: &str,
        at: Position,
        entries: &mut Vec<(&'static str, Node)>,
    ) {
        if let Some(deprecation) = self.metadata.deprecation(target) {
            entries.push(("deprecated", boolean(at, true)));
            let mut told = Vec::new();
            for (key, value) in [
                ("date", &deprecation.date),
                ("removalDate", &deprecation.removal_date),
                ("version", &deprecation.version),
            ] {
                told.extend(value.as_ref().map(|value| (key, text(at, value))));
            }
            if !told.is_empty() {
                entries.push(("x-ms-deprecation", mapping(at, told)));
            }
        }
    }
}

fn discriminator(at: Position, tags: &[(String, String)]) -> Node {
    let tags = tags
        .iter()
        .map(|(tag, name)| (tag.clone(), reference_to(at, name)));
    let entries = vec![
        ("propertyName", text(at, "@odata.type")),
        ("mapping", named(at, tags.collect())),
    ];
    mapping(at, entries)
}

/// A text.
#[must_use]
pub fn text(at: Position, text: &str) -> Node {
    scalar(at, Value::String(text.to_owned()))
}

/// A truth value.
#[must_use]
pub fn boolean(at: Position, flag: bool) -> Node {
    scalar(at, Value::Bool(flag))
}

/// A whole number.
#[must_use]
pub fn integer(at: Position, number: i64) -> Node {
    scalar(at, Value::Number(Number::from(number)))
}

fn scalar(position: Position, value: Value) -> Node {
    Node { position, value }
}

/// A list.
#[must_use]
pub fn sequence(at: Position, items: Vec<Node>) -> Node {
    scalar(at, Value::Sequence(items))
}

/// A mapping.
#[must_use]
pub fn mapping(at: Position, entries: Vec<(&str, Node)>) -> Node {
    let entries = entries
        .into_iter()
        .map(|(key, node)| (key.to_owned(), node));
    named(at, entries.collect())
}

/// A mapping whose keys are not known in advance.
#[must_use]
pub fn named(at: Position, entries: Vec<(String, Node)>) -> Node {
    let entries = entries
        .into_iter()
        .map(|(key, node)| Entry {
            key,
            key_position: node.position,
            node,
        })
        .collect();
    scalar(at, Value::Mapping(entries))
}

/// A reference to a schema, as the value of `$ref`.
#[must_use]
pub fn reference_to(at: Position, name: &str) -> Node {
    text(at, &format!("#/components/schemas/{}", escape(name)))
}
