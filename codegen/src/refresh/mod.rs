//! Compares a fragment with the service's metadata, and makes the edits that bring the fragment up to date.
//!
//! | step | where |
//! |---|---|
//! | pairing schemas with types | `pairs` |
//! | normalizing the type of a value | [`shape`](mod@shape) |
//! | naming the types that the fragment will need | `names` |
//! | editing a property | `change` |
//! | comparing objects, enumerations, subtypes | `objects`, `enumerations`, `subtypes` |
//! | comparing request bodies, actions and functions | `bodies`, `actions` |
//! | comparing filters and orders | `capabilities` |
//! | collecting the edits, and their consequences | `edits` |
//! | comparing a description with the metadata | `sources` |
//!
//! It compares only what the fragment covers: its types, their subtypes, properties and members, and the actions bound
//! to them.

mod actions;
mod bodies;
mod capabilities;
mod change;
mod difference;
mod edits;
mod enumerations;
mod fragment;
mod names;
mod objects;
mod pairs;
mod reach;
pub mod shape;
mod sources;
mod subtypes;

use std::collections::{BTreeMap, BTreeSet};

use crate::csdl::schemas::Schemas;
use crate::csdl::{Metadata, Type};
use crate::diagnostic::Position;
use crate::edit::Edit;
use crate::load::Document;
use crate::names::type_names;

pub use difference::{Difference, UpstreamPlace};
pub use sources::{Disagreement, disagreements, operations};

use fragment::SchemaView;
pub(crate) use names::values;
use pairs::Pairs;

/// The placeholder for a missing description. [`crate::lint`] refuses a fragment that contains it.
pub const UNWRITTEN: &str = "(not written yet)";

/// The result of a comparison.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Every difference, in the order of the fragment's schemas.
    pub differences: Vec<Difference>,
    /// What could not be compared, one sentence each.
    pub notes: Vec<String>,
    /// The Rust types that were compared: only these have no other differences.
    pub compared: BTreeSet<String>,
}

/// A fragment and the metadata to compare it with.
pub struct Refresh<'a> {
    document: &'a Document,
    metadata: &'a Metadata,
    pairs: Pairs,
    views: BTreeMap<String, SchemaView<'a>>,
    /// The schemas in the order of the fragment.
    order: Vec<String>,
    /// The Rust type of each schema, new ones included.
    short_names: BTreeMap<String, String>,
    schemas: Schemas<'a>,
    /// The schemas that requests contain.
    in_requests: BTreeSet<String>,
}

impl<'a> Refresh<'a> {
    /// Pairs the schemas of a fragment with the types of metadata.
    #[must_use]
    pub fn new(document: &'a Document, metadata: &'a Metadata) -> Self {
        let pairs = pairs::pair(document, metadata);
        let views: Vec<SchemaView<'a>> = fragment::schemas(document);
        let names = names::names(metadata, &pairs, &views);
        let schemas = Schemas {
            metadata,
            values: names::values(metadata),
            describe: Box::new(|_| Some(UNWRITTEN.to_owned())),
            keeps_links: true,
            names,
        };
        let all = schemas.names.values().map(String::as_str);
        let short_names = type_names(all.chain(views.iter().map(|view| view.name.as_str())));
        Self {
            document,
            metadata,
            pairs,
            order: views.iter().map(|view| view.name.clone()).collect(),
            views: views
                .into_iter()
                .map(|view| (view.name.clone(), view))
                .collect(),
            short_names,
            schemas,
            in_requests: reach::in_requests(document),
        }
    }

    /// Returns every difference.
    #[must_use]
    pub fn compare(&self) -> Comparison {
        let mut found = Comparison::default();
        for name in &self.order {
            let (Some(view), Some(type_)) = (self.views.get(name), self.pairs.type_of.get(name))
            else {
                continue;
            };
            let Some(type_) = self.metadata.types.get(type_) else {
                continue;
            };
            found.compared.insert(self.short(name));
            match type_.enumeration() {
                Some(own) => self.enumeration(view, type_, own, &mut found),
                None => {
                    self.object(view, type_, &mut found);
                    self.subtypes(view, type_, &mut found);
                }
            }
        }
        self.bodies(&mut found);
        self.actions(&mut found);
        self.notes(&mut found);
        found
    }

    /// Returns the edits for some differences, with the schemas that they need.
    ///
    /// `describe` supplies the description of a new part. If `prunes` is false, nothing is removed from the fragment.
    #[must_use]
    pub fn edits(&self, differences: &[Difference], describe: &str, prunes: bool) -> Vec<Edit> {
        edits::edits(self, differences, describe, prunes)
    }

    /// Returns the name of a schema in reports: its Rust type.
    fn short(&self, schema: &str) -> String {
        match self.short_names.get(schema) {
            Some(short) => short.clone(),
            None => crate::names::type_name(schema),
        }
    }

    /// Returns the location of a JSON pointer in the fragment.
    #[must_use]
    pub fn position_in_fragment(&self, pointer: &str) -> Position {
        let found = self.document.root.pointer(pointer);
        found.unwrap_or(&self.document.root).position
    }

    /// Returns the location in the metadata of `Incident`, `Incident.tenantId` or `IncidentStatus.active`.
    #[must_use]
    pub fn upstream_of(&self, subject: &str) -> Option<UpstreamPlace> {
        let (short, part) = match subject.split_once('.') {
            Some((short, part)) => (short, Some(part)),
            None => (subject, None),
        };
        let (name, _) = self
            .schemas
            .names
            .iter()
            .find(|(_, schema)| self.short(schema) == short)?;
        let type_ = self.metadata.types.get(name)?;
        let part = part.and_then(|part| self.part_of(type_, part));
        Some(part.unwrap_or_else(|| self.place(name, type_.position)))
    }

    /// A property, a member or a subtype.
    fn part_of(&self, type_: &Type, part: &str) -> Option<UpstreamPlace> {
        if let Some(tag) = part.strip_prefix('#') {
            let subtype = self.metadata.types.get(tag)?;
            return Some(self.place(tag, subtype.position));
        }
        if let Some(own) = type_.enumeration() {
            let member = own.members.iter().find(|member| member.name == part)?;
            return Some(self.place(&format!("{}/{part}", type_.name), member.position));
        }
        self.metadata.lineage(&type_.name).iter().find_map(|owner| {
            let properties = &owner.structured()?.properties;
            let property = properties.iter().find(|property| property.name == part)?;
            Some(self.place(&format!("{}/{part}", owner.name), property.position))
        })
    }

    /// The bases of a schema, the nearest first.
    fn bases(&self, view: &SchemaView<'a>) -> Vec<&SchemaView<'a>> {
        let mut bases: Vec<&SchemaView<'a>> = Vec::new();
        let mut next = view.base.as_ref();
        while let Some(base) = next.and_then(|name| self.views.get(name)) {
            if bases.iter().any(|known| known.name == base.name) {
                break;
            }
            bases.push(base);
            next = base.base.as_ref();
        }
        bases
    }

    fn place(&self, name: &str, position: Position) -> UpstreamPlace {
        UpstreamPlace {
            position,
            name: name.to_owned(),
        }
    }

    fn notes(&self, found: &mut Comparison) {
        for (schema, types) in &self.pairs.ambiguous {
            found.notes.push(format!(
                "{schema} could be any of {} and was not compared: use its full name or a tag",
                types.join(", ")
            ));
        }
        for (name, (count, position)) in &self.metadata.left_out {
            found.notes.push(format!(
                "{}:{}:{}: `{name}` is not supported and was skipped ({count} times)",
                self.metadata.file, position.line, position.column
            ));
        }
    }
}
